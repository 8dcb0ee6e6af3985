// Turns an order form into an order by the menu.
import type { OrderRequest } from "../events/order.ts";
import { type Menu, totalOf } from "../order/menu.ts";
import { type FieldProblem, Problem } from "./problem.ts";
import type { OrderForm } from "./schemas.ts";

/**
 * Prices the form by the menu. Throws a {@link Problem} that names every line whose pizza or size is not
 * sold.
 */
export function priceOrder(
  form: Pick<OrderForm, "consumerId" | "lines" | "placedAt">,
  menu: Menu,
  now: string,
): OrderRequest {
  const errors = form.lines.flatMap((line, index) => lineProblems(line, index, menu));
  if (errors.length > 0) {
    throw new Problem(422, {
      name: "unknown-pizza",
      title: "Unknown pizza",
      detail: "The order asks for a pizza or a size that is not sold: look at GET /menu.",
      errors,
    });
  }
  const lines = form.lines.map((line) => ({ ...line, price: menu.price(line.pizza, line.size) ?? 0 }));
  return { consumerId: form.consumerId, placedAt: form.placedAt ?? now, lines, total: totalOf(lines) };
}

function lineProblems(line: OrderForm["lines"][number], index: number, menu: Menu): readonly FieldProblem[] {
  const sold = menu.sizesOf(line.pizza);
  if (sold.length === 0) {
    const pizzas = [...new Set(menu.items.map(({ pizza }) => pizza))];
    return [{ pointer: `/lines/${index}/pizza`, expected: `one of ${pizzas.join(", ")}` }];
  }
  if (sold.includes(line.size)) return [];
  return [{ pointer: `/lines/${index}/size`, expected: `one of ${sold.join(", ")}` }];
}
