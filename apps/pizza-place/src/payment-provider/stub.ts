// The payment provider, as a stub with a ledger of its own: idempotent by key, declines some cards, sometimes
// answers late.
import type { AuthorizationRequest, PaymentProvider, ProviderAnswer } from "./provider.ts";
import { batched } from "./batched.ts";
import type { Decided, LedgerEntry } from "./ledger.ts";
import { answersLate, type ProviderCard } from "./rule.ts";

/** Requests entered by one statement. */
const batchMax = 500;
/** How often an entry that another connection made meanwhile is looked for. */
const lookupsMax = 3;

/** What the stub is made of. */
export interface StubParts {
  /** Enters requests and gives the entries by key; see `recordEntries`. */
  readonly record: (requests: readonly Decided[]) => Promise<ReadonlyMap<string, LedgerEntry>>;
  readonly cards: readonly ProviderCard[];
  readonly seed: number;
  /** What comes of a late answer: it is held back for longer than any caller waits, or it is lost. */
  readonly beLate: (signal: AbortSignal) => Promise<void>;
}

/** Starts the stub. Like a real provider's, its ledger is written outside of every saga's transaction. */
export function stubProvider(parts: StubParts): PaymentProvider {
  const declines = new Map(parts.cards.map((card) => [card.token, card.declines]));
  const enter = batched((requests: readonly Decided[]) => recordAll(parts, requests), batchMax);
  return {
    async authorize(request, signal) {
      const declined = declines.get(request.cardToken);
      if (declined === undefined) throw new Error(`The payment provider knows no card ${request.cardToken}`);
      const entry = await enter({ ...request, answer: declined ? "declined" : "authorized" });
      refuseAnotherUse(entry, request);
      if (entry.added && answersLate(parts.seed, request.key)) await parts.beLate(signal);
      return answerOf(entry);
    },
  };
}

async function recordAll(parts: StubParts, requests: readonly Decided[]): Promise<readonly LedgerEntry[]> {
  const found = new Map<string, LedgerEntry>();
  for (let lookup = 0; lookup < lookupsMax && found.size < requests.length; lookup += 1) {
    const missing = requests.filter(({ key }) => !found.has(key));
    if (missing.length === 0) break;
    for (const [key, entry] of await parts.record(missing)) found.set(key, entry);
  }
  return requests.map(({ key }) => {
    const entry = found.get(key);
    if (entry === undefined)
      throw new Error(`The payment provider's ledger took no entry for the key ${key}`);
    return entry;
  });
}

function refuseAnotherUse(
  entry: LedgerEntry,
  { key, cardToken, amount, reference }: AuthorizationRequest,
): void {
  const same = entry.cardToken === cardToken && entry.amount === amount && entry.reference === reference;
  if (!same) throw new Error(`The key ${key} stands for another authorization; use a new key`);
}

function answerOf(entry: LedgerEntry): ProviderAnswer {
  return entry.answer === "declined"
    ? { answer: "declined" }
    : { answer: "authorized", authorizationId: entry.authorizationId };
}
