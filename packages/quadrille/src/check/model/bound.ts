// The bound of a check: everything that limits or changes what is explored. A report always prints it.
import type { ChoreographyJson } from "../../contract/json-form.ts";

/**
 * How messages travel. `fifo` is what the engine and its transports promise (ADR 2): what a producer
 * publishes within a saga reaches each subscriber in that order, and sagas have no order among each other.
 * `bag` is any order, which no transport may do; `partition` is one order for all producers, which none
 * promises.
 */
export type Channel = "bag" | "fifo" | "partition";

/** What a deferred message does to those behind it in a queue: it is stashed, or it blocks them. */
export type DeferMode = "stash" | "block";

/** An assumption about the engine that a check can take away, within a budget; see {@link faultTexts}. */
export type Fault = "duplicate" | "lost" | "early" | "effect";

/** What each fault does to a step, and the engine feature that prevents it. */
export const faultTexts: Readonly<Record<Fault, string>> = {
  duplicate: "the message is taken a second time (no inbox)",
  lost: "the state moves and the emissions vanish (no outbox)",
  early: "the emissions leave and the state rolls back (published before the commit)",
  effect: "the outside call happened and the transaction did not (a call inside a reaction)",
};

/**
 * Whether to explore by stubborn sets: where plain exploration outgrows its bound, always, or never. See ADR
 * 5.
 */
export type Reduce = "auto" | "always" | "never";

/** What a check may be asked; everything has a default. */
export interface CheckOptions {
  /**
   * Sagas explored together, 1 to 4; default 1, and 2 where a participant is keyed by something other than
   * the saga.
   */
  readonly sagas?: number;
  /**
   * Participants whose entity all sagas share, such as a consumer's credit, in addition to keyed ones. An
   * unknown name is a `RangeError`.
   */
  readonly shared?: readonly string[];
  /** Default `fifo`, as on the engine. */
  readonly channel?: Channel;
  /** Default `stash`, as on the engine. */
  readonly defer?: DeferMode;
  /** How many of each fault may happen in one run; default none. */
  readonly faults?: Partial<Readonly<Record<Fault, number>>>;
  /**
   * `false` removes every deadline and timeout; the default explores with them, and then without the timeouts
   * for P14.
   */
  readonly timers?: boolean;
  readonly bound?: {
    /** States explored at most; default 5,000,000. */
    readonly states?: number;
    /**
     * States explored plainly at most, before the check begins again with stubborn sets; default 1,000,000.
     */
    readonly plain?: number;
    /** Bytes of states and steps held at most; default 2 GiB. */
    readonly bytes?: number;
    /**
     * Messages in one channel at most. By default channels grow step by step up to 15, and a channel with a
     * loop that fills it for ever is not widened. If given, every channel may grow up to this number.
     */
    readonly cap?: number;
  };
  /** Stubborn sets for what is too large without; default `auto`. Faults are always explored plainly. */
  readonly reduce?: Reduce;
  /**
   * Whether of states that differ only by an exchange of interchangeable participants one stands for all;
   * default `auto`: where there are too many without. Never where `reduce` is `never`.
   */
  readonly fold?: Reduce;
  /**
   * Also explore fault twins and channel modes, for the reports P9 and P15; default `false`: it takes many
   * runs.
   */
  readonly assumptions?: boolean;
  /**
   * Called every few thousand states with the progress of this exploration; returning `true` stops the check,
   * and the report says so. The checker has no clock, so the caller decides.
   */
  readonly shouldStop?: ShouldStop;
  /**
   * Look for races between ends (P10) and between sagas; default `true`. They are reported for information
   * and are never errors.
   */
  readonly races?: boolean;
  /** Suggest patches, each tried by a run of its own; default `true`. */
  readonly patches?: boolean;
}

/** Watches an exploration and may stop it. */
export type ShouldStop = (progress: { readonly states: number; readonly transitions: number }) => boolean;

