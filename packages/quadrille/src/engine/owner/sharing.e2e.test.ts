// Real processes on the same participants of one PostgreSQL: they share the lanes, and nothing is lost or
// done twice when one of them is killed, stopped and continued, or goes.
import { type ChildProcess, fork } from "node:child_process";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { Client } from "pg";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { type FreshDatabase, freshDatabase } from "../../../../../test/postgres.ts";
import { asPromised, within } from "../../../../../test/soon.ts";
import { isSweep } from "../../../../../test/sweep.ts";
import type { Asked, Report } from "../../../test/sharing-process.ts";

const program = join(import.meta.dirname, "../../../test/sharing-process.ts");

/** With the pause of a minute that `npm run sweep` makes, past every time limit. */
const sweepMsMax = 180_000;

class Process {
  readonly child: ChildProcess;
  report: Report | undefined;

  constructor(url: string, lanes: number) {
    this.child = fork(program, [url, String(lanes)], { execArgv: ["--conditions=quadrille-source"] });
    this.child.on("message", (report: Report) => {
      this.report = report;
    });
  }

  ask(asked: Asked): void {
    this.child.send(asked);
  }

  async until(is: Report["is"]): Promise<Report> {
    await vi.waitFor(() => expect(this.report?.is).toBe(is), within);
    if (this.report === undefined) throw new Error("it has reported nothing");
    return this.report;
  }

  /** Until it has written `more` reactions than now. */
  async works(more: number): Promise<void> {
    const before = this.report?.reactions ?? 0;
    await vi.waitFor(() => expect(this.report?.reactions ?? 0).toBeGreaterThan(before + more), within);
  }

  kill(signal: NodeJS.Signals): void {
    this.child.kill(signal);
  }
}

