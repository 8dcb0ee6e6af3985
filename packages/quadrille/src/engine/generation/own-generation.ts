// The generation of a participant's contract that this process runs, and whether its tables still have it.
import { QuadrilleError } from "../../errors.ts";
import type { Registry } from "../../store/store.ts";

/** The contract of a participant that this process runs. */
export interface Known {
  readonly participant: string;
  readonly fingerprint: string;
  readonly number: number;
}

/** The generation that this process runs. */
export class OwnGeneration {
  readonly #known: Known;
  readonly #registry: Pick<Registry, "generations">;
  #number: number;

  constructor(known: Known, registry: Pick<Registry, "generations">) {
    this.#known = known;
    this.#registry = registry;
    this.#number = known.number;
  }

  /**
   * Throws `Q_CONTRACT_SUPERSEDED` where the tables have gone on to another contract. A generation that was
   * recorded since and says the same is this process's too.
   */
  async check(found: number): Promise<void> {
    if (found === this.#number) return;
    const last = (await this.#registry.generations()).at(-1);
    const { participant, fingerprint } = this.#known;
    if (last?.number !== found || last.fingerprint !== fingerprint) {
      throw supersededBy(participant, { running: this.#number, recorded: last?.number ?? found });
    }
    this.#number = found;
  }
}

/** The error of a process that runs an earlier contract than the tables have. */
export function supersededBy(
  participant: string,
  { running, recorded }: { readonly running: number; readonly recorded: number },
): QuadrilleError {
  return new QuadrilleError(
    "Q_CONTRACT_SUPERSEDED",
    `The tables of ${participant} have generation ${recorded} of its contract, and this process runs generation ${running}. ` +
      "Run the newer version; to go back on purpose: quadrille migrate --accept",
  );
}
