// Random contracts with a join: a few producers that each publish some of its facts, some of them twice, with
// other events between them.
import { mulberry32 } from "../src/ambient/virtual.ts";
import type { ChoreographyJson, DispositionJson, ParticipantJson } from "../src/contract/json-form.ts";
import { choreography, end } from "./small-choreography.ts";

const facts = ["F1", "F2", "F3"];
const events = [...facts, "Other", "Stop"];
const dispositions: readonly DispositionJson[] = [
  "ignore",
  "defer",
  "never",
  [{ to: "OPEN" }],
  [{ to: "DONE" }],
];

/** The contract of a seed. */
export function randomJoin(seed: number): ChoreographyJson {
  const next = mulberry32(seed);
  const draw = (below: number): number => Math.trunc(next() * below);
  const pick = <T>(from: readonly T[]): T | undefined => from[draw(from.length)];
  const saidOf = (names: readonly string[], percent: number): Record<string, DispositionJson> =>
    Object.fromEntries(
      names.flatMap((name) => (draw(100) < percent ? [[name, pick(dispositions) ?? "ignore"] as const] : [])),
    );
  /** Of its facts a state only says what happens when they come again (W06). */
  const againOf = (names: readonly string[], percent: number): Record<string, DispositionJson> =>
    Object.fromEntries(Object.entries(saidOf(names, percent)).filter(([, one]) => typeof one === "string"));
  const producer = (): ParticipantJson => {
    const emit = Array.from({ length: 1 + draw(3) }, () => pick(events) ?? "F1");
    const then = draw(3) === 0 ? [pick(events) ?? "F1"] : [];
    return {
      initial: "s",
      states: {
        s: { on: { Asked: [{ to: "t", emit }] } },
        t: then.length === 0 ? {} : { activities: { more: [{ to: "u", emit: then }] } },
        u: {},
      },
    };
  };
  const early = Object.fromEntries(
    facts.map((fact) => [fact, pick(["defer", "defer", "ignore"] as const) ?? "defer"]),
  );
  const hub: ParticipantJson = {
    initial: "none",
    states: {
      none: { commands: { ask: [{ to: "EARLY", emit: ["Asked"] }] } },
      EARLY: { on: early, activities: { open: [{ to: "OPEN" }] } },
      OPEN: {
        on: { Other: pick(dispositions) ?? "ignore", Stop: [{ to: "STOPPED" }], ...againOf(facts, 30) },
        join: { facts, outcomes: [{ to: pick(["DONE", "DONE", "OPEN"]) ?? "DONE" }] },
      },
      DONE: { on: saidOf(events, 80) },
      STOPPED: { on: saidOf(events, 90) },
    },
  };
  const producers = Array.from({ length: 1 + draw(3) }, (_, index) => [`P${index}`, producer()] as const);
  return choreography(
    { Hub: hub, ...Object.fromEntries(producers) },
    { ends: [end("any", { Hub: ["none", "EARLY", "OPEN", "DONE", "STOPPED"] })] },
  );
}
