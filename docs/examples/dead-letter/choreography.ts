// A supper: a guest orders, the kitchen cooks. Small enough to watch one message go wrong.
import { choreography, command, event, lock, on, participant, to } from "quadrille";

export const orderSupper = command("orderSupper");
const SupperOrdered = event("SupperOrdered");
const SupperCooked = event("SupperCooked");

export const guest = participant("Guest", {
  entity: "Guest",
  initial: "HUNGRY",
  states: {
    HUNGRY: [on(orderSupper, to("WAITING").emits(SupperOrdered))],
    WAITING: lock([on(SupperCooked, to("FED"))]),
    FED: [],
  },
});

export const kitchen = participant("Kitchen", {
  entity: "Supper",
  initial: "NONE",
  states: {
    NONE: [on(SupperOrdered, to("COOKED").emits(SupperCooked))],
    COOKED: [],
  },
});

export const supper = choreography("Supper", {
  participants: [guest, kitchen],
  ends: {
    fed: { Guest: "FED", Kitchen: "COOKED" },
  },
});
