// Sends a command about an order to the running pizza place, waits for its outcome, and says it in one line.
import { systemAmbient } from "quadrille";
import { z } from "zod";
import { readAddress } from "../../shared/address.ts";
import { dollars } from "../../shared/money.ts";
import type { PlaceRequest, WantedOutcome } from "./order-options.ts";
import { UserError } from "../../shared/user-error.ts";

const Order = z.looseObject({
  orderId: z.string(),
  state: z.string(),
  totalCents: z.int().optional(),
  revision: z.int().optional(),
  reason: z.string().optional(),
  kept: z.object({ request: z.string(), reason: z.string() }).optional(),
});
type Order = z.infer<typeof Order>;
const Problem = z.looseObject({ detail: z.string() });
const OrderPage = z.looseObject({ orders: z.array(z.looseObject({ orderId: z.string() })) });
const Saga = z.looseObject({ states: z.record(z.string(), z.string()) });

/** Fewer characters of an id name nothing. */
const charactersMin = 4;
/** Ids that a sentence lists. */
const listedMax = 10;

/** How often an order is looked at until its partners have decided. */
const lookMs = 100;

/** What to print, and the exit code. */
interface Printed {
  readonly text: string;
  readonly exitCode: 0 | 1;
}

/** Sends a request to the running process. Rejects with a {@link UserError} where none answers. */
type Ask = (method: PlaceRequest["method"], path: string, body?: unknown) => Promise<Response>;

/** Rejects with a {@link UserError} where no process answers. */
export async function askRunning(request: PlaceRequest): Promise<Printed> {
  const { dataFolder, json, outcome } = request;
  const ask = await askIn(dataFolder);
  const answer = await answerTo(request, ask);
  const found: unknown = await answer.json();
  const text = json ? JSON.stringify(found, undefined, 2) : undefined;
  if (!answer.ok) return { text: text ?? Problem.parse(found).detail, exitCode: 1 };
  const order = Order.parse(found);
  if (outcome !== undefined) return await outcomeOf(order, { ask, json, outcome });
  return { text: text ?? lineOf(order), exitCode: 0 };
}

/** The answer for the id as it is given; where there is none, for the only one that begins so. */
async function answerTo({ method, at, orderId, body }: PlaceRequest, ask: Ask): Promise<Response> {
  const { path, action } = at;
  const pathOf = (id: string): string =>
    [`/${path}/${encodeURIComponent(id)}`, ...(action === undefined ? [] : [action])].join("/");
  const answer = await ask(method, pathOf(orderId), body);
  if (answer.status !== 404 || orderId.length < charactersMin) return answer;
  const query = new URLSearchParams({ prefix: orderId, limit: String(listedMax + 1) });
  const { orders } = OrderPage.parse(await (await ask("GET", `/orders?${query.toString()}`)).json());
  const [only] = orders;
  if (only === undefined) return answer;
  if (orders.length === 1) return await ask(method, pathOf(only.orderId), body);
  const ids = orders.slice(0, listedMax).map((order) => order.orderId);
  const [count, more] =
    orders.length > listedMax ? [`More than ${listedMax}`, ", …"] : [String(ids.length), ""];
  throw new UserError(
    `${count} orders begin with ${orderId}: ${ids.join(", ")}${more}. Give more of the id.`,
    1,
  );
}

async function askIn(dataFolder: string): Promise<Ask> {
  const url = await readAddress(dataFolder);
  return async (method, path, body) => {
    const sent =
      body === undefined
        ? {}
        : { body: JSON.stringify(body), headers: { "content-type": "application/json" } };
    const answer =
      url === undefined
        ? undefined
        : await fetch(`${url}${path}`, { method, ...sent }).catch(() => undefined);
    if (answer !== undefined) return answer;
    throw new UserError(
      `No pizza place runs with the data folder ${dataFolder}: run npm start, or name its folder with --data-folder.`,
      1,
    );
  };
}

interface WaitedOutcome {
  readonly ask: Ask;
  readonly json: boolean;
  readonly outcome: WantedOutcome;
}

const never = new AbortController().signal;
const done = { cancelOrder: "cancelled", reviseOrder: "revised" } as const;

/** Waits until the order's partners have decided on a request that was taken: then it leaves its lock. */
async function outcomeOf(taken: Order, waiting: WaitedOutcome): Promise<Printed> {
  const { ask, json, outcome } = waiting;
  const { request, waitSeconds } = outcome;
  const order = await untilLeft(taken, waiting);
  const { orderId, state, kept } = order;
  const printed = (text: string, exitCode: Printed["exitCode"]): Printed => ({
    text: json ? JSON.stringify(order, undefined, 2) : text,
    exitCode,
  });
  if (state === taken.state) {
    const late = `The request was taken, and order ${orderId} is ${state} after ${waitSeconds} s: npm run quadrille -- saga ${orderId} says what it waits for.`;
    return printed(late, 1);
  }
  if (kept?.request !== request) return printed(lineOf(order), 0);
  const { states } = Saga.parse(await (await ask("GET", `/sagas/${encodeURIComponent(orderId)}`)).json());
  const refused = `Order ${orderId} was not ${done[request]}: ${kept.reason}. It stays ${state}, and its ticket is ${states["Kitchen"]}.`;
  return printed(refused, 1);
}

/** The order when it has left the state that the request put it in, or when the time is over. */
async function untilLeft(taken: Order, { ask, outcome: { waitSeconds } }: WaitedOutcome): Promise<Order> {
  const { clock } = systemAmbient();
  const path = `/orders/${encodeURIComponent(taken.orderId)}`;
  const over = clock.steady() + waitSeconds * 1_000;
  for (;;) {
    const order = Order.parse(await (await ask("GET", path)).json());
    if (order.state !== taken.state || clock.steady() >= over) return order;
    await clock.sleep(lookMs, never);
  }
}

function lineOf({ orderId, state, totalCents, revision = 0, reason, kept }: Order): string {
  const parts = [
    `${orderId}: ${state}`,
    ...(reason === undefined ? [] : [reason]),
    ...(totalCents === undefined ? [] : [dollars(totalCents)]),
    ...(revision === 0 ? [] : [`revision ${revision}`]),
    ...(kept === undefined ? [] : [`${kept.request} was refused: ${kept.reason}`]),
  ];
  return parts.join(", ");
}
