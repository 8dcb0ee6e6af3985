// A path that the checker found, replayed step by step through the real transition and the real handlers. If
// the code deviates from the path, the scenario stops and says so: the path cannot happen with this code.
import { elsewhereState } from "../contract/json/elsewhere.ts";
import type { PathStep } from "../check/model/finding.ts";
import type { Choice, RunnableInput, Service } from "../contract/handler.ts";
import type { ReactionRow } from "../contract/table.ts";
import type { GivenUp } from "../contract/trigger.ts";
import type { TriggerKind } from "../contract/trigger-kind.ts";
import { assertScenario, type ScenarioOptions } from "./scenario-options.ts";
import { asChoice, isTransact, runnable, runTransact, type Runnable } from "../engine/message/code.ts";
import { enters, transition, type EntityState, type Transition } from "../transition/transition.ts";

/** How the replay went. */
export interface ScenarioReport {
  /** Whether the code went the whole path: what the path shows can happen. */
  readonly confirmed: boolean;
  /** How many steps it went. */
  readonly steps: number;
  /** Where the code went another way than the path, in a sentence; empty when confirmed. */
  readonly deviation: string;
  /** The states at the end, by the entity's name in the path: `Kitchen`, or `Kitchen#2`. */
  readonly states: Readonly<Record<string, string>>;
}

interface ScenarioMessage {
  readonly event: string;
  readonly to: string;
  readonly saga: number;
  readonly data: unknown;
}

/**
 * Replays a path. Rejects when a handler throws or the path belongs to another choreography, and with
 * `Q_ARGUMENT_INVALID` where what it is given is misspelt or missing.
 */
export async function scenario(path: readonly PathStep[], options: ScenarioOptions): Promise<ScenarioReport> {
  assertScenario(path, options);
  const replay = new Replay(options);
  for (const [index, step] of path.entries()) {
    const found = await replay.step(step);
    if (found !== undefined) {
      const deviation = `Step ${index + 1}: ${found}.`;
      return { confirmed: false, steps: index, deviation, states: replay.states() };
    }
  }
  return { confirmed: true, steps: path.length, deviation: "", states: replay.states() };
}

const kinds: Readonly<Record<PathStep["kind"], TriggerKind>> = {
  event: "event",
  stuck: "event",
  deferred: "event",
  deadline: "deadline",
  activity: "activity",
  command: "command",
};

/** A path does not say why a call was given up. */
const givenUp: GivenUp = { attempts: 1, error: { code: "Q_NON_RETRYABLE", message: "given up" } };

class Replay {
  readonly #options: ScenarioOptions;
  readonly #code: ReadonlyMap<string, Runnable>;
  readonly #real: ReadonlySet<string>;
  readonly #entities = new Map<string, ReplayedEntity>();
  #pending: readonly ScenarioMessage[] = [];

