// For the tour: a transport that delivers events one at a time, in the order of a path, with positions of its
// own. To an engine it looks like a slow network: each source's rows still come in the order of their
// positions.
import type { EngineOptions } from "quadrille";

type Transport = NonNullable<EngineOptions["transport"]>;
type Delivery = Awaited<ReturnType<Transport["read"]>>;
type Row = Delivery["rows"][number];

/** Delivers to one participant. */
export class Postman implements Transport {
  readonly #delivered = new Map<string, Row[]>();
  readonly #wakes = new Map<string, (() => void)[]>();

  /** Delivers a row of the source; gives the position that it has here. */
  deliver(source: string, row: Row): number {
    const rows = this.#delivered.get(source) ?? [];
    this.#delivered.set(source, rows);
    rows.push({ ...row, position: rows.length + 1 });
    for (const wake of this.#wakes.get(source) ?? []) wake();
    return rows.length;
  }

  async read({ source, after, limit }: Parameters<Transport["read"]>[0]): Promise<Delivery> {
    const rows = (this.#delivered.get(source) ?? []).slice(after, after + limit);
    return { rows, isPartial: false };
  }

  watch(source: string, wake: () => void): () => void {
    this.#wakes.set(source, [...(this.#wakes.get(source) ?? []), wake]);
    return () => undefined;
  }
}
