// What is to happen at which business time, where time is stepped: scripts wait for their time, and go on
// together.

/** A script that waits for its time. */
interface Entry {
  readonly at: number;
  /** Names the script, and decides between entries of the same time. */
  readonly order: string;
  readonly go: () => void;
}

/** Scripts at work, and those that wait for their time. */
export class Agenda {
  readonly #stop: AbortSignal;
  #entries: Entry[] = [];
  #working = 0;
  #latest = Number.NEGATIVE_INFINITY;
  #onQuiet: (() => void) | undefined;

  readonly #lineOf: (order: string) => string;

  /**
   * `stop` lets all that wait go on at once: they look at it. Scripts of one line share something: they go on
   * one after the other. Each is a line of its own unless `lineOf` says otherwise.
   */
  constructor(stop: AbortSignal, lineOf: (order: string) => string = (order) => order) {
    this.#stop = stop;
    this.#lineOf = lineOf;
    stop.addEventListener("abort", () => this.#go(this.#entries));
  }

  /** The earliest time that is waited for, in milliseconds since 1970; infinite when none is. */
  get earliest(): number {
    return this.#entries.reduce((earliest, { at }) => Math.min(earliest, at), Number.POSITIVE_INFINITY);
  }

  /** The latest time at which a script went on; minus infinity as long as none did. */
  get latest(): number {
    return this.#latest;
  }

  /** Begins a script, which counts as at work until it ends. */
  async work<T>(script: () => Promise<T>): Promise<T> {
    this.#working += 1;
    try {
      return await script();
    } finally {
      this.#rest();
    }
  }

  /** Waits for business time to come to `at`. To be called by a script at work. */
  async until(at: number, order: string): Promise<void> {
    if (this.#stop.aborted) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    const go = (): void => {
      this.#working += 1;
      resolve();
    };
    this.#entries.push({ at, order, go });
    this.#rest();
    await promise;
  }

  /**
   * Lets those go on whose time comes before `end`, earliest first, up to a number, and of each line one.
   * Gives how many went on.
   */
  release(end: number, most: number = Number.POSITIVE_INFINITY): number {
    const lines = new Set<string>();
    const due = this.#entries
      .filter(({ at }) => at < end)
      .toSorted(inOrder)
      .filter(({ order }) => {
        const line = this.#lineOf(order);
        if (lines.has(line)) return false;
        lines.add(line);
        return true;
      })
      .slice(0, most);
    this.#go(due);
    return due.length;
  }

  #go(due: readonly Entry[]): void {
    const gone = new Set(due);
    this.#entries = this.#entries.filter((entry) => !gone.has(entry));
    this.#latest = Math.max(this.#latest, due.at(-1)?.at ?? this.#latest);
    for (const { go } of due) go();
  }

  /** Resolves when every script waits for its time or has ended. */
  quiet(): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#onQuiet = resolve;
    if (this.#working === 0) resolve();
    return promise;
  }

  #rest(): void {
    this.#working -= 1;
    if (this.#working === 0) this.#onQuiet?.();
  }
}

function inOrder(a: Entry, b: Entry): number {
  if (a.at !== b.at) return a.at - b.at;
  return a.order < b.order ? -1 : 1;
}
