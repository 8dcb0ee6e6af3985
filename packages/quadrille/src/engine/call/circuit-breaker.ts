// Whether the other side of an activity works, judged by how its calls end (M. Nygard, *Release It!*, 2007,
// chapter 5). Pure: the queue of calls asks it how many may be under way.

/** What a circuit breaker is made of. */
export interface CircuitBreakerOptions {
  /** Calls under way at once while the other side works. */
  readonly widthMax: number;
  /**
   * How many different calls fail in a row before the circuit opens: one call that always fails is no outage.
   */
  readonly failuresMax: number;
}

/**
 * One activity's circuit. Open, it lets one call try at a time; with each one that works it lets through
 * twice as many.
 */
export class CircuitBreaker {
  readonly #options: CircuitBreakerOptions;
  #width: number;
  /** Calls that have failed since the last one that worked. */
  readonly #failed = new Set<string>();
  #probes = 0;
  #generation = 0;

  constructor(options: CircuitBreakerOptions) {
    this.#options = options;
    this.#width = options.widthMax;
  }

  /** How many calls of this generation may be under way. */
  get width(): number {
    return this.#width;
  }

  /** Counts how often the circuit has opened. A failure of an earlier generation's call says nothing new. */
  get generation(): number {
    return this.#generation;
  }

  /**
   * Calls that tried in a row while the circuit was open, and failed; with the failure that opened it. 0 when
   * closed.
   */
  get failedProbes(): number {
    return this.#probes;
  }

  get isOpen(): boolean {
    return this.#probes > 0;
  }

  /** A call was answered, possibly with a refusal: the other side works. */
  succeeded(): void {
    this.#failed.clear();
    this.#probes = 0;
    this.#width = Math.min(this.#options.widthMax, this.#width * 2);
  }

  /** A call failed. True where the circuit opens or stays open: it is time for a pause. */
  failed(id: string, generation: number): boolean {
    if (generation !== this.#generation) return false;
    this.#failed.add(id);
    const { widthMax, failuresMax } = this.#options;
    const isRecovering = this.#width < widthMax && !this.isOpen;
    if (isRecovering && this.#width > 1) {
      this.#width = Math.floor(this.#width / 2);
      return false;
    }
    if (!this.isOpen && !isRecovering && this.#failed.size < failuresMax) return false;
    this.#width = 1;
    this.#probes += 1;
    this.#generation += 1;
    return true;
  }
}
