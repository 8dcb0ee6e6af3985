// The command line of `npm run order`: what is asked for, and one clear sentence for each mistake.
import { parseArgs } from "node:util";
import { sizes } from "../../events/order.ts";
import { UserError } from "../../shared/user-error.ts";

/** A line of a revision, as the API takes it. */
export interface WantedLine {
  readonly pizza: string;
  readonly size: string;
  readonly quantity: number;
}

/** A request that the order's partners may still refuse after it was taken. */
export interface WantedOutcome {
  readonly request: "cancelOrder" | "reviseOrder";
  /** How long to wait for it, from 1 to 60. */
  readonly waitSeconds: number;
}

/** Where the API takes the request: below the order's id, where there is an action. */
export interface OrderPlace {
  readonly path: "orders" | "tickets";
  readonly action?: string;
}

/** What is asked of the running process. */
export interface PlaceRequest {
  readonly method: "GET" | "POST";
  readonly at: OrderPlace;
  /** The order's id, or the beginning of it. */
  readonly orderId: string;
  readonly body: { readonly lines: readonly WantedLine[]; readonly revision?: number } | undefined;
  /** The outcome to wait for; absent where the answer says it, or where it is not waited for. */
  readonly outcome: WantedOutcome | undefined;
  readonly dataFolder: string;
  readonly json: boolean;
}

const ofOrder = ["cancel", "approve", "decline"];
const ofTicket = ["accept", "prepare", "ready", "pick-up"];
/** What partners are asked about: the answer comes before their decision. */
const decidedLater: Readonly<Record<string, WantedOutcome["request"]>> = {
  cancel: "cancelOrder",
  revise: "reviseOrder",
};

/** In seconds; the API waits no longer. */
const wait = { usual: 30, max: 60 };

export const orderHelp: string = `Changes an order at the running pizza place (npm start). Exit 0 if it was done, 1 if not, with what holds it.

Usage: npm run order -- show|cancel|approve|decline|accept|prepare|ready|pick-up ID [options]
       npm run order -- revise ID PIZZA:SIZE:QUANTITY... [options]

  show                         the order as it is; the beginning of an id does where no other order's begins so
  cancel, revise               as its consumer; waits until the kitchen and accounting have agreed or refused
  approve, decline             as the person who approves large orders (npm start -- --contract careful)
  accept, prepare, ready, pick-up   as the kitchen's staff, in this order

  --revision N          revise: the order's revision that you saw; where it is another by now, yours is refused
  --wait SECONDS        cancel, revise: how long to wait for that (default ${wait.usual}, at most ${wait.max}; with 0 the exit code says that it was taken)
  --data-folder FOLDER  of the running process (default .quadrille)
  --json                the answer as JSON
  --help                this text

Examples:
  npm run order -- cancel 0190f3b2-6a0e-7c1e-9b7a-2f6a1f0c5d11
  npm run order -- revise 0190f3b2-6a0e-7c1e-9b7a-2f6a1f0c5d11 hawaiian:M:2 big_meat:S:1
`;

/** Reads the arguments; "help" when help was asked for. Throws a {@link UserError} that names a wrong one. */
export function readOrderRequest(args: readonly string[]): PlaceRequest | "help" {
  const { values, positionals } = parse(args);
  if (values.help === true) return "help";
  const [action = "", orderId = "", ...rest] = positionals;
  const at = placeOf(action, orderId);
  if (action !== "revise" && rest.length > 0)
    throw new UserError(`${action} takes one order's id, and no ${rest[0]}.`, 2);
  if (action !== "revise" && values.revision !== undefined)
    throw new UserError("--revision goes with revise only.", 2);
  const later = decidedLater[action];
  if (later === undefined && values.wait !== undefined)
    throw new UserError("--wait goes with cancel and revise only.", 2);
  const waitSeconds = readWait(values.wait);
  return {
    method: action === "show" ? "GET" : "POST",
    at,
    orderId,
    body: action === "revise" ? { lines: readLines(rest), ...readRevision(values.revision) } : undefined,
    outcome: later === undefined || waitSeconds === 0 ? undefined : { request: later, waitSeconds },
    dataFolder: values["data-folder"] ?? ".quadrille",
    json: values.json === true,
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        revision: { type: "string" },
        wait: { type: "string" },
        "data-folder": { type: "string" },
        json: { type: "boolean" },
        help: { type: "boolean", short: "h" },
      },
    });
  } catch (error) {
    const [sentence = "The options cannot be read"] =
      error instanceof Error ? error.message.split(/\.\s/) : [];
    throw new UserError(`${sentence.replace(/\.$/, "")}: --help lists the options.`, 2);
  }
}

function placeOf(action: string, orderId: string): OrderPlace {
  const known = ["show", "revise", ...ofOrder, ...ofTicket];
  if (!known.includes(action)) {
    const what = action === "" ? "Nothing is asked for" : `"${action}" is not known`;
    throw new UserError(`${what}: give one of ${known.join(", ")}, and an order's id.`, 2);
  }
  if (orderId === "")
    throw new UserError(`${action} needs an order's id: npm run quadrille -- sagas lists them.`, 2);
  if (action === "show") return { path: "orders" };
  return { path: ofTicket.includes(action) ? "tickets" : "orders", action };
}

function readLines(given: readonly string[]): readonly WantedLine[] {
  if (given.length === 0)
    throw new UserError(
      "revise needs at least one line such as hawaiian:M:2, a pizza, its size and how many.",
      2,
    );
  return given.map((text) => {
    const [, pizza = "", size = "", quantity = ""] = /^([\w-]+):(\w+):(\d{1,2})$/.exec(text) ?? [];
    if (pizza !== "" && sizes.some((one) => one === size) && Number(quantity) > 0)
      return { pizza, size, quantity: Number(quantity) };
    throw new UserError(
      `"${text}" is not a line: give one such as hawaiian:M:2, with a size of ${sizes.join(", ")} and 1 to 50 pizzas.`,
      2,
    );
  });
}

function readRevision(given: string | undefined): { readonly revision?: number } {
  if (given === undefined) return {};
  if (/^\d{1,6}$/.test(given)) return { revision: Number(given) };
  throw new UserError(`--revision is "${given}": give a whole number from 0.`, 2);
}

function readWait(given: string | undefined): number {
  if (given === undefined) return wait.usual;
  if (/^\d{1,2}$/.test(given) && Number(given) <= wait.max) return Number(given);
  throw new UserError(`--wait is "${given}": give whole seconds from 0 to ${wait.max}.`, 2);
}
