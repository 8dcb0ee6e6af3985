// The rules about choreographies that meet: tastings that begin with what a dinner has cooked.
import { z } from "zod";
import type { Choreography } from "../src/contract/choreography.ts";
import { from } from "../src/contract/elsewhere.ts";
import { to } from "../src/contract/outcome.ts";
import { ignore, never, on } from "../src/contract/reaction.ts";
import { command, event, type EventType } from "../src/contract/trigger.ts";
import type { WellFormedCode } from "../src/contract/rules/well-formed-rules.ts";
import { byTable, cook, Cooked, cookStates, dance, guest, Ordered, party } from "./well-formed-dinner.ts";
import type { Examples } from "./well-formed-example.ts";

const cookMore = command("cookMore");
const Praised: EventType = event("Praised");

/** A critic who tastes what was cooked elsewhere, and praises it. */
function tasting(more: Partial<Choreography> = {}, dish: EventType = Cooked): Choreography {
  const critic = party("Critic", { HUNGRY: [on(dish, to("FULL").emits(Praised))], FULL: [never(dish)] });
  return dance([critic], {
    name: "Tasting",
    ends: { praised: { states: { Critic: "FULL" }, tally: {} } },
    publicEvents: ["Praised"],
    takes: [from("Dinner", dish)],
    ...more,
  });
}

/** One critic for all dinners. */
const sharedTasting: Choreography = dance(
  [
    party("Critic", {
      HUNGRY: [on(Cooked, to("FULL").emits(Praised), { by: byTable })],
      FULL: [ignore(Cooked)],
    }),
  ],
  {
    name: "Tasting",
    ends: { tasted: { states: {}, tally: {} } },
    publicEvents: ["Praised"],
    takes: [from("Dinner", Cooked, { budget: 2 })],
  },
);

const openDinner = dance([guest, cook], { publicEvents: ["Cooked"] });

const Dish = (name: z.ZodType): EventType => event("Cooked", z.object({ name }));
const namedDish = Dish(z.string());
const dinnerOfDishes = dance(
  [
    party("Guest", { HUNGRY: [on(namedDish, to("FED"))], FED: [ignore(namedDish)] }),
    party("Cook", { IDLE: [on(Ordered, to("DONE").emits(namedDish))], DONE: [never(Ordered)] }),
  ],
  { publicEvents: ["Cooked"], takes: [from("Orders", Ordered)] },
);

/** A cook who cooks again when he is praised. */
const vainDinner = dance(
  [
    guest,
    party("Cook", {
      ...cookStates,
      IDLE: [on(Ordered, to("DONE").emits(Cooked)), on(Praised, to("DONE").emits(Cooked))],
      DONE: [never(Ordered), ignore(Praised)],
    }),
  ],
  { publicEvents: ["Cooked"], takes: [from("Tasting", Praised)] },
);

/** A cook who cooks again for who is still hungry. */
const longDinner = dance(
  [
    guest,
    party("Cook", {
      IDLE: [on(Ordered, to("COOKED").emits(Cooked))],
      COOKED: [never(Ordered), on(cookMore, to("DONE").emits(Cooked))],
      DONE: [never(Ordered)],
    }),
  ],
  { publicEvents: ["Cooked"], commands: { place: 1, cookMore: 1 } },
);

/** Examples for each code, the plainest first. */
export const systemExamples: Readonly<
  Record<Extract<WellFormedCode, "W25" | "W26" | "W27" | "W30" | "W33" | "W35">, Examples>
> = {
  W25: [
    {
      says: 'Ordered is taken from "Dinner", and no participant here reacts to it',
      broken: tasting({ takes: [from("Dinner", Cooked), from("Dinner", Ordered)] }),
      clean: tasting(),
      beside: [openDinner],
    },
    {
      says: 'Praised is taken from "Dinner", and Critic emits it here',
      broken: tasting({ takes: [from("Dinner", Cooked), from("Dinner", Praised)] }),
      clean: tasting(),
      beside: [openDinner],
    },
    {
      says: 'Ordered is taken from "Dinner", where it is not public',
      broken: tasting({}, Ordered),
      clean: tasting(),
      beside: [openDinner],
    },
  ],
  W26: [
    {
      says: 'Cooked from "Dinner": name may be written as "a", and must be number',
      broken: tasting({}, Dish(z.number())),
      clean: tasting({}, namedDish),
      beside: [dinnerOfDishes],
    },
    {
      // A default is for what enters, and this event entered there.
      says: 'Cooked from "Dinner": size is required, and may be missing in what is stored',
      broken: tasting({}, event("Cooked", z.object({ name: z.string(), size: z.int().default(1) }))),
      clean: tasting({}, event("Cooked", z.object({ name: z.string(), size: z.int().optional() }))),
      beside: [dinnerOfDishes],
    },
  ],
  W27: [
    {
      says: "Tasting is caused by itself: Tasting publishes Praised, which Dinner takes; Dinner publishes Cooked, which Tasting takes",
      broken: tasting(),
      clean: tasting({ takes: [from("Market", Cooked)] }),
      beside: [vainDinner],
    },
  ],
  W30: [
    {
      says: "one saga of Dinner may publish Cooked more than once, and its budget here is 1",
      broken: tasting({ takes: [from("Dinner", Cooked, { saga: byTable })] }),
      clean: tasting({ takes: [from("Dinner", Cooked)] }),
      beside: [longDinner],
    },
  ],
  W33: [
    {
      says: 'Cooked is taken from "Diner", which is not among the choreographies that are checked together; Dinner publishes an event of that name',
      broken: tasting({ takes: [from("Diner", Cooked)] }),
      clean: tasting(),
      beside: [openDinner],
    },
    {
      says: 'Ordered is taken from "Orders", which is not among the choreographies that are checked together',
      broken: dinnerOfDishes,
      clean: openDinner,
      beside: [tasting()],
    },
  ],
  W35: [
    {
      says: "Cooked starts a saga, which gets it once, and its budget is 2",
      broken: tasting({ takes: [from("Dinner", Cooked, { budget: 2 })] }),
      clean: tasting(),
      beside: [openDinner],
    },
    {
      says: "Cooked starts a saga, which gets it once, and its budget is unbounded",
      broken: tasting({ takes: [from("Dinner", Cooked, { budget: "unbounded" })] }),
      clean: sharedTasting,
      beside: [openDinner],
    },
  ],
};
