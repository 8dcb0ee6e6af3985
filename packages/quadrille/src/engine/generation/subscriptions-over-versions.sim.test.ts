// A reader whose contract changes again and again: which events it takes, and from where. Whatever order of
// versions, publications and stops: what is published while its contract takes it is taken once, and nothing
// is taken twice.
import { describe, expect, it } from "vitest";
import { World } from "../../../test/engine-world.ts";
import { type Choreography, choreography } from "../../contract/choreography.ts";
import { service } from "../../contract/handler.ts";
import { to } from "../../contract/outcome.ts";
import { participant } from "../../contract/participant.ts";
import { on } from "../../contract/reaction.ts";
import { command, event } from "../../contract/trigger.ts";
import { mulberry32 } from "../../ambient/virtual.ts";
import type { Database } from "../../store/database.ts";
import { memoryDatabase } from "../../store/memory/memory-database.ts";
import { isQuadrilleError } from "../../errors.ts";

const names = ["A", "B", "C"] as const;
const events = names.map((name) => event(name));
const commands = names.map((name) => command(`publish ${name}`));
const source = participant("Source", {
  entity: "Source",
  initial: "none",
  states: { none: events.map((one, index) => on(commands[index] ?? command("no"), to("none").emits(one))) },
});

/** A contract of the reader: the events that it takes, some from the beginning, and a number of its own. */
interface Version {
  readonly number: number;
  readonly taken: ReadonlySet<string>;
  readonly fromBeginning: ReadonlySet<string>;
}

function contractOf({ number, taken, fromBeginning }: Version): Choreography {
  const reactions = events
    .filter(({ name }) => taken.has(name))
    .map((one) =>
      fromBeginning.has(one.name) ? on(one, to("none"), { from: "beginning" }) : on(one, to("none")),
    );
  const reader = participant("Reader", {
    entity: "Book",
    initial: "none",
    states: { none: [on(command(`version ${number}`), to("none")), ...reactions] },
  });
  return choreography("Reading", {
    participants: [source, reader],
    publicEvents: events,
    ends: { read: { Source: "none" } },
    commands: Object.fromEntries(commands.map(({ name }) => [name, "unbounded" as const])),
  });
}

/** What is to be taken, by the position in the source's journal. */
type Published = Map<number, { readonly name: string; readonly isWanted: boolean }>;

/** What is published while a version runs, and whether it stops before that was taken. */
interface Run {
  readonly publish: readonly string[];
  readonly isSudden: boolean;
  /** Everything so far. */
  readonly published: Published;
}

/** Runs a version, which publishes; false where its start is refused. */
async function run(
  database: Database,
  version: Version,
  { publish, isSudden, published }: Run,
): Promise<boolean> {
  const made = contractOf(version);
  const services = made.participants.map((one) => service(one));
  await using here = new World({ choreography: made, services, database, seed: published.size + 1 });
  try {
    const engine = await here.start();
    for (const name of publish) {
      published.set(published.size + 1, { name, isWanted: version.taken.has(name) });
      await engine.send(commands[names.findIndex((one) => one === name)] ?? command("no"), { sagaId: "s" });
      if (!isSudden) await here.calm();
    }
    if (!isSudden) await here.pass(2_000);
    return true;
  } catch (error) {
    if (isQuadrilleError(error) && error.code === "Q_CONTRACT_CHANGED") return false;
    throw error;
  }
}

async function takenBy(database: Database): Promise<readonly number[]> {
  const rows = await (await database.inspect({ name: "Reader" })).timeline("s");
  return rows.filter(({ kind }) => kind === "event").map(({ cause }) => cause.position);
}

describe.each(["the head", "the beginning, now and then"])("a reader of changing events, from %s", (from) => {
  it.each(Array.from({ length: 80 }, (_, seed) => seed))("takes each once (seed %i)", async (seed) => {
    const random = mulberry32(seed);
    const some = (share: number): ReadonlySet<string> => new Set(names.filter(() => random() < share));
    const database = memoryDatabase();
    const published: Published = new Map();
    const rest: Run = { publish: [], isSudden: false, published };
    let last: Version = { number: 0, taken: some(0.6), fromBeginning: new Set() };
    const history: string[] = [];
    for (let number = 1; number < 9; number += 1) {
      const taken = some(0.6);
      const fromBeginning = from === "the head" ? new Set<string>() : some(0.4);
      const next: Version = { number, taken, fromBeginning };
      const publish = Array.from(
        { length: Math.floor(4 * random()) },
        () => names[Math.floor(3 * random())] ?? "A",
      );
      const how = { publish, isSudden: random() < 0.5, published };
      const isTaken = await run(database, next, how);
      if (isTaken) last = next;
      // What is under way is what the version before still has to take.
      else await run(database, last, rest);
      history.push(
        `${isTaken ? "takes" : "refused"} ${[...taken].join()} (${[...fromBeginning].join()}): ${publish.join()}`,
      );
    }
    await run(database, last, rest);
    const positions = await takenBy(database);
    const twice = positions.filter((one, index) => positions.indexOf(one) < index);
    expect(twice, history.join("\n")).toEqual([]);
    const wanted = [...published].filter(([, { isWanted }]) => isWanted).map(([position]) => position);
    const missing = wanted.filter((position) => !positions.includes(position));
    expect(missing, history.join("\n")).toEqual([]);
    if (from !== "the head") return;
    expect(
      positions.filter((position) => !wanted.includes(position)),
      history.join("\n"),
    ).toEqual([]);
  });
});
