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

/** A store that refuses every statement with a certain request in it, and notes the others. */
function refusing(bad: ReadonlySet<string>): { readonly store: StoredRequests; readonly left: string[][] } {
  const left: string[][] = [];
  const { store } = losing(0);
  const leave: StoredRequests["leave"] = async (requests) => {
    const ids = requests.map(({ id }) => id);
    if (ids.some((id) => bad.has(id))) throw new QuadrilleError("Q_WRITE_REFUSED", "not this one");
    left.push(ids);
    await store.leave(requests);
  };
  return { store: { ...store, leave }, left };
}

it.each([[["7"]], [["0"]], [["99"]], [["3", "4", "98"]]])(
  "rejects %j of a hundred alone where the database refuses them, and leaves the others in their order",
  async (bad) => {
    const ambient = virtualAmbient();
    const { store, left } = refusing(new Set(bad));
    const limits = defaultLimits;
    const requests = new SentRequests({
      store: { requests: store },
      ambient,
      limits,
      onLeft: () => undefined,
    });
    const commands = Array.from({ length: 100 }, (_, index) => command(`${index}`));
    for (const { waiting } of commands) requests.send(waiting);
    const answers = Promise.allSettled(commands.map(({ answer }) => answer));
    await pass(ambient, 2_000);
    const rejected = (await answers).flatMap(({ status }, index) =>
      status === "rejected" ? [`${index}`] : [],
    );
    expect(rejected).toEqual(bad);
    const others = commands.map(({ waiting }) => waiting.message.id).filter((id) => !bad.includes(id));
    expect(left.flat()).toEqual(others);
  },
);

it("leaves as many requests at once as their bytes allow, and one at least", async () => {
  const ambient = virtualAmbient();
  const { store, left } = refusing(new Set());
  const limits = { ...defaultLimits, batchBytesMax: 10 };
  const requests = new SentRequests({ store: { requests: store }, ambient, limits, onLeft: () => undefined });
  const weights = [4, 4, 4, 20, 2, 2];
  const commands = weights.map((weight, index) => {
    const { waiting, answer } = command(`${index}`);
    return { waiting: { ...waiting, weight }, answer };
  });
  for (const { waiting } of commands) requests.send(waiting);
  await pass(ambient, 2_000);
  await Promise.all(commands.map(({ answer }) => answer));
  expect(left).toEqual([["0"], ["1", "2"], ["3"], ["4", "5"]]);
});
