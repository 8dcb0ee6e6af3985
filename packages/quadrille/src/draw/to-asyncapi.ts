// Exports a choreography, or a system of several, as an AsyncAPI 3.0 document, drawn from the graph that the
// map shows. A channel is what one participant publishes, its journal; another one is the commands that it
// takes. The operations of a participant have its tag. Payloads are given by the caller, since the JSON form
// of a choreography has none.
import { isElsewhere } from "../contract/json/elsewhere.ts";
import type { ChoreographyJson } from "../contract/json-form.ts";
import { own } from "../contract/own.ts";
import { graphOf, type Graph } from "./graph.ts";
import { asOne } from "./system.ts";

/** What an AsyncAPI document needs besides the contract. */
export interface AsyncApiOptions {
  /** The version of the choreography; default `1.0.0`. */
  readonly version?: string;
  /**
   * JSON Schema (draft-07) of each event's payload, by name. Where choreographies of a system use one name
   * for different events, the name has the choreography's appended, as on the map: `Closed (Orders)`.
   */
  readonly payloads?: Readonly<Record<string, unknown>>;
  /** JSON Schema (draft-07) of each command's payload, by name. */
  readonly commands?: Readonly<Record<string, unknown>>;
}

type Json = Readonly<Record<string, unknown>>;

/** A channel with the messages that it carries, in order. */
interface AsyncApiChannel {
  readonly participant: string;
  readonly carries: "events" | "commands";
  readonly names: readonly string[];
}

/** What a participant of this document does with messages of a channel. */
interface Operation {
  readonly action: "send" | "receive";
  readonly participant: string;
  readonly channel: AsyncApiChannel;
  readonly names: readonly string[];
  readonly title: string;
}

/** The AsyncAPI 3.0.0 document, as data. */
export function toAsyncApi(
  choreography: ChoreographyJson | readonly ChoreographyJson[],
  options: AsyncApiOptions = {},
): Readonly<Record<string, unknown>> {
  const parts: readonly ChoreographyJson[] = "participants" in choreography ? [choreography] : choreography;
  const whole = asOne(parts);
  const graph = graphOf(whole);
  const members = Object.entries(whole.participants).flatMap(([name, one]) =>
    isElsewhere(one) ? [] : [name],
  );
  const channels = channelsOf(graph, new Set(members));
  const operations = operationsOf(graph, channels, new Set(members));
  const keys = new Keys();
  const description = parts.length === 1 ? parts[0]?.description : undefined;
  return {
    asyncapi: "3.0.0",
    info: {
      title: whole.name,
      version: options.version ?? "1.0.0",
      ...(description === undefined ? {} : { description }),
      tags: members.map((name) => ({ name })),
    },
    defaultContentType: "application/json",
    channels: Object.fromEntries(
      channels.map((channel) => [keys.ofChannel(channel), channelJson(channel, keys)]),
    ),
    operations: Object.fromEntries(
      operations.map((operation) => [keys.of("operation", operation.title), operationJson(operation, keys)]),
    ),
    components: {
      messages: Object.fromEntries(
        channels.flatMap(({ carries, names }) =>
          names.map((name) => [keys.of(carries, name), messageJson(name, { carries, graph, options })]),
        ),
      ),
      messageTraits: { CloudEvent: cloudEvent },
    },
  };
}

/**
 * What each participant publishes, then the commands that each takes; of other choreographies, what is taken
 * from there.
 */
function channelsOf(graph: Graph, members: ReadonlySet<string>): readonly AsyncApiChannel[] {
  return graph.participants.flatMap((participant): readonly AsyncApiChannel[] => {
    const published = [...graph.edges, ...graph.open].filter(({ producer }) => producer === participant);
    const events = [...new Set(published.map(({ event }) => event))];
    const taken = graph.commands.filter((one) => one.participant === participant);
    const commands = members.has(participant) ? taken.map(({ command }) => command) : [];
    return [
      { participant, carries: "events" as const, names: events },
      { participant, carries: "commands" as const, names: commands },
    ].filter(({ names }) => names.length > 0);
  });
}

