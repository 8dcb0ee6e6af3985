// A map of bounded size that forgets what has not been used for long. Two generations: reading or writing
// moves an entry to the young one; when that is full, the old one is dropped as a whole. Deleting the oldest
// key of a `Map` one by one costs a walk over the holes that earlier deletions left: at 20,000 entries that
// was a tenth of the engine's time.

/** Keeps between half and all of the entries used last that fit, by their number and their weight. */
export class RecentMap<Value> {
  readonly #half: number;
  readonly #onDrop: (key: string) => void;
  readonly #halfWeight: number;
  readonly #weightOf: (value: Value) => number;
  /** Of what was set in the young generation; what was set twice counts twice. */
  #weight = 0;
  #young = new Map<string, Value>();
  #old = new Map<string, Value>();

  /** `onDrop` is called with every key that is dropped to make room. */
  constructor(
    max: number,
    onDrop: (key: string) => void = () => undefined,
    weights?: { readonly max: number; readonly of: (value: Value) => number },
  ) {
    this.#half = Math.max(1, Math.ceil(max / 2));
    this.#halfWeight = (weights?.max ?? Number.POSITIVE_INFINITY) / 2;
    this.#weightOf = weights?.of ?? (() => 0);
    this.#onDrop = onDrop;
  }

  /** At most; an entry may stand in both generations. */
  get size(): number {
    return this.#young.size + this.#old.size;
  }

  get(key: string): Value | undefined {
    const young = this.#young.get(key);
    if (young !== undefined) return young;
    const old = this.#old.get(key);
    if (old !== undefined) this.set(key, old);
    return old;
  }

  set(key: string, value: Value): void {
    this.#young.set(key, value);
    this.#weight += this.#weightOf(value);
    if (this.#young.size >= this.#half || this.#weight >= this.#halfWeight) this.#age();
  }

  delete(key: string): void {
    this.#young.delete(key);
    this.#old.delete(key);
  }

  /** Deletes the entries whose values are meant. */
  deleteThose(isMeant: (value: Value) => boolean): void {
    for (const entries of [this.#young, this.#old])
      for (const [key, value] of entries) if (isMeant(value)) entries.delete(key);
  }

  clear(): void {
    this.#young = new Map();
    this.#old = new Map();
    this.#weight = 0;
  }

  #age(): void {
    const dropped = this.#old;
    this.#old = this.#young;
    this.#young = new Map();
    this.#weight = 0;
    for (const key of dropped.keys()) {
      if (!this.#old.has(key)) this.#onDrop(key);
    }
  }
}
