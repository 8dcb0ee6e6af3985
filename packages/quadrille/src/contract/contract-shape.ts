// The parts of a contract that are compared with a later version: plain data, kept in the participant's
// tables.
import type { Table } from "./table.ts";
import { versionOf } from "./versioned.ts";

/** A state, and the triggers it waits for. */
export interface StateShape {
  readonly lock: boolean;
  readonly activity: string | undefined;
  readonly deadlines: readonly string[];
  /** Kept instead of the partial states of a wide join: it is complete with so many of the facts. */
  readonly join?: { readonly facts: readonly string[]; readonly needed: number };
}

/** A contract as stored in its tables. */
export interface ContractShape {
  /** All participants of the choreography. */
  readonly participants: readonly string[];
  /** Whether a wide join would be kept; absent in shapes from before that. */
  readonly keepsJoins?: true;
  readonly states: Readonly<Record<string, StateShape>>;
  /** Events taken, and where a reader begins that has not read their source before. */
  readonly subscriptions: Readonly<Record<string, "head" | "beginning">>;
  readonly emitted: readonly string[];
  readonly commands: readonly string[];
  /** Versions of payloads, and of the entity's data under the empty name, where they are not the first. */
  readonly versions: Readonly<Record<string, number>>;
}

/** States that a shape lists at most, partial ones included. */
const rowsMax = 1_000;

/** The shape of a participant in a choreography of these participants. */
export function contractShape(table: Table, participants: readonly string[]): ContractShape {
  // For a wide join its facts are kept: its partial states are too many, and follow from them.
  const isWide = table.states.size > rowsMax;
  const rows = isWide ? table.states.declared : [...table.states.values()];
  const states = rows.map(({ name, lock, activity, deadlines, join }) => {
    const shape: StateShape = { lock, activity, deadlines: [...deadlines.keys()] };
    if (!isWide || join === undefined) return [name, shape] as const;
    const facts = join.facts.map((fact) => fact.name);
    return [name, { ...shape, join: { facts, needed: join.needed } }] as const;
  });
  const subscriptions = [...table.subscriptions.keys()].map((event) => {
    return [event, table.fromBeginning.has(event) ? "beginning" : "head"] as const;
  });
  return {
    participants,
    keepsJoins: true,
    states: Object.fromEntries(states),
    subscriptions: Object.fromEntries(subscriptions),
    emitted: [...table.emitted],
    commands: [...table.commands.keys()],
    versions: Object.fromEntries(
      [["", table.data] as const, ...table.schemas].flatMap(([name, schema]) => {
        const version = versionOf(schema);
        return version === 1 ? [] : [[name, version]];
      }),
    ),
  };
}
