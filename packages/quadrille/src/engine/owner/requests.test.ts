// Requests whose leaving is in doubt: the answer to the statement was lost, and it may reach the database
// later.
import { expect, it } from "vitest";
import { type VirtualAmbient, virtualAmbient } from "../../ambient/virtual.ts";
import { QuadrilleError } from "../../errors.ts";
import type { Requests as StoredRequests } from "../../store/store.ts";
import type { Answer } from "../message/api.ts";
import type { Waiting } from "../message/commands.ts";
import { defaultLimits } from "../message/limits.ts";
import { SentRequests } from "./requests.ts";

const accepted: Answer = {
  status: "accepted",
  sagaId: "s",
  key: "s",
  state: "OPEN",
  outcome: "",
  repeated: false,
};

/** A command, and the promise of its answer. */
function command(id: string): { readonly waiting: Waiting; readonly answer: Promise<Answer> } {
  const { promise, resolve, reject } = Promise.withResolvers<Answer>();
  const cause = { source: "command", lane: 0, position: 1 };
  const message = { id, kind: "command", trigger: "add", sagaId: "s", key: "s", data: 1, cause } as const;
  const waiting = {
    message: { ...message, trace: undefined, isChecked: true },
    idempotencyKey: undefined,
    digest: undefined,
    weight: 1,
    resolve,
    reject,
  };
  return { waiting, answer: promise };
}

/** Lets time pass, and what waits for it go on. */
async function pass(ambient: VirtualAmbient, ms: number): Promise<void> {
  for (let passed = 0; passed < ms; passed += 50) {
    await new Promise(setImmediate);
    ambient.advance(50);
  }
}

/** A store that loses the answers to the first statements, and answers requests once they are left. */
function losing(lost: number): { readonly store: StoredRequests; readonly withdrawn: string[] } {
  const left = new Set<string>();
  const withdrawn: string[] = [];
  let failures = 0;
  const store: StoredRequests = {
    leave: async (requests) => {
      if (failures++ < lost) throw new QuadrilleError("Q_STORE_UNREACHABLE", "cut", { retryable: true });
      for (const { id } of requests) left.add(id);
    },
    open: async () => [],
    answers: async (ids) => new Map(ids.filter((id) => left.has(id)).map((id) => [id, accepted])),
    withdraw: async (ids) => {
      withdrawn.push(...ids);
      return [];
    },
    sweep: async () => undefined,
  };
  return { store, withdrawn };
}

it.each([
  [0, ["a"]],
  [1, []],
])("with %i answers lost, a request that was answered is deleted: %j", async (lost, deleted) => {
  const ambient = virtualAmbient();
  const { store, withdrawn } = losing(lost);
  const requests = new SentRequests({
    store: { requests: store },
    ambient,
    limits: defaultLimits,
    onLeft: () => undefined,
  });
  const { waiting, answer } = command("a");
  requests.send(waiting);
  await pass(ambient, 5_000);
  expect(await answer).toEqual(accepted);
  expect(withdrawn).toEqual(deleted);
});

it("says of a request in doubt that it may have taken effect, when the engine stops", async () => {
  const ambient = virtualAmbient();
  const requests = new SentRequests({
    store: { requests: losing(Number.POSITIVE_INFINITY).store },
    ambient,
    limits: defaultLimits,
    onLeft: () => undefined,
  });
  const { waiting, answer } = command("a");
  requests.send(waiting);
  const rejected = expect(answer).rejects.toMatchObject({ code: "Q_IN_DOUBT" });
  await pass(ambient, 200);
  await Promise.all([requests.stop(), pass(ambient, 1_000)]);
  await rejected;
});