function operationsOf(
  graph: Graph,
  channels: readonly AsyncApiChannel[],
  members: ReadonlySet<string>,
): readonly Operation[] {
  return channels.flatMap((channel): readonly Operation[] => {
    const { participant, carries, names } = channel;
    if (carries === "commands")
      return [{ action: "receive", participant, channel, names, title: `${participant} receives commands` }];
    const subscribers = [...members].flatMap((subscriber): readonly Operation[] => {
      const edges = graph.edges.filter(
        (one) => one.producer === participant && one.subscriber === subscriber,
      );
      const title = `${subscriber} receives from ${participant}`;
      const taken = edges.map(({ event }) => event);
      return taken.length === 0
        ? []
        : [{ action: "receive", participant: subscriber, channel, names: taken, title }];
    });
    const sends: Operation = { action: "send", participant, channel, names, title: `${participant} sends` };
    return members.has(participant) ? [sends, ...subscribers] : subscribers;
  });
}

function channelJson(channel: AsyncApiChannel, keys: Keys): Json {
  const { participant, carries, names } = channel;
  return {
    address: addressOf(channel),
    title: carries === "events" ? `What ${participant} publishes` : `Commands that ${participant} takes`,
    messages: Object.fromEntries(
      names.map((name) => {
        const key = keys.of(carries, name);
        return [key, { $ref: `#/components/messages/${key}` }];
      }),
    ),
  };
}

function addressOf({ participant, carries }: AsyncApiChannel): string {
  return carries === "events" ? participant : `${participant}/commands`;
}

function operationJson({ action, participant, channel, names, title }: Operation, keys: Keys): Json {
  const place = `#/channels/${keys.ofChannel(channel)}`;
  return {
    action,
    title,
    channel: { $ref: place },
    messages: names.map((name) => ({ $ref: `${place}/messages/${keys.of(channel.carries, name)}` })),
    tags: [{ name: participant }],
  };
}

interface Describing {
  readonly carries: AsyncApiChannel["carries"];
  readonly graph: Graph;
  readonly options: AsyncApiOptions;
}

function messageJson(name: string, { carries, graph, options }: Describing): Json {
  const payload = own(carries === "events" ? options.payloads : options.commands, name);
  const isPublic = carries === "events" && graph.open.some((one) => one.event === name && one.public);
  return {
    name,
    contentType: "application/json",
    ...(isPublic ? { tags: [{ name: "public" }] } : {}),
    ...(carries === "events" ? { traits: [{ $ref: "#/components/messageTraits/CloudEvent" }] } : {}),
    ...(payload === undefined ? {} : { payload }),
  };
}

/** The envelope of every event: CloudEvents 1.0 with the correlation and distributed tracing extensions. */
const cloudEvent: Json = {
  description: "The attributes of CloudEvents 1.0 around the payload.",
  correlationId: {
    location: "$message.header#/correlationid",
    description: "The saga to which the event belongs.",
  },
  headers: {
    type: "object",
    required: ["specversion", "id", "source", "type", "subject", "time", "correlationid"],
    properties: {
      specversion: { const: "1.0" },
      id: { type: "string", description: "Unique, and the same over redelivery." },
      source: { type: "string", description: "The participant that published it." },
      type: { type: "string", description: "The event's name." },
      subject: { type: "string", description: "The key of the entity that published it." },
      time: { type: "string", format: "date-time" },
      correlationid: { type: "string", description: "The saga." },
      causationid: { type: "string", description: "The journal row whose event was taken." },
      traceparent: { type: "string", description: "W3C trace context." },
    },
  },
};

/** Keys may hold letters, digits, dots, dashes and underscores only; two of one kind never share one. */
class Keys {
  readonly #keys = new Map<string, string>();
  readonly #taken = new Set<string>();

  ofChannel(channel: AsyncApiChannel): string {
    return this.of("channel", addressOf(channel));
  }

  /** Events and commands are both messages; the kinds of things with own sections keep their keys apart. */
  of(kind: "channel" | "operation" | AsyncApiChannel["carries"], name: string): string {
    const id = `${kind} ${name}`;
    const known = this.#keys.get(id);
    if (known !== undefined) return known;
    const section = kind === "events" || kind === "commands" ? "message" : kind;
    let key = name.replaceAll(/[^\w.-]/g, "_");
    while (this.#taken.has(`${section} ${key}`)) key += "_";
    this.#taken.add(`${section} ${key}`);
    this.#keys.set(id, key);
    return key;
  }
}
