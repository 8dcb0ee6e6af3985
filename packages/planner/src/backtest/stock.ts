// Stock of one item in a backtest: batches by their last day of use, the oldest sold first.

/** Units that expire together. */
interface Lot {
  quantity: number;
  /** Day number; `Infinity` where it keeps for ever. */
  readonly lastDay: number;
}

/** The batches of an item. */
export interface Stock {
  readonly lots: Lot[];
}

/** Without any batch. */
export function emptyStock(): Stock {
  return { lots: [] };
}

/** Units in the house. */
export function onHand({ lots }: Stock): number {
  return lots.reduce((sum, { quantity }) => sum + quantity, 0);
}

/** Adds units with their last day of use. */
export function receive({ lots }: Stock, quantity: number, lastDay: number): void {
  const at = lots.findIndex((lot) => lot.lastDay > lastDay);
  lots.splice(at < 0 ? lots.length : at, 0, { quantity, lastDay });
}

/** Takes units, the oldest first; gives how many there were. */
export function take({ lots }: Stock, wanted: number): number {
  let rest = wanted;
  for (let first = lots[0]; first !== undefined && rest > 0; first = lots[0]) {
    const taken = Math.min(first.quantity, rest);
    first.quantity -= taken;
    rest -= taken;
    if (first.quantity === 0) lots.shift();
  }
  return wanted - rest;
}

/** Throws away what can not be used after the day; gives how much it was. */
export function expire({ lots }: Stock, day: number): number {
  let thrown = 0;
  for (let first = lots[0]; first !== undefined && first.lastDay <= day; first = lots[0]) {
    thrown += first.quantity;
    lots.shift();
  }
  return thrown;
}
