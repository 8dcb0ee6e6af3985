// Reads everything that engines have written and holds it against the contracts: what must be true at any
// moment.
import type { Choreography } from "../src/contract/choreography.ts";
import { compile, type Table, triggerKey } from "../src/contract/table.ts";
import type { CarriedRow, JournalRecord } from "../src/store/records.ts";
import { isBeforeBeginning } from "../src/store/subscriptions.ts";
import type { Database } from "../src/store/database.ts";
import type { Store } from "../src/store/store.ts";
import { storeOf } from "./store-of.ts";

/** Everything found wrong in what these choreographies wrote, one sentence each. */
export async function audit(
  database: Database,
  choreographies: readonly Choreography[],
): Promise<readonly string[]> {
  const problems: string[] = [];
  const participants = choreographies.flatMap((one) => one.participants);
  const opened = await Promise.all(
    participants.map(async (one) => ({ table: compile(one), store: await storeOf(database, one.name) })),
  );
  const journals = new Map<string, readonly CarriedRow[]>();
  for (const { table, store } of opened) journals.set(table.name, await rowsOf(table.name, store, problems));
  for (const { table, store } of opened) {
    const sagaIds = new Set((journals.get(table.name) ?? []).map(({ sagaId }) => sagaId));
    const journal = (await Promise.all([...sagaIds].map((sagaId) => store.timeline(sagaId)))).flat();
    problems.push(...journal.flatMap((row) => undeclared(table, row)));
    problems.push(...(await chains(table, store, journal)));
    problems.push(...(await deliveries({ table, store }, journal, journals)));
  }
  return problems;
}

async function rowsOf(name: string, store: Store, problems: string[]): Promise<readonly CarriedRow[]> {
  const all: CarriedRow[] = [];
  for (const { lane } of await store.reading()) {
    const { head } = await store.recover(lane);
    const rows = await store.read(lane, 0, head + 1);
    const positions = rows.map(({ position }) => position);
    if (rows.length !== head || positions.some((position, index) => position !== index + 1)) {
      problems.push(`${name}: lane ${lane} ends at ${head} and has positions ${positions.join(" ")}`);
    }
    all.push(...rows);
  }
  return all;
}

function undeclared(table: Table, row: JournalRecord): readonly string[] {
  const sentence = table.states.get(row.from)?.sentences.get(triggerKey(row.kind, row.trigger));
  const declared =
    sentence?.kind === "reaction"
      ? [sentence, ...(sentence.gaveUp === undefined ? [] : [sentence.gaveUp])]
      : [];
  const outcome = declared
    .flatMap(({ outcomes }) => [...outcomes.values()])
    .find(({ name }) => name === row.outcome);
  const emitted = row.emitted.map(({ event }) => event).join(" ");
  if (outcome?.to === row.to && outcome.emit.join(" ") === emitted) return [];
  return [
    `${table.name}: ${row.from} ${row.trigger} "${row.outcome}" → ${row.to} (${emitted}) is not declared`,
  ];
}

/** An entity's reactions follow on from each other, from the initial state to the one it is in. */
async function chains(
  table: Table,
  store: Store,
  journal: readonly JournalRecord[],
): Promise<readonly string[]> {
  const byKey = Map.groupBy(journal, ({ key }) => key);
  const entities = await store.load([...byKey.keys()]);
  return [...byKey].flatMap(([key, rows]) => {
    let state = table.initial;
    const broken = rows
      .toSorted((a, b) => a.lane - b.lane || a.position - b.position)
      .find((row) => {
        const follows = row.from === state;
        state = row.to;
        return !follows;
      });
    const entity = entities.get(key);
    if (broken !== undefined)
      return [`${table.name} ${key}: ${broken.from} does not follow at ${broken.position}`];
    if (entity?.state === state && entity.version === rows.length) return [];
    return [
      `${table.name} ${key}: ${rows.length} reactions to ${state}, and it is ${entity?.state} ${entity?.version}`,
    ];
  });
}

/** Every published event was taken once, is parked, is ignored somewhere, or is still to come. */
async function deliveries(
  { table, store }: { readonly table: Table; readonly store: Store },
  journal: readonly JournalRecord[],
  journals: ReadonlyMap<string, readonly CarriedRow[]>,
): Promise<readonly string[]> {
  const taken = Map.groupBy(
    journal.filter(({ kind }) => kind === "event"),
    ({ cause, trigger }) => `${cause.source}/${cause.lane}/${cause.position} ${trigger}`,
  );
  const parked = await store.parked({ limit: 100_000 });
  const aside = new Set(
    parked.map(({ cause, trigger }) => `${cause.source}/${cause.lane}/${cause.position} ${trigger}`),
  );
  const ignored = (event: string): boolean =>
    [...table.states.values()].some(
      ({ sentences }) => sentences.get(triggerKey("event", event))?.kind === "ignore",
    );
  const twice = [...taken]
    .filter(([, rows]) => rows.length > 1)
    .map(([id]) => `${table.name} took ${id} twice`);
  const both = [...taken.keys()]
    .filter((id) => aside.has(id))
    .map((id) => `${table.name} took ${id}, parked too`);
  const lanes = await store.reading();
  const known = await Promise.all(lanes.map(({ lane }) => store.recover(lane)));
  const lost = [...journals].flatMap(([source, rows]) =>
    rows
      .filter(({ lane, position }) => position <= (known[lane]?.inbox.get(source) ?? 0))
      .flatMap(({ lane, position, emitted }) =>
        emitted
          .filter(({ event }) => table.subscriptions.has(event) && !ignored(event))
          .filter(
            ({ event }) => !isBeforeBeginning(known[lane]?.subscriptions ?? [], { source, event, position }),
          )
          .map(({ event }) => `${source}/${lane}/${position} ${event}`),
      )
      .filter((id) => !taken.has(id) && !aside.has(id))
      .map((id) => `${table.name} passed ${id} over`),
  );
  return [...twice, ...both, ...lost];
}
