// Several choreographies that run together: their participants, and the journals that each participant reads.
import type { Choreography } from "./choreography.ts";
import type { FromElsewhere } from "./elsewhere.ts";
import { compile, type Table } from "./table.ts";

/** One choreography, or several that meet through public events. */
export type OneOrSeveral =
  | { readonly choreography: Choreography }
  /** A system. Participants and commands have one name over all of them. */
  | { readonly choreographies: readonly Choreography[] };

/** As a list, also where one is given. */
export function choreographiesOf(given: OneOrSeveral): readonly Choreography[] {
  return "choreographies" in given ? given.choreographies : [given.choreography];
}

/** A participant of a system. */
export interface Part {
  readonly table: Table;
  readonly choreography: Choreography;
}

/** A participant whose journal another one reads, and the events that it may take from there. */
export interface SourcePart extends Part {
  /** The events that are published there for the reader's choreography. */
  readonly published: ReadonlySet<string>;
  /** How events of another choreography are taken, by name; absent for a source of the reader's own one. */
  readonly elsewhere: ReadonlyMap<string, FromElsewhere> | undefined;
}

/** A system, compiled. */
export interface System {
  readonly choreographies: readonly Choreography[];
  /** All participants, choreography by choreography. */
  readonly parts: readonly Part[];
}

/** Compiles the participants. Expects choreographies that are well-formed, alone and together. */
export function systemOf(choreographies: readonly Choreography[]): System {
  const parts = choreographies.flatMap((choreography) =>
    choreography.participants.map((one) => ({ table: compile(one), choreography })),
  );
  return { choreographies, parts };
}

/** The participants whose journals a participant reads: those that emit what it takes, here or elsewhere. */
export function sourcesOf({ parts }: System, reader: Part): readonly SourcePart[] {
  return parts.flatMap((part) => {
    const source = sourceOf(reader, part);
    return [...source.published].some((event) => reader.table.subscriptions.has(event)) ? [source] : [];
  });
}

/** What a participant may take from another one; possibly nothing. */
export function sourceOf(reader: Part, part: Part): SourcePart {
  if (part.choreography === reader.choreography)
    return { ...part, published: part.table.emitted, elsewhere: undefined };
  const elsewhere = new Map(
    reader.choreography.takes
      .filter(({ event, from }) => from === part.choreography.name && isPublic(part, event.name))
      .map((one) => [one.event.name, one]),
  );
  return { ...part, published: new Set(elsewhere.keys()), elsewhere };
}

function isPublic({ table, choreography }: Part, event: string): boolean {
  return table.emitted.has(event) && choreography.publicEvents.includes(event);
}
