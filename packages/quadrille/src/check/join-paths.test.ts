// In a path every step is named after the state it is taken in, with the facts that a join has seen: so each
// path can be replayed.
import { describe, expect, it } from "vitest";
import { choreography, end } from "../../test/small-choreography.ts";
import type { ChoreographyJson, DispositionJson } from "../contract/json-form.ts";
import { fromJson } from "../contract/json/from-json.ts";
import { scenario } from "../testing/scenario.ts";
import { check } from "./check.ts";
import { coveringPaths } from "./explore/reachable.ts";
import type { CheckOptions } from "./model/bound.ts";
import type { PathStep } from "./model/finding.ts";

/** Q waits for Paid and Packed, and says something about a Note that may come between them. */
function joiningWith(note: DispositionJson): ChoreographyJson {
  return choreography(
    {
      A: {
        initial: "none",
        states: {
          none: { commands: { go: [{ to: "sent", emit: ["Paid", "Note"] }] } },
          sent: { commands: { pack: [{ to: "packed", emit: ["Packed"] }] } },
          packed: {},
        },
      },
      Q: {
        initial: "open",
        states: {
          open: { join: { facts: ["Paid", "Packed"], outcomes: [{ to: "done" }] }, on: { Note: note } },
          done: { on: { Note: "ignore" } },
        },
      },
    },
    { ends: [end("done", { Q: "done" })] },
  );
}

const sentences: readonly DispositionJson[] = ["ignore", "defer", "never", [{ to: "done" }]];
const channels: readonly NonNullable<CheckOptions["channel"]>[] = ["fifo", "bag", "partition"];
const cases = sentences.flatMap((note) => channels.map((channel) => [note, channel] as const));

async function deviations(
  json: ChoreographyJson,
  paths: readonly (readonly PathStep[])[],
): Promise<readonly string[]> {
  const replayed = await Promise.all(paths.map((path) => scenario(path, { choreography: fromJson(json) })));
  return [...new Set(replayed.flatMap(({ confirmed, deviation }) => (confirmed ? [] : [deviation])))];
}

describe.each(cases)("where a join is waited for and a note is %j, %s", (note, channel) => {
  const json = joiningWith(note);

  it("the paths of the findings can be replayed", async () => {
    const paths = check(json, { channel }).findings.map(({ path }) => path);
    expect(paths.some(({ length }) => length > 0)).toBe(true);
    expect(await deviations(json, paths)).toEqual([]);
  });

  it("the paths that take every transition can be replayed", async () => {
    expect(await deviations(json, coveringPaths(json, { channel }))).toEqual([]);
  });
});

it("a note that changes nothing is named after what the join has seen", () => {
  const [found] = check(joiningWith("defer")).findings;
  expect(found?.path.map(({ entity, from, to }) => `${entity} ${from} ${to}`)).toEqual([
    "A none sent",
    "Q open open+Paid",
    "Q open+Paid open+Paid",
  ]);
});

it("the path of an anomaly, too, names what the join of the shared entity has seen", () => {
  const shared = choreography({
    A: {
      initial: "none",
      states: { none: { commands: { go: [{ to: "sent", emit: ["Asked", "Paid", "Packed"] }] } }, sent: {} },
    },
    Q: {
      initial: "open",
      states: {
        open: {
          join: { facts: ["Paid", "Packed"], outcomes: [{ to: "done" }] },
          on: { Asked: [{ to: "open" }], Paid: "ignore", Packed: "ignore" },
        },
        done: { on: { Asked: [{ to: "late" }], Paid: "ignore", Packed: [{ to: "late" }] } },
        late: { on: { Asked: "ignore", Paid: "ignore", Packed: "ignore" } },
      },
    },
  });
  const { findings } = check(shared, { sagas: 2, shared: ["Q"], channel: "bag" });
  const path = findings.find(({ message }) => message.startsWith("lost update at Q"))?.path ?? [];
  expect(path.filter(({ entity }) => entity === "Q").map(({ from, to }) => `${from} ${to}`)).toEqual([
    "open open",
    "open open+Paid",
    "open+Paid done",
    "done late",
  ]);
});
