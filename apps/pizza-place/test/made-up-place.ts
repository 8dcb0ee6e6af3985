// For tests: the HTTP API over a place made up for them, without a database.
import { systemAmbient } from "quadrille";
import { makeApi } from "../src/http/api.ts";
import { menuOf } from "../src/order/menu.ts";
import type { OrderView } from "../src/order/order-book.ts";
import type { PizzaPlace } from "../src/place.ts";

const menu = menuOf([
  { pizza: "hawaiian", title: "The Hawaiian Pizza", category: "Classic", size: "M", price: 1325 },
  { pizza: "hawaiian", title: "The Hawaiian Pizza", category: "Classic", size: "S", price: 1050 },
  { pizza: "mexicana", title: "The Mexicana Pizza", category: "Veggie", size: "L", price: 2025 },
]);
export const form = { consumerId: "consumer-0001", lines: [{ pizza: "hawaiian", size: "M", quantity: 2 }] };
export const order: OrderView = {
  orderId: "order-1",
  state: "APPROVED",
  reason: undefined,
  consumerId: "consumer-0001",
  placedAt: "2015-01-01T12:00:00",
  lines: [{ pizza: "hawaiian", size: "M", quantity: 2, price: 1325 }],
  total: 2650,
  revision: 0,
  kept: undefined,
};
export const accepted = {
  status: "accepted",
  sagaId: "order-1",
  key: "order-1",
  state: "APPROVAL_PENDING",
  outcome: "",
  repeated: false,
} as const;

export function place(changes: Partial<PizzaPlace> = {}): PizzaPlace {
  const known = async (ids: readonly string[]) => (ids.includes("order-1") ? [order] : []);
  return {
    menu,
    orders: { find: known, get: async (id) => (await known([id]))[0], page: async () => [order] },
    orderIds: async () => [],
    database: "a made-up database",
    now: () => "2015-01-01T12:00:00",
    placeOrder: async () => accepted,
    workOnTicket: async () => ({ ...accepted, state: "ACCEPTED" }),
    decideOnOrder: async () => ({ ...accepted, state: "CANCEL_PENDING" }),
    reviseOrder: async () => ({ ...accepted, state: "REVISION_PENDING" }),
    saga: async () => undefined,
    ended: async () => undefined,
    audit: async () => {
      throw new Error("no books here");
    },
    status: () => [],
    ...changes,
  };
}

export const logged: string[] = [];
function api(changes: Partial<PizzaPlace> = {}) {
  const { clock } = systemAmbient();
  const stopping = new AbortController().signal;
  return makeApi(place(changes), { clock, stopping, log: (line) => void logged.push(line) });
}

export interface Sent {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly changes?: Partial<PizzaPlace>;
}

export async function ask(path: string, { method = "GET", headers = {}, body, changes }: Sent = {}) {
  const all = { host: "127.0.0.1:4040", ...headers };
  const response = await api(changes).request(`http://127.0.0.1:4040${path}`, {
    method,
    headers: all,
    ...(body === undefined ? {} : { body }),
  });
  const text = await response.text();
  const json: unknown = text === "" ? undefined : JSON.parse(text);
  return {
    status: response.status,
    headers: response.headers,
    type: response.headers.get("content-type"),
    json,
  };
}