  constructor(options: ScenarioOptions) {
    const { choreography, services = [] } = options;
    this.#options = options;
    this.#real = new Set(services.map(({ participant }) => participant.name));
    this.#code = new Map(
      choreography.participants.map((participant) => {
        const service = services.find((one) => one.participant.name === participant.name);
        const none: Service = { kind: "service", participant, handlers: new Map(), activities: new Map() };
        return [participant.name, runnable(service ?? none)];
      }),
    );
  }

  states(): Readonly<Record<string, string>> {
    return Object.fromEntries(Array.from(this.#entities, ([name, { state }]) => [name, state]));
  }

  /** Takes one step; returns where the code deviates, if it does. */
  async step(step: PathStep): Promise<string | undefined> {
    if (step.from === elsewhereState) {
      const { payloads = {} } = this.#options;
      this.#publish(
        step,
        step.publishes.map(({ event }) => ({ event, data: payloads[event] })),
      );
      return undefined;
    }
    const code = this.#code.get(step.participant);
    if (code === undefined)
      throw new Error(`${this.#options.choreography.name} has no participant ${step.participant}`);
    const entity = this.#entities.get(step.entity) ?? {
      state: code.table.initial,
      data: undefined,
      facts: undefined,
      version: 0,
      saga: undefined,
    };
    if (entity.state !== step.from) return `${step.entity} is in ${entity.state} and not in ${step.from}`;
    const message = this.#take(step);
    if (message === undefined) return `no ${step.trigger} is on its way to ${step.entity}`;
    const result = await this.#decide({ step, code, entity, data: message.data });
    return this.#compare(step, result, entity);
  }

  /** The data of what the step takes; a message that stays on its way is only looked at. */
  #take(step: PathStep): { readonly data: unknown } | undefined {
    const { commands = {}, results = {} } = this.#options;
    if (step.kind === "command") return { data: commands[step.trigger] };
    if (step.kind === "deadline") return { data: undefined };
    if (step.gaveUp === true) return { data: givenUp };
    if (step.kind === "activity") return { data: results[step.trigger]?.(step.choice) };
    const found = this.#pending.find(
      ({ event, to, saga }) => event === step.trigger && to === step.entity && saga === step.saga,
    );
    if (found !== undefined && step.takes && step.kind === "event") {
      this.#pending = this.#pending.filter((one) => one !== found);
    }
    return found;
  }

  async #decide({ step, code, entity, data }: ScenarioDeciding): Promise<Transition> {
    const message = {
      kind: kinds[step.kind],
      name: step.trigger,
      data,
      isGivenUp: step.gaveUp === true,
      isOther: !isOwn(step, { code, entity }),
    };
    // The choice is made beforehand, as the engine does: a handler may need a transaction, and the transition
    // is pure.
    let reaction: ReactionRow | undefined;
    transition(code.table, entity, {
      message,
      choice: (found) => {
        reaction = found;
        return undefined;
      },
    });
    const chosen =
      reaction === undefined ? undefined : await this.#choose(reaction, { step, code, entity, data });
    return transition(code.table, entity, { message, choice: () => chosen });
  }

  async #choose(
    reaction: ReactionRow,
    { step, code, entity, data }: ScenarioDeciding,
  ): Promise<Choice | undefined> {
    const handler = code.handlerOf(reaction);
    if (handler === undefined)
      return this.#real.has(step.participant) ? undefined : this.#scripted(reaction, step);
    const { state, version } = entity;
    const sagaId = `saga-${step.saga}`;
    const input: RunnableInput = {
      payload: reaction.join === "completes" ? { ...entity.facts, [step.trigger]: data } : data,
      entity: { key: sagaId, sagaId, state, version, data: entity.data },
      now: 0,
      id: `${step.entity}/${version}`,
      isOwn: isOwn(step, { code, entity }),
      choose: code.choicesOf(reaction),
    };
    if (!isTransact(handler)) return asChoice(handler(input));
    const { transaction } = this.#options;
    if (transaction === undefined)
      throw new Error(`the handler of ${step.trigger} at ${step.participant} needs a transaction`);
    const [answer] = await runTransact(handler, [input], transaction);
    if (answer instanceof Error) throw answer;
    return asChoice(answer);
  }

  /** The outcome of the path; one without a name where it has none. */
  #scripted(reaction: ReactionRow, step: PathStep): Choice {
    const rows = [...reaction.outcomes];
    const [outcome, row] =
      rows.find(([, { name, to }]) => (step.choice === undefined ? to === step.to : name === step.choice)) ??
      rows[0] ??
      [];
    const { payloads = {} } = this.#options;
    return {
      outcome: outcome ?? "",
      payloads: Object.fromEntries((row?.emit ?? []).map((event) => [event, payloads[event]])),
    };
  }

  #compare(step: PathStep, result: Transition, before: ReplayedEntity): string | undefined {
    const { entity, trigger, choice, from, to } = step;
    const came = { stuck: "refused", deferred: "deferred" } as const;
    const wanted = step.kind === "stuck" || step.kind === "deferred" ? came[step.kind] : undefined;
    if (wanted !== undefined)
      return result.kind === wanted
        ? undefined
        : `${entity} does not stop at ${trigger}, it is ${result.kind}`;
    if (result.kind === "refused") return `${entity} refuses ${trigger}: ${result.detail}`;
    if (result.kind !== "taken")
      return step.from === to ? undefined : `${trigger} is ${result.kind} by ${entity}`;
    if (choice !== undefined && result.outcome.name !== choice) {
      return `${entity} answers ${trigger} with "${result.outcome.name}" and not with "${choice}"`;
    }
    const rolledBack = step.fault === "early" || step.fault === "effect";
    if (!rolledBack && result.entity.state !== to)
      return `${entity} goes to ${result.entity.state} and not to ${to}`;
    const saga = enters(kinds[step.kind], { from, to }) ? step.saga : before.saga;
    if (!rolledBack) this.#entities.set(entity, { ...result.entity, version: before.version + 1, saga });
    this.#publish(step, result.emitted);
    return undefined;
  }

  #publish({ publishes, saga }: PathStep, emitted: Extract<Transition, { kind: "taken" }>["emitted"]): void {
    for (const { event, to } of publishes) {
      const data = emitted.find((one) => one.event === event)?.data;
      this.#pending = [...this.#pending, ...to.map((subscriber) => ({ event, to: subscriber, saga, data }))];
    }
  }
}

interface ScenarioDeciding {
  readonly step: PathStep;
  readonly code: Runnable;
  readonly entity: ReplayedEntity;
  readonly data: unknown;
}

interface ReplayedEntity extends EntityState {
  readonly version: number;
  /** The saga that has entered the state. */
  readonly saga: number | undefined;
}

function isOwn({ saga }: PathStep, { code, entity }: Pick<ScenarioDeciding, "code" | "entity">): boolean {
  return !code.table.keyed || entity.saga === saga;
}
