// Calls that work, fail, refuse, hang, or come back too late, at random, through outages and restarts: each
// saga ends, by a success where there was one, also after a stop, and as given up where there was none.
import { describe, expect, it } from "vitest";
import { begin, givingUpWorld } from "../../../test/calling-choreography.ts";
import { statusOf, type World } from "../../../test/engine-world.ts";
import type { ActivityInput } from "../../contract/handler.ts";
import { NonRetryableError } from "../../errors.ts";
import type { Engine } from "../message/api.ts";

const second = 1_000;
const timeLimitMs = 2 * second;
const attempts = 4;
const policy = { attempts, timeLimit: "2s", backoff: "1s", backoffMax: "4s" } as const;
const limits = { activitiesRunningMax: 6, outageFailures: 3, probeMsMax: 3 * second };

/** One run of the outside's code. */
interface Run {
  readonly sagaId: string;
  readonly id: string;
  readonly attempt: number;
  readonly begun: number;
  /** The start of the process that made it. */
  readonly process: number;
  /** The outage during which it began, by its number. */
  readonly outage: number | undefined;
  ended: number | undefined;
  isGood: boolean;
}

/** What the outside does, in the order of the runs. */
class Outside {
  readonly runs: Run[] = [];
  isDown = false;
  process = 0;
  here: World | undefined;
  /** The outage that the engine knows of now, by its number. */
  outage: () => number | undefined = () => undefined;
  /** Calls that began during an outage beside one that tried. */
  readonly crowds: string[] = [];
  readonly #outageSince = new Map<number, number>();

  async run({ entity, id, attempt, signal }: ActivityInput<unknown>): Promise<{ readonly answer: string }> {
    const { here } = this;
    if (here === undefined) throw new Error("there is no world yet");
    const { clock, random } = { clock: here.ambient.clock, random: () => here.ambient.random() };
    const { sagaId } = entity;
    const run: Run = {
      sagaId,
      id,
      attempt,
      begun: clock.now(),
      process: this.process,
      outage: this.outage(),
      ended: undefined,
      isGood: false,
    };
    this.#noteCrowd(run);
    this.runs.push(run);
    const never = new AbortController().signal;
    const [how, stopsAtSignal] = [random(), random() < 0.5];
    try {
      if (this.isDown) throw new Error("503");
      if (how < 0.35) await clock.sleep(timeLimitMs * 0.9 * random(), stopsAtSignal ? signal : never);
      else if (how < 0.65) throw new Error("not this time");
      else if (how < 0.75) throw new NonRetryableError("closed");
      else await clock.sleep(timeLimitMs * (1 + 2 * random()), stopsAtSignal ? signal : never);
      if (stopsAtSignal) signal.throwIfAborted();
      if (how > 0.9) throw new Error("late, and for nothing");
      run.isGood = true;
      return { answer: "yes" };
    } finally {
      run.ended = clock.now();
    }
  }

  /**
   * One that hangs past its limit has failed: the next one tries beside it. Those that began in the moment in
   * which the outage did were on their way already.
   */
  #noteCrowd({ sagaId, begun, process, outage }: Run): void {
    if (outage === undefined) return;
    const since = this.#outageSince.get(outage) ?? begun;
    this.#outageSince.set(outage, since);
    const trying = this.runs.filter(
      (one) =>
        one.ended === undefined &&
        one.process === process &&
        one.outage === outage &&
        one.begun > since &&
        begun < one.begun + timeLimitMs,
    );
    if (trying.length > 0) this.crowds.push(`${sagaId} at ${begun}`);
  }
}

/** What a call has led to, and when. */
interface Outcome {
  readonly to: string | undefined;
  readonly at: number;
  /** The attempts that it was given up after. */
  readonly attempts: number;
}

/** Attempts of one call that one process had under way at the same time. */
function overlaps(runs: readonly Run[]): readonly string[] {
  return runs.flatMap((one, index) =>
    runs
      .slice(index + 1)
      .filter(
        ({ id, process, begun }) =>
          id === one.id && process === one.process && begun < (one.ended ?? Number.POSITIVE_INFINITY),
      )
      .map(({ attempt }) => `${one.sagaId}: ${one.attempt} and ${attempt}`),
  );
}

async function outcomeOf(here: World, sagaId: string): Promise<Outcome> {
  const last = (await (await here.store("caller")).timeline(sagaId)).at(-1);
  const { attempts: made = 0 } = (last?.emitted[0]?.data ?? {}) as { readonly attempts?: number };
  return { to: last?.to, at: last?.time ?? 0, attempts: made };
}

describe("unsteady calls", () => {
  it.each(Array.from({ length: 60 }, (_, seed) => seed))(
    "lead each saga to its end (seed %i)",
    async (seed) => {
      const outside = new Outside();
      await using here = givingUpWorld({ run: (input) => outside.run(input), policy, limits, seed });
      outside.here = here;
      outside.outage = () => {
        const begun = here.ambient.logged.filter(({ message }) => message.includes("seems to be away"));
        return statusOf(engine, "caller").outages.length > 0 ? begun.length : undefined;
      };
      const random = (): number => here.ambient.random();
      let engine: Engine = await here.start();
      const sagas: string[] = [];
      for (let step = 0; step < 25; step += 1) {
        const count = random() < 0.6 ? Math.ceil(5 * random()) : 0;
        for (let one = 0; one < count; one += 1) sagas.push((await engine.send(begin)).sagaId);
        if (random() < 0.15) outside.isDown = !outside.isDown;
        if (random() < 0.1) {
          const stopping = here.stop(engine);
          await here.pass(3 * second);
          await stopping;
          outside.process += 1;
          engine = await here.start();
        }
        await here.pass(Math.round(4 * second * random()));
      }
      outside.isDown = false;
      await here.pass(600 * second);
      expect(overlaps(outside.runs)).toEqual([]);
      expect(outside.crowds).toEqual([]);
      expect(statusOf(engine, "caller")).toMatchObject({ activitiesRunning: 0, outages: [] });
      expect(await here.parked("caller")).toEqual([]);
      for (const sagaId of sagas) {
        const runs = outside.runs.filter((one) => one.sagaId === sagaId);
        const { to, at, attempts: made } = await outcomeOf(here, sagaId);
        const good = runs.filter(({ isGood, ended = 0 }) => isGood && ended < at);
        expect(new Set(runs.map(({ id }) => id)).size, sagaId).toBe(1);
        expect(to, JSON.stringify(runs)).toMatch(/^(DONE|FAILED)$/);
        if (to === "DONE") expect(runs.some(({ isGood }) => isGood)).toBe(true);
        else
          expect([good, made], JSON.stringify(runs)).toEqual([
            [],
            Math.max(...runs.map(({ attempt }) => attempt)),
          ]);
      }
      expect(await here.audit()).toEqual([]);
    },
  );
});
