// What `quadrille-planner/policy` exports: the textbook policies as functions, with the lost-sales oracle.
export { baseStockLevel, baseStockOrder, cappedBaseStockOrder } from "./base-stock.ts";
export { type DemandDrivenBuffer, demandDrivenBuffer, demandDrivenOrder } from "./demand-driven-buffer.ts";
export { type Chances, convolved, geometric, poisson, quantile } from "./distribution.ts";
export { type EconomicOrder, economicOrderQuantity } from "./economic-order-quantity.ts";
export {
  type Evaluation,
  type LostSalesSystem,
  optimalCost,
  policyCost,
  policyOf,
  type StateSpace,
  stateSpace,
} from "./lost-sales.ts";
export { type NewsvendorOrder, newsvendorNormal } from "./newsvendor.ts";
export { projectedInventory, projectedInventoryOrder } from "./projected-inventory.ts";
export { type ReorderPoint, reorderPoint } from "./reorder-point.ts";
export { type ReorderUpTo, reorderUpTo } from "./reorder-up-to.ts";
export { type LotSizes, wagnerWhitin } from "./wagner-whitin.ts";
