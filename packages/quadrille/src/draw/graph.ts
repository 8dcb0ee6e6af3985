// The one edge graph of a choreography: who publishes what by which reaction, who takes it in which state.
// Map, canvas and every other drawing use it, so they cannot contradict each other.
import type { ChoreographyJson, CommandBudget } from "../contract/json-form.ts";
import { sentencesIn, type SentenceJson, type TriggerKind } from "../contract/trigger-kind.ts";

/** A reaction that publishes: the state, what triggers it there, and the outcome's name where it has one. */
export interface Producing {
  readonly state: string;
  readonly kind: TriggerKind;
  readonly trigger: string;
  readonly choice: string | undefined;
}

/** A state in which a trigger is taken, and how. */
export interface Taking {
  readonly state: string;
  readonly how: "reacts" | "ignore" | "defer" | "never";
}

/** One event from one producer to one subscriber. */
export interface Edge {
  readonly event: string;
  readonly producer: string;
  readonly subscriber: string;
  readonly producedBy: readonly Producing[];
  readonly takenIn: readonly Taking[];
}

/** A command and its addressee. */
export interface CommandEdge {
  readonly command: string;
  readonly participant: string;
  /** How often it may come within one saga. */
  readonly budget: CommandBudget;
  readonly takenIn: readonly Taking[];
}

/** An event that leaves the choreography, or that no participant takes. */
export interface OpenEvent {
  readonly event: string;
  readonly producer: string;
  readonly public: boolean;
}

/** A choreography as a graph; everything in the order of the contract. */
export interface Graph {
  readonly name: string;
  readonly participants: readonly string[];
  readonly commands: readonly CommandEdge[];
  readonly edges: readonly Edge[];
  /** Public events, and events without a subscriber. */
  readonly open: readonly OpenEvent[];
}

/** The graph of a choreography. */
export function graphOf(choreography: ChoreographyJson): Graph {
  const participants = Object.keys(choreography.participants);
  const published = participants.flatMap((name) => publishedBy(choreography, name));
  const edges = published.flatMap(({ event, producer, producedBy }) =>
    participants.flatMap((subscriber) => {
      const takenIn = takingStates(choreography, subscriber, { kind: "event", trigger: event });
      return takenIn.length === 0 ? [] : [{ event, producer, subscriber, producedBy, takenIn }];
    }),
  );
  const heard = new Set(edges.map(({ event }) => event));
  const isPublic = new Set(choreography.publicEvents);
  return {
    name: choreography.name,
    participants,
    commands: participants.flatMap((participant) => commandsOf(choreography, participant)),
    edges,
    open: published
      .filter(({ event }) => isPublic.has(event) || !heard.has(event))
      .map(({ event, producer }) => ({ event, producer, public: isPublic.has(event) })),
  };
}

/** A reaction as the JSON form has it. */
export interface ReactionRow extends SentenceJson {
  readonly state: string;
}

/** Everything a participant's states say, in the order of the contract. */
export function reactionsOf(choreography: ChoreographyJson, participant: string): readonly ReactionRow[] {
  return Object.entries(choreography.participants[participant]?.states ?? {}).flatMap(([state, said]) => [
    ...sentencesIn(said).map((one) => ({ state, ...one })),
    ...(said.join?.facts ?? []).map((trigger): ReactionRow => {
      return { state, key: "on", kind: "event", trigger, disposition: said.join?.outcomes ?? "never" };
    }),
  ]);
}

interface PublishedBy {
  readonly event: string;
  readonly producer: string;
  readonly producedBy: readonly Producing[];
}

function publishedBy(choreography: ChoreographyJson, producer: string): readonly PublishedBy[] {
  const producing = new Map<string, Producing[]>();
  for (const { state, kind, trigger, disposition } of reactionsOf(choreography, producer)) {
    for (const { emit = [], choice } of typeof disposition === "string" ? [] : disposition) {
      for (const event of emit) {
        producing.set(event, [...(producing.get(event) ?? []), { state, kind, trigger, choice }]);
      }
    }
  }
  return [...producing].map(([event, producedBy]) => ({ event, producer, producedBy }));
}

function takingStates(
  choreography: ChoreographyJson,
  participant: string,
  { kind, trigger }: { readonly kind: TriggerKind; readonly trigger: string },
): readonly Taking[] {
  return reactionsOf(choreography, participant)
    .filter((row) => row.kind === kind && row.trigger === trigger)
    .map(({ state, disposition }) => ({
      state,
      how: typeof disposition === "string" ? disposition : "reacts",
    }));
}

function commandsOf(choreography: ChoreographyJson, participant: string): readonly CommandEdge[] {
  const rows = reactionsOf(choreography, participant).filter(({ kind }) => kind === "command");
  return [...new Set(rows.map(({ trigger }) => trigger))].map((command) => ({
    command,
    participant,
    budget: choreography.commands[command] ?? 1,
    takenIn: takingStates(choreography, participant, { kind: "command", trigger: command }),
  }));
}