describe("processes on the same participants", () => {
  let fresh: FreshDatabase;
  let sql: Client;
  let processes: Process[] = [];

  beforeEach(async () => {
    fresh = await freshDatabase();
    sql = new Client({ connectionString: fresh.url });
    await sql.connect();
    await sql.query("create table charged (id text not null, process integer not null)");
  });
  afterEach(async () => {
    for (const { child } of processes) child.kill("SIGKILL");
    processes = [];
    await sql.end();
    await fresh.drop();
  });

  async function start(count: number, lanes: number): Promise<readonly Process[]> {
    for (let nth = 0; nth < count; nth += 1) {
      const started = new Process(fresh.url, lanes);
      processes.push(started);
      await started.until("ready");
    }
    return processes;
  }

  /** The owners of a participant's lanes: processes of the server. */
  async function owners(): Promise<readonly number[]> {
    const { rows } = await sql.query<{ pid: number }>(
      `select pid from pg_locks where locktype = 'advisory' and mode = 'ExclusiveLock' and granted`,
    );
    return rows.map(({ pid }) => pid);
  }

  /** How many of these processes of the server are there. */
  async function sessionsOf(pids: ReadonlySet<number>): Promise<number> {
    const text = "select count(*)::int as sessions from pg_stat_activity where pid = any($1)";
    const { rows } = await sql.query<{ sessions: number }>(text, [[...pids]]);
    return rows[0]?.sessions ?? 0;
  }

  /** No more commands are sent: waits until every saga has ended, and counts what was done. */
  async function audit(senders: readonly Report[]): Promise<void> {
    const begun = senders.flatMap((report) => report.begun);
    expect(senders.flatMap((report) => report.failures)).toEqual([]);
    await vi.waitFor(async () => {
      const { rows } = await sql.query("select key from stock.entity where state <> 'SHIPPED'");
      expect(rows).toEqual([]);
    }, within);
    const { rows } = await sql.query<{ saga_id: string }>(
      "select saga_id from stock.journal where trigger = 'Paid'",
    );
    const shipped = new Set(rows.map((row) => row.saga_id));
    expect(begun.filter((sagaId) => !shipped.has(sagaId))).toEqual([]);
    const twice = await sql.query(
      `select saga_id, trigger from (select * from shop.journal union all select * from stock.journal) as both_of_them
       where trigger <> 'rate' group by saga_id, trigger having count(*) > 1`,
    );
    expect(twice.rows).toEqual([]);
    const { rows: ratings } = await sql.query<{ saga_id: string; times: number }>(
      "select saga_id, count(*)::int as times from shop.journal where trigger = 'rate' group by saga_id",
    );
    const rated = Object.assign({}, ...senders.map((report) => report.rated)) as Record<string, number>;
    const wrong = ratings.filter(({ saga_id, times }) => begun.includes(saga_id) && rated[saga_id] !== times);
    expect(wrong).toEqual([]);
  }

  async function callsTwice(): Promise<readonly { readonly id: string; readonly processes: number }[]> {
    const { rows } = await sql.query<{ id: string; processes: number }>(
      "select id, count(distinct process)::int as processes from charged group by id having count(*) > 1",
    );
    return rows;
  }

  it("share the lanes as they come and go, without a call made twice", async () => {
    await start(1, 6);
    processes[0]?.ask({ ask: "load", inFlight: 8 });
    await processes[0]?.works(200);
    await start(2, 6);
    const [, two, three] = processes as [Process, Process, Process];
    for (const one of [two, three]) one.ask({ ask: "load", inFlight: 8 });
    // Two participants of six lanes: two lanes of each for every process.
    await vi.waitFor(async () => {
      const counts = Map.groupBy(await owners(), (pid) => pid).values();
      expect(Array.from(counts, (one) => one.length)).toEqual([4, 4, 4]);
    }, within);
    for (const one of processes) await one.works(200);
    two.ask({ ask: "drain" });
    const drained = await two.until("drained");
    await vi.waitFor(async () => expect(new Set(await owners()).size).toBe(2), within);
    const rest = await stopSending([processes[0] as Process, three]);
    await audit([drained, ...rest]);
    expect(await callsTwice()).toEqual([]);
  });

  it("take the lanes of one that is killed within two seconds, with nothing lost and nothing twice", async () => {
    const [one, two, three] = (await start(3, 6)) as [Process, Process, Process];
    for (const each of processes) each.ask({ ask: "load", inFlight: 8 });
    await vi.waitFor(async () => expect(new Set(await owners()).size).toBe(3), within);
    for (const each of processes) await each.works(200);
    const before = new Set(await owners());
    two.kill("SIGKILL");
    await vi.waitFor(async () => expect(await sessionsOf(before)).toBe(2), { ...within, interval: 2 });
    const endedAt = performance.now();
    await vi.waitFor(async () => {
      const now = await owners();
      expect([now.length, new Set(now).size]).toEqual([12, 2]);
    }, within);
    const tookMs = performance.now() - endedAt;
    expect(tookMs).toBeLessThan(asPromised(2_000));
    for (const each of [one, three]) await each.works(100);
    // What it had reported before it died has to stand; the outcome of its last commands is unknown.
    const rest = await stopSending([one, three]);
    await audit(rest);
    const { rows } = await sql.query<{ key: string }>("select key from shop.entity where state = 'PAID'");
    const paid = new Set(rows.map(({ key }) => key));
    expect(two.report?.begun.filter((sagaId) => !paid.has(sagaId))).toEqual([]);
    // Those under way in the process that was killed.
    expect((await callsTwice()).filter((call) => call.processes < 2)).toEqual([]);
  });

  it(
    "take the lanes of one that is stopped, which changes nothing wrong when it goes on",
    async () => {
      const [one, two] = (await start(2, 4)) as [Process, Process];
      for (const each of processes) each.ask({ ask: "load", inFlight: 8 });
      await vi.waitFor(async () => expect(new Set(await owners()).size).toBe(2), within);
      for (const each of processes) await each.works(200);
      two.kill("SIGSTOP");
      await vi.waitFor(async () => {
        const now = await owners();
        expect([now.length, new Set(now).size]).toEqual([8, 1]);
      }, within);
      await one.works(200);
      if (isSweep) await pause(60_000);
      two.kill("SIGCONT");
      await vi.waitFor(async () => expect(new Set(await owners()).size).toBe(2), within);
      for (const each of processes) await each.works(200);
      await audit(await stopSending(processes));
    },
    sweepMsMax,
  );

  async function stopSending(some: readonly Process[]): Promise<readonly Report[]> {
    for (const one of some) one.ask({ ask: "stop sending" });
    return Promise.all(some.map((one) => one.until("stopped sending")));
  }
});
