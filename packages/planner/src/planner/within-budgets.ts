// Orders are cut to the money there is: what loses most by waiting, for its price, is bought first.
import type { DecidedLine, Decision } from "./decision.ts";
import type { Prepared } from "./prepare.ts";

/** Cuts the decisions, in their order, so that no budget is exceeded. */
export function withinBudgets({ snapshot }: Prepared, decisions: readonly Decision[]): readonly Decision[] {
  if (snapshot.budgets === undefined || snapshot.budgets.length === 0) return decisions;
  const left = new Map(
    snapshot.budgets.map(({ id, limit, reserved, spent }) => [id, limit - reserved - spent]),
  );
  return decisions.map((decision) => {
    const budgets = (snapshot.budgets ?? []).filter(
      ({ supplier }) => supplier === undefined || supplier === decision.supplier,
    );
    const most = Math.min(...budgets.map(({ id }) => left.get(id) ?? 0));
    const cut = withinMoney(decision, most);
    const price = orderPrice(cut);
    for (const { id } of budgets) left.set(id, (left.get(id) ?? 0) - price);
    return cut;
  });
}

function withinMoney(decision: Decision, most: number): Decision {
  if (orderPrice(decision) <= most) return decision;
  let rest = most - decision.orderCost;
  const cut = new Map<DecidedLine, DecidedLine>();
  for (const line of decision.lines.toSorted((a, b) => worth(b) - worth(a))) {
    const bought = linesMoney(line, rest);
    cut.set(line, bought);
    rest -= linePrice(bought);
  }
  return { ...decision, lines: decision.lines.map((line) => cut.get(line) ?? line) };
}

/** As many packs of a line as the money buys, none where that is less than the minimum. */
function linesMoney(line: DecidedLine, money: number): DecidedLine {
  if (line.quantity === 0 || linePrice(line) <= money) return line;
  const { pack, packPrice, packsMin = 1 } = line.chosen.plan.offer;
  const packs = Math.max(0, Math.floor(money / packPrice));
  const quantity = packs >= packsMin ? packs * pack : 0;
  return {
    ...line,
    quantity,
    caps: [...line.caps, { by: "budget", from: line.quantity, to: quantity }],
    ...(quantity === 0 ? { blocked: "budget" } : {}),
  };
}

/** What waiting would lose for each unit of money that the line costs. */
function worth(line: DecidedLine): number {
  return line.chosen.plan.waiting / Math.max(1, linePrice(line));
}

function linePrice({ quantity, chosen }: DecidedLine): number {
  const { pack, packPrice } = chosen.plan.offer;
  return (quantity / pack) * packPrice;
}

function orderPrice({ orderCost, lines }: Decision): number {
  const price = lines.reduce((sum, line) => sum + linePrice(line), 0);
  return price > 0 ? orderCost + price : 0;
}
