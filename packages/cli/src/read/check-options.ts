// The bound of a check, as options of the command line.
import { type Command, InvalidArgumentError, Option } from "commander";
import {
  type Bound,
  type Channel,
  type CheckOptions,
  type DeferMode,
  type Fault,
  type Reduce,
  resolveBound,
  sharedProblem,
} from "quadrille/check";
import type { CheckInput } from "./check-input.ts";
import { UserError } from "../terminal/user-error.ts";

/** The options as commander gives them. */
export interface BoundOptions {
  readonly sagas?: number;
  readonly shared?: readonly string[];
  readonly channel?: Channel;
  readonly defer?: DeferMode;
  readonly faults?: Partial<Record<Fault, number>>;
  /** False with `--no-timers`. */
  readonly timers: boolean;
  readonly reduce?: Reduce;
  readonly bound?: CheckOptions["bound"] & { readonly seconds?: number };
}

const faults: readonly Fault[] = ["duplicate", "lost", "early", "effect"];
const bounds = ["states", "plain", "bytes", "cap", "seconds"] as const;

/** Adds them to a command. */
export function withBound(command: Command): Command {
  return command
    .addOption(
      new Option(
        "--sagas <n>",
        "how many sagas at once, 1 to 4 (default: 1, or 2 where a participant is keyed and so shared)",
      ).argParser(wholeBetween(1, 4)),
    )
    .addOption(
      new Option(
        "--shared <names>",
        "participants whose entity all sagas share, such as Stock,Credit (default: those that are keyed)",
      ).argParser((text) => text.split(",").map((name) => name.trim())),
    )
    .addOption(
      new Option(
        "--channel <mode>",
        "the order of messages: fifo, each producer's within a saga, as on the engine (default); bag, any order; partition, one order for all",
      ).choices(["fifo", "partition", "bag"]),
    )
    .addOption(
      new Option("--defer <mode>", "in ordered channels, a deferred message is stashed or blocks").choices([
        "stash",
        "block",
      ]),
    )
    .addOption(
      new Option("--faults <list>", "how many of each: duplicate=1,lost=1,early=1,effect=1").argParser(
        (text) => numbers(text, faults),
      ),
    )
    .option("--no-timers", "take all timers away")
    .addOption(
      new Option(
        "--reduce <when>",
        "leave out orders that lead to the same, by stubborn sets (default: auto, once there are more states than plain)",
      ).choices(["auto", "always", "never"]),
    )
    .addOption(
      new Option(
        "--bound <list>",
        "where to stop: states=5000000,plain=1000000,bytes=2147483648,cap=15,seconds=60 (default: no limit of time)",
      ).argParser((text) => numbers(text, bounds)),
    );
}

/** As the checker takes them, for this choreography. */
export function checkOptions(
  { sagas, shared, channel, defer, faults: some, timers, reduce, bound }: BoundOptions,
  { json, files }: Pick<CheckInput, "json" | "files">,
): CheckOptions {
  const problem = sharedProblem(json, shared ?? []);
  if (problem !== undefined) throw new UserError(`${files.join(" + ")} ${problem}.`);
  const options: CheckOptions = {
    ...(sagas === undefined ? {} : { sagas }),
    ...(shared === undefined ? {} : { shared }),
    ...(channel === undefined ? {} : { channel }),
    ...(defer === undefined ? {} : { defer }),
    ...(some === undefined ? {} : { faults: some }),
    ...(reduce === undefined ? {} : { reduce }),
    ...boundWithoutSeconds(bound),
    timers,
  };
  const { sagas: explored } = boundOf(options, json);
  if (shared !== undefined && explored === 1)
    throw new UserError("One saga shares nothing: --shared goes with --sagas 2 or more.");
  return options;
}

function boundOf(options: CheckOptions, json: CheckInput["json"]): Bound {
  try {
    return resolveBound(options, json);
  } catch (error) {
    if (error instanceof RangeError) throw new UserError(`${error.message}.`);
    throw error;
  }
}

/** The limit in seconds is kept by the command, because the checker has no clock. */
function boundWithoutSeconds(bound: BoundOptions["bound"]): Pick<CheckOptions, "bound"> {
  const { seconds, ...rest } = bound ?? {};
  if (seconds === 0) throw new UserError("seconds must be a whole number from 1, not 0.");
  return Object.keys(rest).length === 0 ? {} : { bound: rest };
}

/** Parses a whole number within a range. */
export function wholeBetween(min: number, max: number): (text: string) => number {
  return (text) => {
    if (/^\d+$/.test(text) && Number(text) >= min && Number(text) <= max) return Number(text);
    throw new InvalidArgumentError(`A whole number from ${min} to ${max} is expected.`);
  };
}

/** `states=1000,cap=3` */
function numbers<Name extends string>(text: string, names: readonly Name[]): Partial<Record<Name, number>> {
  const given: Partial<Record<Name, number>> = {};
  for (const part of text.split(",")) {
    const [key = "", value = ""] = part.split("=");
    const name = names.find((one) => one === key.trim());
    if (name === undefined || !/^\d+$/.test(value.trim())) {
      throw new InvalidArgumentError(
        `Pairs such as ${names[0]}=1 are expected, with ${names.join(", ")} and a whole number.`,
      );
    }
    given[name] = Number(value);
  }
  return given;
}
