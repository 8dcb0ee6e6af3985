// Processor time of the database server's processes that work for the engine, if the system reports it
// (Linux).
import { existsSync, readFileSync } from "node:fs";
import type { Client } from "pg";

/** The milliseconds so far, of the connections that are open now; undefined where there is no `/proc`. */
export async function serverCpuMs(observer: Client): Promise<number | undefined> {
  if (!existsSync("/proc/self/stat")) return undefined;
  const { rows } = await observer.query<{ pid: number }>(
    "select pid from pg_stat_activity where application_name = 'quadrille'",
  );
  return rows.map(({ pid }) => processCpuMs(pid)).reduce((sum, value) => sum + value, 0);
}

/** proc(5): fields 14 and 15 are user and system time, in ticks of a hundredth of a second. */
function processCpuMs(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return (Number(fields[11]) + Number(fields[12])) * 10;
}
