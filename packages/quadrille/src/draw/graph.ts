// The one edge graph of a choreography: who publishes what by which reaction, who takes it in which state.
// Map, canvas and every other drawing use it, so they cannot contradict each other.
import type { ChoreographyJson, CommandBudget } from "../contract/json-form.ts";
import { listSentences, outcomesOf, type PlacedSentence } from "../contract/json/sentences.ts";
import type { TriggerKind } from "../contract/trigger-kind.ts";

/** A reaction that publishes: the state, what triggers it there, and the outcome's name where it has one. */
export interface Producing {
  readonly state: string;
  readonly kind: TriggerKind;
  readonly trigger: string;
  readonly choice: string | undefined;
}

/** What a state does with a trigger. */
export type Disposition = "react" | "ignore" | "defer" | "never";

/** A state that says something about a trigger, and what it does with it. */
export interface Taking {
  readonly state: string;
  readonly disposition: Disposition;
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
  const sentences = Map.groupBy(listSentences(choreography), ({ participant }) => participant);
  const of = (participant: string): readonly PlacedSentence[] => sentences.get(participant) ?? [];
  const published = participants.flatMap((name) => publishedBy(name, of(name)));
  const edges = published.flatMap(({ event, producer, producedBy }) =>
    participants.flatMap((subscriber) => {
      const takenIn = takings(of(subscriber), "event", event);
      return takenIn.length === 0 ? [] : [{ event, producer, subscriber, producedBy, takenIn }];
    }),
  );
  const heard = new Set(edges.map(({ event }) => event));
  const isPublic = new Set(choreography.publicEvents);
  return {
    name: choreography.name,
    participants,
    commands: participants.flatMap((participant) => commandsOf(choreography, participant, of(participant))),
    edges,
    open: published
      .filter(({ event }) => isPublic.has(event) || !heard.has(event))
      .map(({ event, producer }) => ({ event, producer, public: isPublic.has(event) })),
  };
}

interface PublishedBy {
  readonly event: string;
  readonly producer: string;
  readonly producedBy: readonly Producing[];
}

function publishedBy(producer: string, sentences: readonly PlacedSentence[]): readonly PublishedBy[] {
  const producing = new Map<string, Producing[]>();
  for (const sentence of sentences) {
    const { state, kind, trigger } = sentence;
    for (const { emit = [], choice } of outcomesOf(sentence)) {
      for (const event of emit) {
        producing.set(event, [...(producing.get(event) ?? []), { state, kind, trigger, choice }]);
      }
    }
  }
  return [...producing].map(([event, producedBy]) => ({ event, producer, producedBy }));
}

function takings(
  sentences: readonly PlacedSentence[],
  kind: TriggerKind,
  trigger: string,
): readonly Taking[] {
  return sentences
    .filter((one) => one.kind === kind && one.trigger === trigger)
    .map((one) => ({ state: one.state, disposition: dispositionOf(one) }));
}

/** What a sentence does with its trigger, in one word. */
export function dispositionOf({ disposition }: Pick<PlacedSentence, "disposition">): Disposition {
  return typeof disposition === "string" ? disposition : "react";
}

function commandsOf(
  choreography: ChoreographyJson,
  participant: string,
  sentences: readonly PlacedSentence[],
): readonly CommandEdge[] {
  const commands = sentences.filter(({ kind }) => kind === "command").map(({ trigger }) => trigger);
  return [...new Set(commands)].map((command) => ({
    command,
    participant,
    budget: choreography.commands[command] ?? 1,
    takenIn: takings(sentences, "command", command),
  }));
}
