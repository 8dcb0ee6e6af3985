// Exports a choreography to Promela, so that SPIN can count its states and transitions independently of this
// checker.
//
// The model is written from the contract itself and shares no tables with the explorer. One process takes one
// step of the choreography in one indivisible step; SPIN then counts as many states, and one transition more
// (the initial one). Run it with partial order reduction off:  spin -a model.pml && cc -O2 -DSAFETY
// -DNOREDUCE -o pan pan.c && ./pan -E With -DP1 or -DP2 given to spin, an unhandled or `never` delivery fails
// an assertion: `participant + state + event < 0`, or `0 > …` for never, each by its position in the
// contract, so `./pan -E -c0` lists every place that is reached.
import { writeOutJoins } from "../../contract/json/write-out-joins.ts";
import type { ChoreographyJson, DispositionJson, OutcomeJson } from "../../contract/json-form.ts";
import { sentencesIn } from "../../contract/trigger-kind.ts";
import { type CheckOptions, resolveBound } from "../model/bound.ts";
import { promelaNames, type PromelaArrival, type Names } from "./promela-names.ts";
import { ofOneSaga } from "./of-one-saga.ts";
import { withElsewhere } from "../../contract/json/elsewhere.ts";
import { assertShared } from "../model/world.ts";

/** The choreography as a Promela model: one saga, without faults, in the given channel mode. */
export function toPromela(given: ChoreographyJson, options: CheckOptions = {}): string {
  const choreography = ofOneSaga(writeOutJoins(withElsewhere(given)));
  const bound = resolveBound(options);
  assertShared(choreography, bound);
  const names = promelaNames(choreography, bound);
  const steps = Object.entries(choreography.participants).flatMap(([participant, { states }]) =>
    Object.entries(states).flatMap(([state, value]) => {
      const place: PromelaPlace = { names, participant, state };
      const own = sentencesIn(value).filter(
        ({ kind }) => kind !== "event" && (kind !== "deadline" || names.bound.timers),
      );
      return [
        ...names.subscriptions(participant).flatMap((event) => deliveries(place, event, value.on?.[event])),
        ...own.flatMap((one) => ownSteps(place, one)),
      ];
    }),
  );
  return [
    promelaHeader.replace("NAME", oneLine(choreography.name)),
    ...names.declarations,
    "",
    "active proctype choreography() {",
    "end: do",
    ...steps,
    "  :: false",
    "  od",
    "}",
    "",
  ].join("\n");
}

const promelaHeader = `/* NAME */
#ifdef P1
#define UNSAID(participant, state, event) assert(participant + state + event < 0)
#else
#define UNSAID(participant, state, event) skip
#endif
#ifdef P2
#define NEVER(participant, state, event) assert(0 > participant + state + event)
#else
#define NEVER(participant, state, event) skip
#endif
`;

function oneLine(text: string): string {
  return text.replaceAll(/[\n\r]|\*\//g, " ");
}

interface PromelaPlace {
  readonly names: Names;
  readonly participant: string;
  readonly state: string;
}

function deliveries(place: PromelaPlace, event: string, disposition: DispositionJson | undefined): string[] {
  const { names, participant } = place;
  return names.arrivals(participant, event).flatMap((arrival) => {
    const guard = [inState(place), arrival.test];
    if (disposition === undefined || disposition === "never") {
      const verdict = disposition === undefined ? "UNSAID" : "NEVER";
      const at = [
        names.participantNumber(participant),
        names.stateNumber(participant, place.state),
        names.subscriptions(participant).indexOf(event),
      ];
      return [
        option(place, guard, [
          `${verdict}(${at.join(", ")})`,
          arrival.take,
          `${names.state(participant)} = ${names.stopped(participant)}`,
        ]),
      ];
    }
    if (disposition === "ignore") return [option(place, guard, [arrival.take])];
    if (disposition !== "defer")
      return disposition.map((outcome) => reaction(place, { guard, arrival }, outcome));
    const stash = names.stash(participant, event);
    if (arrival.queue === undefined || stash === undefined) return [];
    return [option(place, [...guard, `${stash} < ${names.bound.cap}`], [arrival.take, `${stash}++`])];
  });
}

function ownSteps(
  place: PromelaPlace,
  {
    kind,
    trigger,
    disposition,
  }: { readonly kind: string; readonly trigger: string; readonly disposition: DispositionJson },
): string[] {
  if (typeof disposition === "string") return [];
  const guard = [inState(place)];
  if (kind !== "command") return disposition.map((outcome) => reaction(place, { guard }, outcome));
  const budget = place.names.budget(trigger);
  if (budget === "none") return [];
  if (budget === "unbounded") return disposition.map((outcome) => reaction(place, { guard }, outcome));
  const spent = { guard: [...guard, `${budget} > 0`], before: `${budget}--` };
  return disposition.map((outcome) => reaction(place, spent, outcome));
}

interface PromelaCause {
  readonly guard: readonly string[];
  readonly arrival?: PromelaArrival;
  readonly before?: string;
}

function reaction(
  place: PromelaPlace,
  { guard, arrival, before }: PromelaCause,
  outcome: OutcomeJson,
): string {
  const { names, participant } = place;
  const emission = names.emission(participant, outcome.emit ?? [], arrival);
  const tallies = Object.entries(outcome.tally ?? {}).filter(([, delta]) => delta !== 0);
  const room = tallies.map(([tally, delta]) => {
    const name = names.tally(tally);
    return delta > 0 ? `${name} + ${delta} <= ${names.tallyMax(tally)}` : `${name} >= ${-delta}`;
  });
  const counts = tallies.map(
    ([tally, delta]) =>
      `${names.tally(tally)} = ${names.tally(tally)} ${delta > 0 ? "+" : "-"} ${Math.abs(delta)}`,
  );
  const effects = [
    arrival?.take,
    before,
    `${names.state(participant)} = ${names.stateNumber(participant, outcome.to)}`,
    ...emission.sends,
    ...counts,
  ];
  return option(place, [...guard, ...emission.guards, ...room], effects);
}

function inState({ names, participant, state }: PromelaPlace): string {
  return `${names.state(participant)} == ${names.stateNumber(participant, state)}`;
}

function option(
  { participant, state }: PromelaPlace,
  guard: readonly string[],
  effects: readonly (string | undefined)[],
): string {
  const done = effects.filter((effect) => effect !== undefined);
  return `  :: d_step { ${guard.join(" && ")} -> ${done.length === 0 ? "skip" : done.join("; ")} } /* ${oneLine(`${participant} in ${state}`)} */`;
}
