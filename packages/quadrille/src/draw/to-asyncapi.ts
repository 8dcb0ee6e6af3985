// Exports a choreography as an AsyncAPI 3.0 document: a channel for every event, and who sends and receives it.
//
// The document describes the whole choreography; the operations of one participant are those that carry its tag. Payloads are given by
// the caller, since the JSON form of a choreography has none.
import type { ChoreographyJson } from "../contract/json-form.ts";
import { own } from "../contract/json-references.ts";
import { withElsewhere } from "../contract/json/elsewhere.ts";
import { emissions, readSentences } from "../contract/json/sentences.ts";

/** What an AsyncAPI document needs besides the contract. */
export interface AsyncApiOptions {
  /** The version of the choreography; default `1.0.0`. */
  readonly version?: string;
  /** JSON Schema of each event's payload, by name. */
  readonly payloads?: Readonly<Record<string, unknown>>;
}

/** The AsyncAPI 3.0.0 document, as data. */
export function toAsyncApi(
  choreography: ChoreographyJson,
  options: AsyncApiOptions = {},
): Readonly<Record<string, unknown>> {
  const sentences = readSentences(withElsewhere(choreography));
  const sends = emissions(sentences);
  const events = [...new Set([...sends.map(([, event]) => event), ...sentences.subscribers.keys()])];
  const keys = keysOf(events);
  const operations = [
    ...sends.map(([participant, event]) => ({ action: "send", participant, event })),
    ...[...sentences.subscribers].flatMap(([event, names]) =>
      names.map((participant) => ({ action: "receive", participant, event })),
    ),
  ];
  return {
    asyncapi: "3.0.0",
    info: {
      title: choreography.name,
      version: options.version ?? "1.0.0",
      ...(choreography.description === undefined ? {} : { description: choreography.description }),
      tags: Object.keys(choreography.participants).map((name) => ({ name })),
    },
    defaultContentType: "application/json",
    channels: Object.fromEntries(
      events.map((event) => [
        keys.get(event) ?? event,
        {
          address: event,
          messages: { [keys.get(event) ?? event]: { $ref: `#/components/messages/${keys.get(event)}` } },
        },
      ]),
    ),
    operations: Object.fromEntries(
      operations.map(({ action, participant, event }) => [
        keyOf(`${participant}_${action}s_${event}`),
        {
          action,
          channel: { $ref: `#/channels/${keys.get(event)}` },
          messages: [{ $ref: `#/channels/${keys.get(event)}/messages/${keys.get(event)}` }],
          tags: [{ name: participant }],
        },
      ]),
    ),
    components: {
      messages: Object.fromEntries(
        events.map((event) => [keys.get(event) ?? event, messageOf(event, options)]),
      ),
    },
  };
}

function messageOf(event: string, { payloads }: AsyncApiOptions): Readonly<Record<string, unknown>> {
  const payload = own(payloads, event);
  return {
    name: event,
    contentType: "application/json",
    correlationId: {
      location: "$message.header#/sagaid",
      description: "the saga to which the event belongs",
    },
    ...(payload === undefined ? {} : { payload }),
  };
}

/** Keys may hold letters, digits, dots, dashes and underscores only; two events never share one. */
function keysOf(events: readonly string[]): Map<string, string> {
  const keys = new Map<string, string>();
  const taken = new Set<string>();
  for (const event of events) {
    let key = keyOf(event);
    while (taken.has(key)) key += "_";
    taken.add(key);
    keys.set(event, key);
  }
  return keys;
}

function keyOf(name: string): string {
  return name.replaceAll(/[^\w.-]/g, "_");
}
