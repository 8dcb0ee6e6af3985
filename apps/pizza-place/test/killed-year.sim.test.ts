// kill -9 at random moments of the stepped year, with a second choreography that takes its public event: the
// books agree, each public event was taken once, and business time never ran back.
import { pgliteDatabase } from "quadrille/pglite";
import { expect, it } from "vitest";
import { initialisedFolder } from "../../../test/pglite-template.ts";
import { isSweep } from "../../../test/sweep.ts";
import { sqlOf } from "../src/database/sql.ts";
import { roll } from "../src/shared/seed.ts";
import { runToEnd, start, temporaryFolder } from "./child.ts";

const { orders, kills, longestMs } = isSweep
  ? { orders: 21_350, kills: 20, longestMs: 2_500 }
  : { orders: 150, kills: 2, longestMs: 600 };
const participants = ["order", "consumer", "kitchen", "accounting", "points"];

/** A row of a journal, as far as it is looked at. */
interface Row {
  readonly journal: string;
  readonly place: string;
  readonly saga: string;
  readonly time: number;
}

/** What a killed process has left. */
interface Left {
  readonly clock: number;
  /** In the order of each journal. */
  readonly rows: readonly Row[];
  readonly approvals: number;
  readonly taken: number;
  readonly takenOnce: number;
}

async function leftIn(folder: string): Promise<Left> {
  await using database = await pgliteDatabase({ folder });
  const read = async (text: string) => (await sqlOf(database).query(text)).rows;
  const journals = participants.map(
    (name) => `select '${name}' as journal, lane, position, saga_id, time from "${name}".journal`,
  );
  const rows = await read(`${journals.join(" union all ")} order by journal, lane, position`);
  const [counts] = await read(`
    select (select at from quadrille_time.business_time) as clock,
      (select count(*) from "order".journal where emitted::text like '%"OrderApproved"%') as approvals,
      (select count(*) from points.journal) as taken,
      (select count(distinct (cause_lane, cause_position)) from points.journal) as taken_once`);
  const count = (name: string): number => Number(counts?.[name]);
  return {
    clock: count("clock"),
    rows: rows.map((row) => ({
      journal: String(row["journal"]),
      place: `${String(row["journal"])}/${String(row["lane"])}/${String(row["position"])}`,
      saga: String(row["saga_id"]),
      time: Number(row["time"]),
    })),
    approvals: count("approvals"),
    taken: count("taken"),
    takenOnce: count("taken_once"),
  };
}

/** What is earlier than what was there before the restart, or than a row of the same saga before it. */
function runsBack({ rows, clock }: Left, before: Left | undefined): readonly string[] {
  const known = new Set(before?.rows.map(({ place }) => place));
  const latest = before?.rows.reduce((most, { time }) => Math.max(most, time), before.clock) ?? 0;
  const bySaga = Map.groupBy(rows, ({ journal, saga }) => `${journal} ${saga}`);
  return [
    ...(clock < (before?.clock ?? 0) ? ["the clock"] : []),
    ...rows.filter(({ place, time }) => !known.has(place) && time < latest).map(({ place }) => place),
    ...[...bySaga.values()].flatMap((saga) =>
      saga.filter(({ time }, index) => time < (saga[index - 1]?.time ?? 0)).map(({ place }) => place),
    ),
  ];
}

it(`${kills} kills of a run of ${orders} orders lose nothing, and business time never runs back`, {
  timeout: 900_000,
}, async () => {
  const { folder, remove } = temporaryFolder();
  await initialisedFolder(folder);
  const args = ["--data-folder", folder, "--port", "0", "--orders", String(orders), "--rate", "max"];
  let before: Left | undefined;
  let inTheMiddle = 0;
  for (let kill = 0; kill < kills; kill += 1) {
    const child = start("loyal-main", args);
    await child.until(/^Business time is/m);
    await new Promise((resolve) => setTimeout(resolve, roll(kill, "moment of the kill") * longestMs));
    child.kill("SIGKILL");
    const { code, out } = await child.ended;
    expect(code).toBeNull();
    if (!out.includes("The replay is over")) inTheMiddle += 1;
    const left = await leftIn(folder);
    expect(runsBack(left, before)).toEqual([]);
    before = left;
  }
  expect(inTheMiddle).toBeGreaterThan(0);
  const { code, out, err } = await runToEnd("loyal-main", [...args, "--once"]);
  expect({ code, err }).toEqual({ code: 0, err: "" });
  expect(out).toMatch(new RegExp(`^Audit: green\\. ${orders} orders: .* 0 under way; `, "m"));
  const last = await leftIn(folder);
  expect(runsBack(last, before)).toEqual([]);
  expect(last.approvals).toBeGreaterThan(orders / 2);
  expect([last.taken, last.takenOnce]).toEqual([last.approvals, last.approvals]);
  remove();
});
