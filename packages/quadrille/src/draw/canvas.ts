// The saga canvas as data: which step follows which, what each takes, changes and publishes, and what undoes
// it. Source: C. Richardson, *Microservices Patterns*, chapter 4, and his saga canvas.
import { withElsewhere } from "../contract/json/elsewhere.ts";
import { listSentences, type PlacedSentence } from "../contract/json/sentences.ts";
import { joinsOf, type FoundJoin } from "../contract/joins.ts";
import type { ChoreographyJson, OutcomeJson } from "../contract/json-form.ts";

/** The triggers of a step. A join has several events. */
export interface StepTrigger {
  readonly kind: "command" | "event" | "join" | "activity" | "deadline";
  readonly names: readonly string[];
  /** How many of a join's events complete it. */
  readonly needed?: number;
}

/** One possible change of the entity in a step. */
export interface Move {
  readonly from: string;
  /** Whether `from` is a partial state of a join. */
  readonly joining: boolean;
  readonly to: string;
  readonly choice: string | undefined;
  readonly publishes: readonly string[];
}

/** One step: everything a participant does about one trigger. */
export interface CanvasStep {
  readonly number: number;
  readonly participant: string;
  readonly trigger: StepTrigger;
  readonly moves: readonly Move[];
  readonly publishes: readonly string[];
  /**
   * `usual`: reached by first outcomes alone; `otherwise`: only by others or by time; `never`: nothing leads
   * to it.
   */
  readonly reached: "usual" | "otherwise" | "never";
  /** The numbers of the steps that undo it. */
  readonly compensatedBy: readonly number[];
}

/** The canvas: the steps breadth-first from the commands, the usual ways first. */
export interface Canvas {
  readonly name: string;
  readonly steps: readonly CanvasStep[];
}

type CanvasRow = Omit<CanvasStep, "number" | "reached" | "compensatedBy"> & { readonly id: string };

/** The canvas of a choreography. */
export function canvasOf(given: ChoreographyJson): Canvas {
  const choreography = withElsewhere(given);
  const sentences = Map.groupBy(listSentences(choreography), ({ participant }) => participant);
  const rows = [...sentences.values()].flatMap((some) => rowsOf(choreography, some));
  const order = new StepOrder(choreography, rows);
  const steps = order.steps().map((step, index) => ({ ...step, number: index + 1 }));
  return {
    name: choreography.name,
    steps: steps.map((step) => ({
      number: step.number,
      participant: step.participant,
      trigger: step.trigger,
      moves: step.moves,
      publishes: step.publishes,
      reached: step.reached,
      compensatedBy: steps.filter((other) => undoes(other, step)).map(({ number }) => number),
    })),
  };
}

type Ordered = CanvasRow & Pick<CanvasStep, "reached">;

/**
 * A step that only other outcomes reach undoes a usual step of its participant if it leaves the state that
 * the usual one leads to.
 */
function undoes(other: Ordered, step: Ordered): boolean {
  if (step.reached !== "usual" || other.reached !== "otherwise" || other.participant !== step.participant)
    return false;
  const reached = new Set(firstMoves(step.moves).flatMap(({ from, to }) => (from === to ? [] : [to])));
  const joins = step.trigger.kind === "join";
  return other.moves.some(({ from, joining }) => (joins && joining) || (reached.has(from) && !joining));
}

/** The first outcome in each state: the usual way. */
function firstMoves(moves: readonly Move[]): readonly Move[] {
  return moves.filter((move, index) => moves.findIndex(({ from }) => from === move.from) === index);
}

