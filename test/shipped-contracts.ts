// Every contract of the repository: references, realistic ones, those of the pizza place and of the examples.
import { orderLife } from "../apps/pizza-place/src/choreography.ts";
import { carefulOrderLife } from "../apps/pizza-place/src/life/careful.ts";
import { orderLifeWithDeadline } from "../apps/pizza-place/src/life/with-deadline.ts";
import { supper } from "../docs/examples/dead-letter/choreography.ts";
import { sale } from "../docs/examples/first-saga.ts";
import { stay } from "../docs/examples/getting-started/contract.ts";
import { shipping } from "../docs/examples/guide/activities.ts";
import { billing } from "../docs/examples/guide/business-time.ts";
import { parcel } from "../docs/examples/guide/contracts.ts";
import { quoting } from "../docs/examples/guide/deadlines.ts";
import { loyalty, orders } from "../docs/examples/guide/loyalty-points.ts";
import { withdrawing } from "../docs/examples/guide/own-tables.ts";
import { lending } from "../docs/examples/guide/testing.ts";
import { cinema } from "../docs/examples/seat-hold.ts";
import type { Choreography } from "../packages/quadrille/src/contract/choreography.ts";
import type { ChoreographyJson } from "../packages/quadrille/src/contract/json-form.ts";
import { toJson } from "../packages/quadrille/src/contract/json/to-json.ts";
import { realistic } from "../packages/quadrille/test/realistic-choreographies.ts";
import { references } from "../packages/quadrille/test/references.ts";

/** All of them, by name. */
export function shippedContracts(): readonly (readonly [name: string, contract: ChoreographyJson])[] {
  const written: Readonly<Record<string, Choreography>> = {
    "pizza place": orderLife,
    "pizza place, careful": carefulOrderLife,
    "pizza place, with deadline": orderLifeWithDeadline,
  };
  const examples = [
    supper,
    sale,
    stay,
    shipping,
    billing,
    parcel,
    quoting,
    orders,
    loyalty,
    withdrawing,
    lending,
    cinema,
  ];
  return [
    ...references,
    ...realistic("final"),
    ...Object.entries(written).map(([name, one]) => [name, toJson(one)] as const),
    ...examples.map((one) => [one.name, toJson(one)] as const),
  ];
}
