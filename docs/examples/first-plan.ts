// The example of the planner's page: a snapshot, its plan, and the reasons.
import { embeddedPlanner, type PlanningSnapshot, whyItem } from "quadrille-planner";

const snapshot: PlanningSnapshot = {
  asOf: "2026-06-01",
  currency: "USD",
  items: [
    {
      id: "mozzarella",
      unit: "g",
      onHand: 9_000,
      shelfLifeDays: 14,
      demand: {
        from: "2026-05-18",
        quantities: [4100, 3900, 4300, 4000, 5200, 5600, 3800, 4200, 4000, 4100, 4400, 5100, 5700, 3900],
      },
      openOrders: [{ id: "PO-17", supplier: "dairy", quantity: 10_000, placedOn: "2026-05-27" }],
      offers: [{ supplier: "dairy", pack: 1_000, packPrice: 900, promisedDays: 2 }], // 9.00 USD a kilogram
      costs: { holding: 0.001, shortage: 3 }, // cents a gram: a night in the store, and a gram that is missing
    },
  ],
  suppliers: [
    {
      id: "dairy",
      orderCost: 2_000, // 20.00 USD for a delivery
      deliveries: [
        { placedOn: "2026-05-12", arrivedOn: "2026-05-14", promisedDays: 2 },
        { placedOn: "2026-05-20", arrivedOn: "2026-05-22", promisedDays: 2 },
      ],
    },
  ],
};

const plan = embeddedPlanner.plan(snapshot);
const why = whyItem(plan, "mozzarella");
console.log(why?.headline);
for (const { about, text } of why?.grounds ?? []) console.log(`- ${about}: ${text}`);
