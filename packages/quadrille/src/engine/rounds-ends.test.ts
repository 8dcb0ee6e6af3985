// Ends are a matter of all participants' states together: reported once and right, whatever becomes of the
// answer to a round.
import { describe, expect, it } from "vitest";
import { World } from "../../test/engine-world.ts";
import { type Fault, faultyDatabase } from "../../test/faulty-database.ts";
import { asks, choreography, end } from "../../test/small-choreography.ts";
import { fromJson } from "../contract/json/from-json.ts";
import { command } from "../contract/trigger.ts";
import { QuadrilleError } from "../errors.ts";
import { scriptedServices } from "../testing/scripted.ts";

const ask = command("ask");

/** A asks and is done; B hears it. A's state alone would be another end. */
function newWorld(): World {
  const made = fromJson({
    ...asks({ initial: "s", states: { s: { on: { Asked: [{ to: "t" }] } }, t: {} } }),
    participants: {
      A: { initial: "s", states: { s: { commands: { ask: [{ to: "done", emit: ["Asked"] }] } }, done: {} } },
      B: { initial: "s", states: { s: { on: { Asked: [{ to: "t" }] } }, t: {} } },
    },
    ends: [end("unheard", { A: "done", B: "s" }), end("heard", { A: "done", B: "t" })],
  });
  return new World({ choreography: made, services: scriptedServices(made, { choose: () => "" }) });
}

/**
 * The ends reported of a saga whose first round is committed and its answer lost, when `fails` strikes what
 * comes after.
 */
async function reportedWhen(fails: (asked: number) => boolean): Promise<readonly string[]> {
  await using here = newWorld();
  let asked = -1;
  const fault: Fault = async ({ participant, method, phase }) => {
    if (asked < 0 && method === "flush" && phase === "after") asked = 0;
    else if (asked < 0 || !fails((asked += 1))) return;
    throw new QuadrilleError("Q_STORE_UNREACHABLE", `lost ${participant} ${phase} ${method}`, {
      retryable: true,
    });
  };
  const engine = await here.start({ database: faultyDatabase(here.database, fault) });
  const reported: string[] = [];
  engine.onEnd(({ end: name, states }) => reported.push(`${name} ${states["A"]} ${states["B"]}`));
  const answer = engine.send(ask);
  await here.pass(5_000);
  expect(await answer).toMatchObject({ status: "accepted", repeated: false });
  return reported;
}

describe("an end reached in the only round of a saga that began elsewhere", () => {
  it("is reported, also when the saga's states could not be read at first", async () => {
    await using here = newWorld();
    let unreadable = true;
    const fault: Fault = async ({ participant, method }) => {
      // The tracker reads the states of all participants; a worker only once in a saga's life, before its
      // round.
      if (unreadable && method === "load" && participant === "B" && (await here.states("s"))["A"] === "done")
        throw new QuadrilleError("Q_STORE_UNREACHABLE", "not now", { retryable: true });
    };
    const engine = await here.start({ database: faultyDatabase(here.database, fault) });
    const reported: string[] = [];
    engine.onEnd(({ end: name }) => reported.push(name));
    await engine.send(ask, { sagaId: "s" });
    await here.pass(1_000);
    expect(reported).toEqual([]);
    unreadable = false;
    await here.pass(1_000);
    expect(reported).toEqual(["heard"]);
  });
});

describe("an end reached in a round whose answer was lost", () => {
  it("is reported once, of the states that were committed together", async () => {
    expect(await reportedWhen(() => false)).toEqual(["heard done t"]);
  });

  it.each(Array.from({ length: 24 }, (_, index) => index + 1))(
    "is reported once and right, also when request %i after it fails",
    async (nth) => {
      expect(await reportedWhen((asked) => asked === nth)).toEqual(["heard done t"]);
    },
  );
});

/** A asks, B says yes or no, C hears it. */
const deciding = fromJson(
  choreography(
    {
      A: { initial: "s", states: { s: { commands: { ask: [{ to: "t", emit: ["Asked"] }] } }, t: {} } },
      B: {
        initial: "s",
        states: {
          s: {
            on: {
              Asked: [
                { to: "yes", emit: ["Agreed"] },
                { to: "no", emit: ["Refused"] },
              ],
            },
          },
          yes: {},
          no: {},
        },
      },
      C: {
        initial: "s",
        states: { s: { on: { Agreed: [{ to: "glad" }], Refused: [{ to: "sad" }] } }, glad: {}, sad: {} },
      },
    },
    { ends: [end("agreed", { B: "yes" }), end("refused", { B: "no", C: "sad" })] },
  ),
);

describe("a round whose answer was lost and instead of which another process has written an equal one", () => {
  it("is neither reported nor handed on", async () => {
    const saying = (nth: number) =>
      scriptedServices(deciding, { choose: ({ outcomes }) => outcomes[nth] ?? "" });
    const [a, b, c] = ["A", "B", "C"];
    const of = (nth: number, ...names: readonly (string | undefined)[]) =>
      saying(nth).filter(({ participant }) => names.includes(participant.name));
    await using here = new World({ choreography: deciding, services: saying(0) });
    const asking = await here.start({ services: of(0, a) });
    await asking.send(ask, { sagaId: "s" });
    await here.stop(asking);
    let flushes = 0;
    const fault: Fault = async ({ method, phase }) => {
      if (method !== "flush" || phase === "after" || (flushes += 1) > 1) return;
      // At the same time, of the same message, at the same place in the journal.
      await here.start({ services: of(1, b) });
      await here.calm();
      throw new QuadrilleError("Q_STORE_UNREACHABLE", "lost", { retryable: true });
    };
    const engine = await here.start({
      services: of(0, b, c),
      database: faultyDatabase(here.database, fault),
    });
    const reported: string[] = [];
    engine.onEnd(({ end: name }) => reported.push(name));
    await here.pass(5_000);
    expect(await here.states("s")).toEqual({ A: "t", B: "no", C: "sad" });
    expect(reported).toEqual(["refused"]);
    expect(await here.audit()).toEqual([]);
  });
});
