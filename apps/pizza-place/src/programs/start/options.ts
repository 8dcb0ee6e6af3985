// The command line of the pizza place: options, their defaults, and one clear sentence for each mistake.
import { parseArgs } from "node:util";
import { type ContractName, contractNames, contractTexts } from "../../shared/contract-name.ts";
import type { DatabaseChoice } from "../../database/database-choice.ts";
import type { Rate } from "../../replay/pace.ts";
import type { WhoseTime } from "../../shared/whose-time.ts";
import { UserError } from "../../shared/user-error.ts";

/** What was asked for. */
export interface Options {
  readonly orders: number | "all";
  readonly rate: Rate;
  /** Whose time deadlines and journals go by; that of the data unless given, and of new data the orders'. */
  readonly time: WhoseTime | undefined;
  readonly database: DatabaseChoice;
  readonly port: number;
  readonly reset: boolean;
  readonly once: boolean;
  readonly seed: number | undefined;
  /** The one that ran on the data last unless given. */
  readonly contract: ContractName | undefined;
  /** In cents; of the careful contract. */
  readonly approvalAbove: number;
  /** Which share of the orders is cancelled, from 0 to 1. */
  readonly cancels: number;
  /** Which share is revised. */
  readonly revisions: number;
}

export const defaults = {
  orders: "1000",
  rate: "50/s",
  dataFolder: ".quadrille",
  port: "4040",
  approveAbove: "100",
  cancels: "2",
  revisions: "3",
};

/** How many orders the data set has: reported when more are asked for before the data set is read. */
export const yearOrders = 21_350;

/** Where the database may stand, as for `quadrille`; the option beats it. */
const databaseVariable = "QUADRILLE_DATABASE";

/** The environment variables, of which one counts. */
type Environment = Readonly<Record<string, string | undefined>>;

const contractLines = contractNames
  .map((name) => `${" ".repeat(26)}${name.padEnd(10)}${contractTexts[name]}`)
  .join("\n");

export const help: string = `Replays a year of a pizza place's real orders through their whole life, and serves its HTTP API.

Usage: npm start -- [options]

  --orders N|all        how many orders of the year are to be placed, counted from its first day (default ${defaults.orders})
  --rate N/s|max        orders a second, or as fast as possible (default ${defaults.rate})
  --time orders|machine whose time deadlines, journals and timelines go by: the orders' own year, 2015 in UTC, which passes as
                        fast as --rate says; or the machine's; kept with the data (default orders)
  --once                stop when all orders have reached an end; exit 0 if the audit is green, 1 if not
  --database URL        a PostgreSQL database, postgres://user:password@host:port/name, instead of the embedded one;
                        ${databaseVariable} in the environment does the same
  --data-folder FOLDER  where the embedded database and the running process's address are kept (default ${defaults.dataFolder})
  --port PORT           the HTTP API's port on loopback, 0 for a free one (default ${defaults.port})
  --seed N              which consumers, cards and shortages the year gets; kept with the data (default 1)
  --cancels PERCENT     how many of the orders their consumers cancel, chosen by the seed (default ${defaults.cancels})
  --revisions PERCENT   how many they revise (default ${defaults.revisions})
  --contract NAME       which contract to run; kept with the data (default life)
${contractLines}
  --approve-above USD   from which total on the careful contract waits for a person (default ${defaults.approveAbove})
  --reset               start over: remove what earlier runs made, and nothing else
  --help                this text

Examples:
  npm start                                         1,000 orders in 20 seconds; Ctrl-C stops, npm start goes on
  npm start -- --orders 2000 --rate max --once      2,000 orders as fast as possible, then the audit
  npm start -- --orders all --rate max              the whole year: 21,350 orders
  npm start -- --database postgres://postgres@127.0.0.1:5432/pizza --port 0
  npm run audit                                     compares the payment ledger with the orders, in a second terminal
`;

