// A public event taken from another choreography: it starts a saga here, or joins the saga that its payload
// names.
import { assertKnownKeys } from "./known-keys.ts";
import type { CommandBudget } from "./json-form.ts";
import type { EventType } from "./trigger.ts";

/** A public event of another choreography. */
export interface FromElsewhere {
  readonly kind: "from elsewhere";
  readonly event: EventType;
  /** The name of the choreography that lists it as public. */
  readonly from: string;
  /** Takes the id of the saga that it joins from the payload; if absent, each event starts a saga. */
  readonly saga: ((data: never) => string) | undefined;
  /** How often it may come within one saga. */
  readonly budget: CommandBudget;
}

/** Options of {@link from}. */
export interface FromOptions<Data> {
  /**
   * The id of the saga that it belongs to, from its payload. That saga may exist already, or begin with this
   * event.
   */
  readonly saga?: (data: Data) => string;
  /** How often it may come within one saga, as explored by the checker; once by default. */
  readonly budget?: CommandBudget;
}

/**
 * Says that an event is taken from another choreography, where it is public:
 * `takes: [from(orders, OrderApproved)]`. Each one starts a saga, unless its payload names one. A
 * choreography of another repository is given by its name.
 */
export function from<Data>(
  choreography: { readonly name: string } | string,
  event: EventType<string, Data>,
  options: FromOptions<Data> = {},
): FromElsewhere {
  assertKnownKeys(`from(…, ${event.name})`, options, ["saga", "budget"]);
  return Object.freeze({
    kind: "from elsewhere",
    event,
    from: typeof choreography === "string" ? choreography : choreography.name,
    saga: options.saga,
    budget: options.budget ?? 1,
  });
}
