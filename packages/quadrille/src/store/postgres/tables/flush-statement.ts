// The flushes of a participant's lanes as one data-modifying statement: one round trip, one transaction, one
// sync, whatever the batches hold.
import type { Flush } from "../../store.ts";
import { changedPart, type FlushPart, flushParts, requestedPart } from "./flush-parts.ts";
import { columnText, jsonLines, jsonLinesSql, valuesSql } from "../client/sql-parameters.ts";
import type { BoundStatement } from "../client/sql-client.ts";

/**
 * Makes the flush statements of one schema, each for flushes of different lanes. A statement holds only the
 * parts that they have rows for, and is named after them, so that each combination is planned once per
 * connection; a handful occur. With all parts every time a flush of 1 took 530 µs of the database's time
 * instead of 410, one of 10 a seventh more.
 */
export function flushStatements(
  schema: string,
  namePrefix: string,
): (flushes: readonly Flush[]) => BoundStatement {
  const statements = new Map<string, BoundStatement["statement"]>();
  return (flushes) => {
    // In one order for all, so that two processes never deadlock, also over lanes that one of them has lost.
    const inOrder = flushes.toSorted((one, other) => one.lane - other.lane);
    const parts = flushParts.filter((part) => part.count(inOrder) > 0);
    const name = `${namePrefix}flush_${flushParts.map((part) => Number(parts.includes(part))).join("")}`;
    const statement = statements.get(name) ?? { name, text: flushText(schema, parts) };
    statements.set(name, statement);
    const fence = fenceColumns.map((of) => columnText(inOrder, of));
    const inbox = jsonLines(inOrder, movedPositions);
    return { statement, values: [...fence, inbox, ...parts.flatMap((part) => part.values(inOrder))] };
  };
}

const fenceColumns: readonly ((flush: Flush) => number)[] = [
  ({ lane }) => lane,
  ({ turn }) => turn,
  ({ head }) => head,
  ({ head, journal }) => head - journal.length,
];

/** The positions that have moved, by source; undefined where none has. */
function movedPositions({ inbox }: Flush): Readonly<Record<string, number>> | undefined {
  return inbox.size === 0 ? undefined : Object.fromEntries(inbox);
}

/**
 * The order matters. `select` evaluates its conditions from the left, each running the part that it counts;
 * parts that nothing refers to run afterwards. So the fence comes first: it takes the lane's row lock before
 * anything else is locked, hence two flushes of a lane never deadlock, and one that was overtaken
 * stops there, at the price of one row a lane. All parts see the tables as they were before the
 * statement.
 *
 * A lane's row is found by its turn's era, and updated where it stands: else the planner might read all of
 * its versions first, which stay while another session holds a transaction open.
 */
function flushText(schema: string, parts: readonly FlushPart[]): string {
  const placed = place(parts);
  const queries = placed.map(({ part, given }) => `${part.name} as (${part.sql(schema, given)}\n)`);
  const complete = (part: FlushPart): string => {
    const found = placed.find((one) => one.part === part);
    return found === undefined
      ? "true"
      : `(select count(*) from ${part.name}) = cardinality($${found.first}::${part.columns[0]?.type}[])`;
  };
  return `with fence as (
    update ${schema}.lane as lane
    set turn = lane.turn + 1, head = given.head, inbox = lane.inbox || coalesce(given.inbox, '{}')
    from (select unnest($1::integer[]) as lane, unnest($2::bigint[]) as turn, unnest($3::bigint[]) as head,
      unnest($4::bigint[]) as before, unnest(${jsonLinesSql("$5", "jsonb")}) as inbox) as given
    where lane.ctid = (
        select ctid from ${schema}.lane as seen where seen.lane = given.lane and seen.era = given.turn / 256)
      and lane.turn = given.turn and lane.head = given.before
    returning 1
  )${queries.map((query) => `, ${query}`).join("")}
  select ${schema}.settle(
    (select count(*) from fence) = cardinality($1::integer[]) and ${complete(changedPart)} and ${complete(requestedPart)})`;
}

interface PlacedPart {
  readonly part: FlushPart;
  /** The number of its first parameter. */
  readonly first: number;
  readonly given: string;
}

function place(parts: readonly FlushPart[]): readonly PlacedPart[] {
  let first = 6;
  return parts.map((part) => {
    const placed = { part, first, given: givenRows(part, first) };
    first += part.columns.length;
    return placed;
  });
}

/**
 * The rows again, from the columns. `unnest` in the select list walks the arrays side by side; in `from` it
 * would store each of them away first, which took a seventh more of the database's time.
 */
function givenRows({ columns }: FlushPart, first: number): string {
  const unnested = columns.map(({ name, type }, index) => {
    const parameter = `$${first + index}`;
    return `${valuesSql(parameter, type)} as ${name}`;
  });
  return `(select ${unnested.join(", ")}) as given`;
}
