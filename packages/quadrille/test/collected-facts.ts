// A choreography around a join of up to twelve facts, in versions that wait for different ones.
import { choreography } from "../src/contract/choreography.ts";
import { service } from "../src/contract/handler.ts";
import { to } from "../src/contract/outcome.ts";
import { participant } from "../src/contract/participant.ts";
import { ignore, on } from "../src/contract/reaction.ts";
import { all, command, type CommandType, event, type EventType } from "../src/contract/trigger.ts";
import type { Database } from "../src/store/database.ts";
import { World } from "./engine-world.ts";

/** An event without a payload. */
export type Fact = EventType<string, undefined>;

/** All that are published. */
export const facts: readonly Fact[] = Array.from({ length: 12 }, (_, index) => event(`F${index}`));

/** The command for each: to publish it. */
export const commands: readonly CommandType<string, undefined>[] = facts.map(({ name }) =>
  command(`publish ${name}`),
);

/** The first ones. */
export function first(count: number): readonly Fact[] {
  return facts.slice(0, count);
}

/** A publisher of facts, and a collector that waits for all of those it is given; of one, without a join. */
export function collecting(wanted: readonly Fact[], database: Database): World {
  const [one, two, ...others] = wanted;
  if (one === undefined) throw new Error("a collector waits for a fact");
  const teller = participant("Teller", {
    entity: "Talk",
    initial: "none",
    states: {
      none: facts.map((fact, index) => on(commands[index] ?? command("no"), to("none").emits(fact))),
    },
  });
  const collector = participant("Collector", {
    entity: "Set",
    initial: "none",
    states: {
      none: [
        two === undefined ? on(one, to("DONE")) : on(all(one, two, ...others), to("DONE"), { as: "ready" }),
        ...facts.filter((fact) => !wanted.includes(fact)).map((fact) => ignore(fact)),
      ],
      DONE: facts.map((fact) => ignore(fact)),
    },
  });
  const sets = choreography("Sets", {
    participants: [teller, collector],
    ends: { done: { Collector: "DONE" } },
    commands: Object.fromEntries(commands.map(({ name }) => [name, "unbounded" as const])),
  });
  return new World({ choreography: sets, services: [service(teller), service(collector)], database });
}

/** Publishes facts of the saga s, and gives the collector's state then. */
export async function publish(here: World, indexes: readonly number[]): Promise<string | undefined> {
  const engine = await here.start();
  for (const index of indexes) await engine.send(commands[index] ?? command("no"), { sagaId: "s" });
  await here.calm();
  await here.pass(1_000);
  return (await here.states("s"))["Collector"];
}
