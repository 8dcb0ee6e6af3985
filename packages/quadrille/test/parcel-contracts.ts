// Versions of two contracts: a shop that publishes orders, and a depot that sends parcels.
import { choreography, type Choreography } from "../src/contract/choreography.ts";
import { type Service, service } from "../src/contract/handler.ts";
import { to } from "../src/contract/outcome.ts";
import { participant, type Participant } from "../src/contract/participant.ts";
import { on } from "../src/contract/reaction.ts";
import { command, type CommandType, event } from "../src/contract/trigger.ts";

const placeCommand = command("place");
/** Places an order. */
export const place: CommandType<"place", undefined> = placeCommand;
const Placed = event("Placed");
const Gift = event("Gift");
const Ordered = event("Ordered");

/** A participant and its code, which has nothing to choose. */
export interface Version {
  readonly participant: Participant;
  readonly service: Service;
}

function version(declared: Participant): Version {
  return { participant: declared, service: service(declared) };
}

const entity = { initial: "none" } as const;
const parcel = { ...entity, entity: "Parcel" } as const;
const sale = { ...entity, entity: "Sale" } as const;

/** Publishes each order, and the gift that goes with it. */
export const shop: Version = version(
  participant("Shop", {
    ...sale,
    states: { none: [on(placeCommand, to("DONE").emits(Placed, Gift))], DONE: [] },
  }),
);
/** A version before gifts. */
export const shopWithoutGifts: Version = version(
  participant("Shop", { ...sale, states: { none: [on(placeCommand, to("DONE").emits(Placed))], DONE: [] } }),
);
/** The event has another name. */
export const shopRenamed: Version = version(
  participant("Shop", { ...sale, states: { none: [on(placeCommand, to("DONE").emits(Ordered))], DONE: [] } }),
);

/** Sends a parcel for each order. */
export const depot: Version = version(
  participant("Depot", { ...parcel, states: { none: [on(Placed, to("SHIPPED"))], SHIPPED: [] } }),
);
/** Wants the gift too, in any order. */
export const depotOfGifts: Version = version(
  participant("Depot", {
    ...parcel,
    states: {
      none: [on(Placed, to("SHIPPED")), on(Gift, to("WRAPPED"))],
      SHIPPED: [on(Gift, to("BOTH"))],
      WRAPPED: [on(Placed, to("BOTH"))],
      BOTH: [],
    },
  }),
);
/** Wants gifts from before its first start too. */
export const depotOfAllGifts: Version = version(
  participant("Depot", {
    ...parcel,
    states: {
      none: [on(Placed, to("SHIPPED")), on(Gift, to("WRAPPED"), { from: "beginning" })],
      SHIPPED: [on(Gift, to("BOTH"))],
      WRAPPED: [on(Placed, to("BOTH"))],
      BOTH: [],
    },
  }),
);
/** Takes the event by its new name alone. */
export const depotRenamed: Version = version(
  participant("Depot", { ...parcel, states: { none: [on(Ordered, to("SHIPPED"))], SHIPPED: [] } }),
);
/** A state has another name. */
export const depotSending: Version = version(
  participant("Depot", { ...parcel, states: { none: [on(Placed, to("SENT"))], SENT: [] } }),
);
/** One more state and nothing less: whatever is under way is understood. */
export const depotWithReturns: Version = version(
  participant("Depot", {
    ...parcel,
    states: { none: [on(Placed, to("SHIPPED"))], SHIPPED: [], RETURNED: [] },
  }),
);
/** The participant has another name. */
export const warehouse: Version = version(
  participant("Warehouse", { ...parcel, states: { none: [on(Placed, to("SHIPPED"))], SHIPPED: [] } }),
);

const bonusState = { ...entity, entity: "Bonus" } as const;
/** Gives something for each order. */
export const bonus: Version = version(
  participant("Bonus", { ...bonusState, states: { none: [on(Placed, to("GIVEN"))], GIVEN: [] } }),
);
/** Gives something for earlier orders as well. */
export const bonusForAll: Version = version(
  participant("Bonus", {
    ...bonusState,
    states: { none: [on(Placed, to("GIVEN"), { from: "beginning" })], GIVEN: [] },
  }),
);

/** The choreography of these versions. */
export function parcels(...versions: readonly Version[]): Choreography {
  return choreography("Parcels", {
    participants: versions.map(({ participant: one }) => one),
    publicEvents: [Gift, Placed, Ordered],
    ends: {},
  });
}
