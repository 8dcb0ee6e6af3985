// A refused command: what holds it, since when, and by which request. Read from the saga's timeline for this
// answer only.
import type { Answer } from "quadrille";
import type { SagaReport } from "quadrille/operations";
import type { PizzaPlace } from "../place.ts";
import { Problem } from "./problem.ts";

/** What was asked for, and of what. */
export interface Asked {
  readonly thing: "order" | "ticket";
  readonly action: string;
  /** The state in which it is possible. */
  readonly from: string;
}

/** The requests that lock a ticket, by the event that brings them there. */
const requests: Readonly<Record<string, string>> = {
  OrderCreated: "createOrder",
  OrderCancelRequested: "cancelOrder",
  OrderRevisionProposed: "reviseOrder",
};

/** The problem to answer with. */
export async function refusal(
  place: PizzaPlace,
  answer: Extract<Answer, { status: "refused" }>,
  { thing, action, from }: Asked,
): Promise<Problem> {
  const { sagaId, state, heldBy } = answer;
  const participant = thing === "order" ? "Order" : "Kitchen";
  const entered = enteredBy(await place.saga(sagaId), participant, state);
  const since = entered === undefined ? undefined : new Date(entered.time).toISOString();
  const request = entered === undefined ? undefined : (requests[entered.trigger] ?? entered.trigger);
  const history = since === undefined ? "" : ` since ${since}, by ${request}`;
  const name = thing === "order" ? `order ${sagaId}` : `the ticket of order ${sagaId}`;
  return new Problem(409, {
    name: heldBy === "state" ? "wrong-state" : "locked",
    title: heldBy === "state" ? `The ${thing} is in another state` : `The ${thing} is locked`,
    detail: `To ${action} ${name} it must be ${from}, and it is ${state}${history}.${advice[heldBy]}`,
    more: {
      state,
      expectedState: from,
      heldBy,
      ...(since === undefined ? {} : { since }),
      ...(request === undefined ? {} : { request }),
      saga: `/sagas/${sagaId}`,
    },
  });
}

const advice = {
  state: "",
  lock: " It is held by a semantic lock: come back when that is over.",
  parked: " It is held by a parked message: come back when that is over.",
} as const;

/** The reaction by which the participant's entity came into the state that it is in. */
function enteredBy(saga: SagaReport | undefined, participant: string, state: string) {
  return saga?.timeline.findLast(
    (entry) => entry.participant === participant && entry.to === state && entry.from !== state,
  );
}
