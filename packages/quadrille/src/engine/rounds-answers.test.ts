// Commands in rounds: each is answered once and correctly, whichever participants take part and however the
// round ends.
import { describe, expect, it } from "vitest";
import { statusOf, World } from "../../test/engine-world.ts";
import { add, closeTill, counting, countingServices } from "../../test/counter-choreography.ts";
import { type Fault, faultyDatabase } from "../../test/faulty-database.ts";
import { choreography, end } from "../../test/small-choreography.ts";
import { fromJson } from "../contract/json/from-json.ts";
import { command } from "../contract/trigger.ts";
import { QuadrilleError } from "../errors.ts";
import { scriptedServices } from "../testing/scripted.ts";
import type { Answer, Engine } from "./message/api.ts";

const lost = (what: string): QuadrilleError =>
  new QuadrilleError("Q_STORE_UNREACHABLE", what, { retryable: true });

function till(): World {
  return new World({ choreography: counting, services: countingServices() });
}

async function sums(here: World): Promise<unknown> {
  const [one, other] = await Promise.all(
    ["till", "ledger"].map(async (name) => (await (await here.store(name)).load(["s"])).get("s")?.data),
  );
  return [one, other];
}

/** Sends an addition and notes how it was answered, each time that it is. */
function addition(engine: Engine, amount: number, answers: string[]): Promise<void> {
  return engine.send(add, { amount }, { sagaId: "s", idempotencyKey: `add ${amount}` }).then(
    (answer) => void answers.push(`${amount} ${wordFor(answer)}`),
    () => void answers.push(`${amount} rejected`),
  );
}

function wordFor(answer: Answer): string {
  if (answer.status === "refused") return "refused";
  return answer.repeated ? "repeated" : "accepted";
}

describe("a command in a round", () => {
  it("is repeated in a later visit of the same round, and has its effect once", async () => {
    await using here = till();
    const answers: string[] = [];
    let sent = false;
    const fault: Fault = async ({ participant, method, phase }) => {
      // The ledger is visited after the till: what comes now is for the till's second visit.
      if (sent || participant !== "ledger" || method !== "load" || phase === "after") return;
      sent = true;
      void addition(engine, 1, answers);
      void addition(engine, 2, answers);
    };
    const engine = await here.start({ database: faultyDatabase(here.database, fault) });
    await addition(engine, 1, answers);
    await here.calm();
    expect(answers.toSorted()).toEqual(["1 accepted", "1 repeated", "2 accepted"]);
    expect(statusOf(engine, "till").commits).toBe(1);
    expect(await sums(here)).toEqual([{ sum: 3 }, { sum: 3 }]);
    expect(await here.audit()).toEqual([]);
  });

  it("that another process has answered gets that answer, and the others of the round come through", async () => {
    await using here = till();
    const answers: string[] = [];
    const [one, two] = [await here.start(), await here.start()];
    await addition(one, 1, answers);
    await here.calm();
    await Promise.all([addition(two, 1, answers), addition(two, 2, answers), addition(one, 3, answers)]);
    await here.pass(1_000);
    expect(answers.toSorted()).toEqual(["1 accepted", "1 repeated", "2 accepted", "3 accepted"]);
    expect(await sums(here)).toEqual([{ sum: 6 }, { sum: 6 }]);
    expect(await here.audit()).toEqual([]);
  });

  it("is answered once though the first answers could not be looked up when the round was committed", async () => {
    await using here = till();
    const answers: string[] = [];
    let failures = 2;
    const fault: Fault = async ({ method, phase }) => {
      if (method === "answers" && phase === "before" && (failures -= 1) >= 0) throw lost("no answers now");
    };
    const engine = await here.start({ database: faultyDatabase(here.database, fault) });
    await addition(engine, 1, answers);
    const closing = engine.send(closeTill, { sagaId: "s" });
    const late = [addition(engine, 2, answers), addition(engine, 1, answers)];
    const first = engine.send(add, { amount: 5 }, { sagaId: "other" });
    await here.pass(10_000);
    await Promise.all(late);
    expect(await closing).toMatchObject({ status: "accepted", repeated: false });
    expect(await first).toMatchObject({ status: "accepted", repeated: false });
    expect(answers.toSorted()).toEqual(["1 accepted", "1 repeated", "2 refused"]);
    expect(await sums(here)).toEqual([{ sum: 1 }, { sum: 1 }]);
    expect(await here.audit()).toEqual([]);
  });
});

/** A is asked and says yes or no. */
const answering = fromJson(
  choreography(
    {
      A: {
        initial: "s",
        states: {
          s: {
            commands: {
              ask: [
                { to: "yes", emit: ["Agreed"], choice: "yes" },
                { to: "no", emit: ["Refused"], choice: "no" },
              ],
            },
          },
          yes: {},
          no: {},
        },
      },
    },
    {
      publicEvents: ["Agreed", "Refused"],
      ends: [end("agreed", { A: "yes" }), end("refused", { A: "no" })],
    },
  ),
);

describe("a command whose round was lost and instead of which another process has taken an equal one", () => {
  it("is not answered by the effect of the other", async () => {
    const saying = (word: string) => scriptedServices(answering, { choose: () => word });
    await using here = new World({ choreography: answering, services: saying("yes") });
    const ask = command("ask");
    let flushes = 0;
    const fault: Fault = async ({ method, phase }) => {
      if (method !== "flush" || phase === "after" || (flushes += 1) > 1) return;
      // In the same millisecond, of the same saga, at the same place in the journal.
      const other = await here.start({ services: saying("no") });
      await other.send(ask, { sagaId: "s" });
      await here.stop(other);
      throw lost("the connection");
    };
    const engine = await here.start({ database: faultyDatabase(here.database, fault) });
    const answer = engine.send(ask, { sagaId: "s" });
    await here.pass(5_000);
    expect(await answer).toMatchObject({ status: "refused", state: "no" });
    expect(await here.states("s")).toEqual({ A: "no" });
  });
});