/** The rows of a participant: joins whole, every other trigger with all its moves. */
function rowsOf(choreography: ChoreographyJson, sentences: readonly PlacedSentence[]): readonly CanvasRow[] {
  const participant = sentences[0]?.participant ?? "";
  const joins = joinsOf(choreography.participants[participant] ?? { initial: "", states: {} });
  const rows = new Map<string, CanvasRow>();
  const add = (trigger: StepTrigger, moves: readonly Move[]): void => {
    const id = JSON.stringify([participant, trigger.kind, ...trigger.names]);
    const all = [...(rows.get(id)?.moves ?? []), ...moves];
    rows.set(id, {
      id,
      participant,
      trigger,
      moves: all,
      publishes: [...new Set(all.flatMap((move) => move.publishes))],
    });
  };
  for (const { state, kind, trigger, disposition } of sentences) {
    if (typeof disposition === "string") continue;
    const join = kind === "event" ? joins.find((one) => feeds(one, state, trigger)) : undefined;
    if (join === undefined) {
      const joining = joins.some(({ partial }) => partial.includes(state));
      add({ kind, names: [trigger] }, movesOf(disposition, { from: state, joining }));
    } else if (state === join.state && trigger === join.facts[0]) {
      add(
        { kind: "join", names: join.facts, needed: join.needed },
        movesOf(join.outcomes, { from: state, joining: false }),
      );
    }
  }
  return [...rows.values()];
}

function feeds({ state, facts, partial }: FoundJoin, at: string, event: string): boolean {
  return facts.includes(event) && (state === at || partial.includes(at));
}

function movesOf(
  outcomes: readonly OutcomeJson[],
  { from, joining }: Pick<Move, "from" | "joining">,
): readonly Move[] {
  return outcomes.map(({ to, choice, emit = [] }) => ({ from, joining, to, choice, publishes: emit }));
}

/** Walks the rows breadth-first, first along first outcomes, then along all others. */
class StepOrder {
  readonly #choreography: ChoreographyJson;
  readonly #rows: readonly CanvasRow[];
  readonly #found = new Map<string, Ordered>();
  readonly #published = new Set<string>();
  readonly #entered = new Set<string>();
  #reached: Ordered["reached"] = "usual";

  constructor(choreography: ChoreographyJson, rows: readonly CanvasRow[]) {
    this.#choreography = choreography;
    this.#rows = rows;
  }

  steps(): readonly Ordered[] {
    const commands = this.#rows.filter(({ trigger }) => trigger.kind === "command");
    const first = commands.filter((row) => row.moves.some(({ from }) => from === this.#initial(row)));
    for (const row of new Set([...first, ...commands])) this.#walk([row], row.participant);
    this.#reached = "otherwise";
    const initiator = first[0]?.participant ?? "";
    // What other outcomes publish may lead to more rows, and those to more again.
    for (let before = -1; before < this.#found.size; ) {
      before = this.#found.size;
      this.#walk([...this.#found.values()], initiator);
    }
    const rest = this.#rows.filter(({ id }) => !this.#found.has(id));
    return [...this.#found.values(), ...rest.map((row) => ({ ...row, reached: "never" as const }))];
  }

  #initial({ participant }: CanvasRow): string | undefined {
    return this.#choreography.participants[participant]?.initial;
  }

  #walk(start: readonly CanvasRow[], initiator: string): void {
    const queue = [...start];
    for (let row = queue.shift(); row !== undefined; row = queue.shift()) {
      if (!this.#found.has(row.id)) this.#found.set(row.id, { ...row, reached: this.#reached });
      for (const move of this.#reached === "usual" ? firstMoves(row.moves) : row.moves) {
        this.#entered.add(JSON.stringify([row.participant, move.to]));
        for (const event of move.publishes) this.#published.add(event);
        queue.push(...this.#next(initiator).filter((next) => !queue.some(({ id }) => id === next.id)));
      }
    }
  }

  /**
   * Rows not found yet whose trigger can now happen; the participant that began comes last, because it closes
   * the saga.
   */
  #next(initiator: string): readonly CanvasRow[] {
    const ready = this.#rows.filter((row) => !this.#found.has(row.id) && this.#isReady(row));
    return ready.toSorted(
      (a, b) => Number(a.participant === initiator) - Number(b.participant === initiator),
    );
  }

  #isReady({ participant, trigger, moves }: CanvasRow): boolean {
    switch (trigger.kind) {
      case "command":
        return false;
      case "event":
      case "join": {
        const { names, needed = names.length } = trigger;
        return names.filter((name) => this.#published.has(name)).length >= needed;
      }
      case "activity":
        return moves.some(({ from }) => this.#entered.has(JSON.stringify([participant, from])));
      case "deadline":
        return (
          this.#reached === "otherwise" &&
          moves.some(({ from }) => this.#entered.has(JSON.stringify([participant, from])))
        );
    }
  }
}
