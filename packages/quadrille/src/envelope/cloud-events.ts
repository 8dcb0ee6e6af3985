// Events as CloudEvents 1.0 with the correlation and distributed tracing extensions, made from journal rows
// and read back. Everything comes from the row: an id is its place in the journal, so an event has the same
// id however often it is sent.
import type { CarriedRow, Cause } from "../store/records.ts";

/** An event in the structured form of the CloudEvents specification 1.0.2 (JSON event format). */
export interface CloudEvent {
  /** The version of the specification, 1.0. */
  readonly specversion: "1.0";
  /** `source/lane/position/index`: unique for ever, and stable over redelivery. */
  readonly id: string;
  /** The participant that published it, as a URI reference. */
  readonly source: string;
  /** The event's name. */
  readonly type: string;
  /** The key of the entity that published it. */
  readonly subject: string;
  /** RFC 3339, UTC, with milliseconds. */
  readonly time: string;
  /** `application/json` where there are data. */
  readonly datacontenttype?: "application/json";
  /** The event's payload, where it has one. */
  readonly data?: unknown;
  /** The saga (CloudEvents correlation extension). */
  readonly correlationid: string;
  /**
   * The journal row, `source/lane/position`, whose event was taken; absent when a command was (correlation
   * extension).
   */
  readonly causationid?: string;
  /** W3C trace context (CloudEvents distributed tracing extension). */
  readonly traceparent?: string;
}

/** A journal row as a store has it or a transport carries it; only a store knows the cause. */
export interface PublishedRow extends CarriedRow {
  readonly cause?: Cause;
}

/** The row's events in the order of their emission; none where it emitted none. */
export function toCloudEvents(source: string, row: PublishedRow): readonly CloudEvent[] {
  const address = encodeURIComponent(source);
  return row.emitted.map(({ event, data }, index) => ({
    specversion: "1.0",
    id: `${address}/${row.lane}/${row.position}/${index}`,
    source: address,
    type: event,
    subject: row.key,
    time: new Date(row.time).toISOString(),
    ...(data === undefined ? {} : { datacontenttype: "application/json" as const, data }),
    correlationid: row.sagaId,
    ...causation(row.cause),
    ...(row.trace === undefined ? {} : { traceparent: row.trace }),
  }));
}

function causation(cause: PublishedRow["cause"]): { readonly causationid?: string } {
  if (cause === undefined || cause.source === "command") return {};
  return { causationid: `${encodeURIComponent(cause.source)}/${cause.lane}/${cause.position}` };
}

/** The journal row that a CloudEvent came from, and the event's place among the row's events. */
export interface PublishedEvent {
  readonly source: string;
  readonly lane: number;
  readonly position: number;
  readonly index: number;
  readonly sagaId: string;
  readonly key: string;
  readonly event: string;
  readonly data: unknown;
  /** Milliseconds since 1970. */
  readonly time: number;
  readonly trace: string | undefined;
}

/** The event, or what is wrong with the value, in one sentence. */
export type ParsedCloudEvent =
  | { readonly ok: true; readonly event: PublishedEvent }
  | { readonly ok: false; readonly problem: string };

/** Reads a CloudEvent that {@link toCloudEvents} made, also over other tools that keep the attributes. */
export function parseCloudEvent(value: unknown): ParsedCloudEvent {
  if (typeof value !== "object" || value === null)
    return { ok: false, problem: "A CloudEvent is an object." };
  const attributes = new Map<string, unknown>(Object.entries(value));
  const missing = required.find((name) => textOf(attributes, name) === undefined);
  if (missing !== undefined)
    return {
      ok: false,
      problem: `A CloudEvent of Quadrille needs the attribute ${missing}, a text that is not empty.`,
    };
  const [specversion, id, source, type, subject, time, correlationid] = required.map(
    (name) => textOf(attributes, name) ?? "",
  );
  if (specversion !== "1.0")
    return { ok: false, problem: `The attribute specversion is "${specversion}"; only "1.0" is known.` };
  const place = /^(.*)\/(\d{1,9})\/(\d{1,15})\/(\d{1,9})$/.exec(id ?? "");
  if (place === null || place[1] !== source) {
    return { ok: false, problem: `The id "${id}" is not of the form ${source}/lane/position/index.` };
  }
  const milliseconds = Date.parse(time ?? "");
  if (Number.isNaN(milliseconds))
    return { ok: false, problem: `The time "${time}" is not a timestamp of RFC 3339.` };
  const participant = decoded(source ?? "");
  if (participant === undefined)
    return { ok: false, problem: `The source "${source}" is not a URI reference.` };
  return {
    ok: true,
    event: {
      source: participant,
      lane: Number(place[2]),
      position: Number(place[3]),
      index: Number(place[4]),
      sagaId: correlationid ?? "",
      key: subject ?? "",
      event: type ?? "",
      data: attributes.get("data"),
      time: milliseconds,
      trace: textOf(attributes, "traceparent"),
    },
  };
}

const required = ["specversion", "id", "source", "type", "subject", "time", "correlationid"] as const;

function textOf(attributes: ReadonlyMap<string, unknown>, name: string): string | undefined {
  const value = attributes.get(name);
  return typeof value === "string" && value !== "" ? value : undefined;
}

function decoded(source: string): string | undefined {
  try {
    return decodeURIComponent(source);
  } catch {
    return undefined;
  }
}