/** {@link CheckOptions} with every default filled in. */
export interface Bound {
  readonly sagas: number;
  readonly shared: readonly string[];
  readonly channel: Channel;
  readonly defer: DeferMode;
  readonly faults: Readonly<Record<Fault, number>>;
  readonly timers: boolean;
  /** Whether timeouts come; business deadlines come with `timers`. */
  readonly timeouts: boolean;
  readonly reduce: Reduce;
  readonly fold: Reduce;
  readonly states: number;
  readonly plain: number;
  readonly bytes: number;
  readonly cap: number;
  /** Whether every channel is filled up to the cap, including channels that grow for ever. */
  readonly isCapFixed: boolean;
  /** Watches the exploration and may stop it; not printed. */
  readonly shouldStop?: ShouldStop;
  /** If given, faults affect only deliveries of this event to this participant. */
  readonly faultsOnly?: { readonly participant: string; readonly event: string };
}

/** The largest number of sagas: more would be a load test. */
export const sagasMax = 4;

const statesDefault = 5_000_000;
/**
 * About one second of work. Below it, exact counts and shortest paths are practically free; above it, the
 * discarded plain exploration adds at most that second.
 */
const plainDefault = 1_000_000;
/** The index of a state is an integer of 32 bits. */
const statesMax = 2 ** 30;
const bytesDefault = 2 ** 31;
const bytesMin = 2 ** 16;
const bytesMax = 2 ** 40;
const capDefault = 15;
const capMax = 255;
const faultMax = 7;

/**
 * Fills in defaults, for a choreography where it is given. Throws a `RangeError` that names the option and
 * its range where a value is outside of it.
 */
export function resolveBound(options: CheckOptions = {}, choreography?: ChoreographyJson): Bound {
  const keyed = Object.entries(choreography?.participants ?? {}).flatMap(([name, one]) =>
    one.keyed === true ? [name] : [],
  );
  return {
    sagas: inRange("sagas", options.sagas ?? (keyed.length > 0 ? 2 : 1), [1, sagasMax]),
    shared: [...new Set([...keyed, ...(options.shared ?? [])])],
    channel: options.channel ?? "fifo",
    defer: options.defer ?? "stash",
    faults: faultBudgets(options.faults),
    timers: options.timers ?? true,
    timeouts: true,
    reduce: options.reduce ?? "auto",
    fold: options.fold ?? (options.reduce === "always" ? "never" : "auto"),
    ...sizes(options.bound),
  };
}

function faultBudgets(faults: CheckOptions["faults"] = {}): Bound["faults"] {
  const budget = (fault: Fault): number => inRange(fault, faults[fault] ?? 0, [0, faultMax]);
  return {
    duplicate: budget("duplicate"),
    lost: budget("lost"),
    early: budget("early"),
    effect: budget("effect"),
  };
}

function sizes({
  states = statesDefault,
  plain = plainDefault,
  bytes = bytesDefault,
  cap,
}: NonNullable<CheckOptions["bound"]> = {}): Pick<
  Bound,
  "states" | "plain" | "bytes" | "cap" | "isCapFixed"
> {
  return {
    states: inRange("states", states, [1, statesMax]),
    plain: inRange("plain", plain, [1, statesMax]),
    bytes: inRange("bytes", bytes, [bytesMin, bytesMax]),
    cap: inRange("cap", cap ?? capDefault, [1, capMax]),
    isCapFixed: cap !== undefined,
  };
}

/**
 * Throws a `RangeError` for a value that is not a whole number in its range, instead of silently checking
 * within another bound.
 */
function inRange(name: string, value: number, [low, high]: readonly [number, number]): number {
  if (Number.isInteger(value) && value >= low && value <= high) return value;
  throw new RangeError(
    `${name} must be a whole number from ${counted(low)} to ${counted(high)}, not ${value}`,
  );
}

function counted(count: number): string {
  return count.toLocaleString("en-US");
}