/** Reads the arguments; "help" when help was asked for. Throws a {@link UserError} that names a wrong one. */
export function readOptions(args: readonly string[], env: Environment = {}): Options | "help" {
  const values = parse(args, {
    orders: { type: "string", default: defaults.orders },
    rate: { type: "string", default: defaults.rate },
    time: { type: "string" },
    database: { type: "string" },
    "data-folder": { type: "string", default: defaults.dataFolder },
    port: { type: "string", default: defaults.port },
    seed: { type: "string" },
    cancels: { type: "string", default: defaults.cancels },
    revisions: { type: "string", default: defaults.revisions },
    contract: { type: "string" },
    "approve-above": { type: "string", default: defaults.approveAbove },
    reset: { type: "boolean", default: false },
    once: { type: "boolean", default: false },
    help: { type: "boolean", short: "h", default: false },
  });
  if (values.help === true) return "help";
  const cancels = readShare("--cancels", text(values.cancels));
  const revisions = readShare("--revisions", text(values.revisions));
  if (cancels + revisions > 1)
    throw new UserError(
      "--cancels and --revisions are more than 100 percent together: give less of them.",
      2,
    );
  return {
    cancels,
    revisions,
    contract: readContract(values.contract),
    approvalAbove:
      readWhole("--approve-above", text(values["approve-above"]), { min: 0, max: 1_000_000 }) * 100,
    orders: readOrders(text(values.orders)),
    rate: readRate(text(values.rate)),
    time: readTime(values.time),
    database: readDatabase(values, env),
    port: readWhole("--port", text(values.port), { min: 0, max: 65_535 }),
    reset: values.reset === true,
    once: values.once === true,
    seed:
      values.seed === undefined
        ? undefined
        : readWhole("--seed", text(values.seed), { min: 0, max: 2 ** 31 - 1 }),
  };
}

/** What `npm run audit` was asked. */
export interface AuditOptions {
  readonly database: DatabaseChoice;
  readonly json: boolean;
  readonly settled: boolean;
}

export const auditHelp: string = `Compares the payment provider's ledger with the ends of all orders, to the cent. Exit 0 if they agree, 1 if not.

Usage: npm run audit -- [options]

  --database URL        the PostgreSQL database of the pizza place, instead of the embedded one;
                        ${databaseVariable} in the environment does the same
  --data-folder FOLDER  the data folder of the embedded database (default ${defaults.dataFolder}); a running process is asked
  --settled             an order that is still under way is a finding, too
  --json                the report as JSON
  --help                this text

Examples:
  npm run audit
  npm run audit -- --json --database postgres://postgres@127.0.0.1:5432/pizza
`;

/**
 * Reads the audit's arguments; "help" when help was asked for. Throws a {@link UserError} that names a wrong
 * one.
 */
export function readAuditOptions(args: readonly string[], env: Environment = {}): AuditOptions | "help" {
  const values = parse(args, {
    database: { type: "string" },
    "data-folder": { type: "string", default: defaults.dataFolder },
    settled: { type: "boolean", default: false },
    json: { type: "boolean", default: false },
    help: { type: "boolean", short: "h", default: false },
  });
  if (values.help === true) return "help";
  return {
    database: readDatabase(values, env),
    json: values.json === true,
    settled: values.settled === true,
  };
}

type Value = string | boolean | undefined;
type WantedOptions = Readonly<
  Record<
    string,
    { readonly type: "string" | "boolean"; readonly short?: string; readonly default?: string | boolean }
  >
>;

function parse<W extends WantedOptions>(
  args: readonly string[],
  options: W,
): Readonly<Record<keyof W, Value>>;
function parse(args: readonly string[], options: WantedOptions): Readonly<Record<string, Value>> {
  try {
    const joined = joinNumbers(args, options);
    const { values, positionals } = parseArgs({ args: [...joined], options, allowPositionals: true });
    const [stray] = positionals;
    if (stray === undefined) return single(values);
    throw new UserError(`"${stray}" is not an option: see npm start -- --help.`, 2);
  } catch (error) {
    if (error instanceof UserError || !(error instanceof Error)) throw error;
    // Node's message is a sentence about the option, then lines of advice on dashes and on positional
    // arguments.
    const [sentence = error.message] = error.message.split(/\.\s/);
    const ours = sentence.replace(/\.$/, "").replace(/ argument is ambiguous$/, " has no value");
    throw new UserError(`${ours}: --help lists the options.`, 2);
  }
}

