// The payment provider stub: idempotent by key, declining, late, batched; and the patience of its caller.
import { describe, expect, it } from "vitest";
import type { Decided, LedgerEntry } from "./ledger.ts";
import { askedAgain, LostAnswer, withPatience } from "./patience.ts";
import type { AuthorizationRequest, PaymentProvider } from "./provider.ts";
import { answersLate } from "./rule.ts";
import { stubProvider } from "./stub.ts";

const never = new AbortController().signal;
const seed = 1;
const lateKey =
  Array.from({ length: 1_000 }, (_, n) => `key-${n}`).find((key) => answersLate(seed, key)) ?? "";
const promptKey =
  Array.from({ length: 10 }, (_, n) => `key-${n}`).find((key) => !answersLate(seed, key)) ?? "";
const request: AuthorizationRequest = {
  key: promptKey,
  cardToken: "good",
  amount: 1325,
  reference: "order-1",
};

/** A ledger in memory that counts its statements. */
function memoryLedger() {
  const entries = new Map<string, LedgerEntry>();
  const batches: number[] = [];
  const record = async (requests: readonly Decided[]) => {
    batches.push(requests.length);
    await Promise.resolve();
    const answers = requests.map((request) => {
      const known = entries.get(request.key);
      const entry = known ?? {
        ...request,
        entry: entries.size + 1,
        kind: "authorization" as const,
        authorizationId: `auth-${entries.size + 1}`,
        added: true,
      };
      entries.set(request.key, { ...entry, added: false });
      return [request.key, entry] as const;
    });
    return new Map(answers);
  };
  return { entries, batches, record };
}

function stub(ledger = memoryLedger(), slept: AbortSignal[] = []) {
  const cards = [
    { token: "good", declines: false },
    { token: "bad", declines: true },
  ];
  const sleep = async (signal: AbortSignal) => void slept.push(signal);
  return { provider: stubProvider({ record: ledger.record, cards, seed, beLate: sleep }), ledger, slept };
}

describe("the payment provider stub", () => {
  it("enters one authorization for one key, however often it is asked", async () => {
    const { provider, ledger } = stub();
    const first = await provider.authorize(request, never);
    const again = await Promise.all([provider.authorize(request, never), provider.authorize(request, never)]);
    expect(first).toEqual({ answer: "authorized", authorizationId: "auth-1" });
    expect(again).toEqual([first, first]);
    expect(ledger.entries.size).toBe(1);
  });

  it("declines by card", async () => {
    const { provider } = stub();
    expect(await provider.authorize({ ...request, cardToken: "bad" }, never)).toEqual({ answer: "declined" });
  });

  it("refuses a key that stands for another authorization", async () => {
    const { provider } = stub();
    await provider.authorize(request, never);
    await expect(provider.authorize({ ...request, amount: 1 }, never)).rejects.toThrow(
      /another authorization/,
    );
  });

  it("refuses a card that it does not know", async () => {
    const { provider, ledger } = stub();
    await expect(provider.authorize({ ...request, cardToken: "none" }, never)).rejects.toThrow(
      /no card none/,
    );
    expect(ledger.batches).toEqual([]);
  });

  it("answers late the first time only, although the ledger took it", async () => {
    const { provider, slept, ledger } = stub();
    const late = { ...request, key: lateKey };
    await provider.authorize(late, never);
    expect(slept).toHaveLength(1);
    expect(ledger.entries.size).toBe(1);
    await provider.authorize(late, never);
    expect(slept).toHaveLength(1);
  });

  it("enters what comes while a statement runs by the next one", async () => {
    const { provider, ledger } = stub();
    const keys = Array.from({ length: 1_200 }, (_, n) => `prompt-${n}`).filter(
      (key) => !answersLate(seed, key),
    );
    await Promise.all(keys.map((key) => provider.authorize({ ...request, key }, never)));
    expect(ledger.batches).toEqual([1, 500, 500, keys.length - 1_001]);
    expect(ledger.entries.size).toBe(keys.length);
  });

  it("lets every caller of a batch know that the ledger failed, and goes on with the next", async () => {
    let broken = true;
    const ledger = memoryLedger();
    const record = async (requests: readonly Decided[]) => {
      if (broken) throw new Error("disk full");
      return await ledger.record(requests);
    };
    const { provider } = stub({ ...ledger, record });
    const both = [provider.authorize(request, never), provider.authorize({ ...request, key: "k2" }, never)];
    const outcomes = await Promise.allSettled(both);
    expect(outcomes.map(({ status }) => status)).toEqual(["rejected", "rejected"]);
    broken = false;
    expect(await provider.authorize(request, never)).toMatchObject({ answer: "authorized" });
  });

  it("looks again for an entry that another connection made at the same moment", async () => {
    const ledger = memoryLedger();
    let hidden = true;
    const record = async (requests: readonly Decided[]) => {
      const entries = await ledger.record(requests);
      if (!hidden) return entries;
      hidden = false;
      return new Map<string, LedgerEntry>();
    };
    const { provider } = stub({ ...ledger, record });
    expect(await provider.authorize(request, never)).toMatchObject({ answer: "authorized" });
  });
});

describe("patience", () => {
  const silent: PaymentProvider = { authorize: () => new Promise(() => {}) };

  it("gives up when no answer comes in time", async () => {
    const slept: number[] = [];
    const impatient = withPatience(silent, 200, async (delayMs) => void slept.push(delayMs));
    await expect(impatient.authorize(request, never)).rejects.toThrow("did not answer within 200 ms");
    expect(slept).toEqual([200]);
  });

  it("passes the answer on and stops waiting", async () => {
    const signals: AbortSignal[] = [];
    const sleep = (_: number, signal: AbortSignal) => {
      signals.push(signal);
      return new Promise<void>((resolve) => signal.addEventListener("abort", () => resolve()));
    };
    const patient = withPatience(stub().provider, 200, sleep);
    expect(await patient.authorize(request, never)).toMatchObject({ answer: "authorized" });
    expect(signals.map((signal) => signal.aborted)).toEqual([true]);
  });
});

it("a lost answer is asked for again at once, by the same key: one authorization", async () => {
  const ledger = memoryLedger();
  const beLate = () => Promise.reject(new LostAnswer("lost"));
  const cards = [{ token: "good", declines: false }];
  const provider = askedAgain(stubProvider({ record: ledger.record, cards, seed, beLate }));
  const answer = await provider.authorize({ ...request, key: lateKey }, never);
  expect(answer).toEqual({ answer: "authorized", authorizationId: "auth-1" });
  expect([ledger.entries.size, ledger.batches]).toEqual([1, [1, 1]]);
  await expect(provider.authorize({ ...request, cardToken: "stolen" }, never)).rejects.toThrow(
    "knows no card",
  );
});