/** Joins an option and a negative number after it: Node takes `-5` for an option, and no option needs one. */
function joinNumbers(args: readonly string[], options: WantedOptions): readonly string[] {
  const joined: string[] = [];
  for (const arg of args) {
    const before = joined.at(-1) ?? "";
    const takesText = before.startsWith("--") && options[before.slice(2)]?.type === "string";
    if (takesText && /^-\d/.test(arg)) joined.splice(-1, 1, `${before}=${arg}`);
    else joined.push(arg);
  }
  return joined;
}

function single(
  values: Readonly<Record<string, Value | readonly (string | boolean)[]>>,
): Readonly<Record<string, Value>> {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [name, typeof value === "object" ? value.at(-1) : value]),
  );
}

function text(value: Value): string {
  return typeof value === "string" ? value : "";
}

function readOrders(given: string): number | "all" {
  if (given === "all") return given;
  if (/^\d+$/.test(given) && Number(given) <= yearOrders) return Number(given);
  throw new UserError(
    `--orders is "${given}": the year has ${yearOrders} orders, give a whole number up to that or "all".`,
    2,
  );
}

function readShare(option: string, given: string): number {
  const percent = Number(given);
  if (/^\d+(\.\d+)?$/.test(given) && percent <= 100) return percent / 100;
  throw new UserError(`${option} is "${given}": give a percentage from 0 to 100.`, 2);
}

function readContract(given: Value): ContractName | undefined {
  if (given === undefined) return undefined;
  const known = contractNames.find((name) => name === given);
  if (known !== undefined) return known;
  throw new UserError(`--contract is "${text(given)}": give one of ${contractNames.join(", ")}.`, 2);
}

function readTime(given: Value): Options["time"] {
  if (given === undefined || given === "machine" || given === "orders") return given;
  throw new UserError(`--time is "${text(given)}": give orders or machine.`, 2);
}

function readRate(given: string): Rate {
  if (given === "max") return "max";
  const rate = Number(/^(\d+(?:\.\d+)?)(?:\/s)?$/.exec(given)?.[1]);
  if (rate > 0 && rate <= 100_000) return rate;
  throw new UserError(`--rate is "${given}": give orders a second such as 50/s, or "max".`, 2);
}

function readFolder(given: string): string {
  if (given !== "") return given;
  throw new UserError("--data-folder is empty: give the path of a folder.", 2);
}

function readDatabase(
  values: Readonly<Record<"database" | "data-folder", Value>>,
  env: Environment,
): DatabaseChoice {
  const dataFolder = readFolder(text(values["data-folder"]));
  const variable = env[databaseVariable];
  if (values.database !== undefined) {
    return { dataFolder, url: readUrl("--database", text(values.database)), isFromEnvironment: false };
  }
  if (variable === undefined || variable === "")
    return { dataFolder, url: undefined, isFromEnvironment: false };
  return { dataFolder, url: readUrl(databaseVariable, variable), isFromEnvironment: true };
}

function readUrl(source: string, url: string): string {
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  // A "/" or "#" in a password ends the host's part early: the rest of it stands where names are printed.
  const isWhole = parsed?.hash === "" && !parsed.pathname.includes("@");
  if (isWhole && /^postgres(ql)?:$/.test(parsed.protocol)) return url;
  // The value stays out of the sentence: a password may be in it.
  throw new UserError(
    `${source} is not a PostgreSQL URL: give one such as postgres://user@127.0.0.1:5432/pizza, with "/" in a password as %2F and "#" as %23.`,
    2,
  );
}

function readWhole(
  option: string,
  given: string,
  limits: { readonly min: number; readonly max: number },
): number {
  const number = Number(given);
  if (/^\d+$/.test(given) && number >= limits.min && number <= limits.max) return number;
  throw new UserError(`${option} is "${given}": give a whole number from ${limits.min} to ${limits.max}.`, 2);
}
