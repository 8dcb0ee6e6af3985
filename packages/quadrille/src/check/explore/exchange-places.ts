// Places of a contract up to an exchange: where one participant stands for others, what is said of a place of
// its is said of theirs.
import { pointer, pointerKeys } from "../../contract/pointer.ts";
import type { Exchange, NameKind } from "./exchange.ts";
import type { Exploration } from "./explore.ts";

/** A place up to an exchange: the one that stands for it, and whether it stands for others at all. */
export interface ExchangePlace {
  readonly at: string;
  readonly isExchanged: boolean;
}

/**
 * Finds the place that stands for a place and for those that exchanges make of it; the place itself where
 * nothing is exchanged there.
 */
export function standsFor({
  exchanges,
  program,
}: Pick<Exploration, "exchanges" | "program">): (at: string) => ExchangePlace {
  if (exchanges.length === 0) return (at) => ({ at, isExchanged: false });
  const firsts = firstNames(exchanges);
  const { participants } = program.world.choreography;
  return (at) => {
    let isExchanged = false;
    const rename = (kind: NameKind, name: string): string => {
      const first = firsts.get(JSON.stringify([kind, name]));
      isExchanged ||= first !== undefined;
      return first ?? name;
    };
    const keys = pointerKeys(at);
    const [root, participant = "", , state = "", key, trigger, index] = keys;
    if (root !== "participants") return { at, isExchanged };
    const start = pointer("/participants", rename("participant", participant), ...keys.slice(2, 5));
    if (trigger === undefined) return { at: start, isExchanged };
    const facts = participants[participant]?.states[state]?.join?.facts ?? [];
    const fact = key === "join" && trigger === "facts" ? facts[Number(index)] : undefined;
    const rest =
      fact === undefined
        ? [rename(kindOfKey(key), trigger), ...keys.slice(6)]
        : [trigger, rename("event", fact)];
    return { at: pointer(start, ...rest), isExchanged };
  };
}

function firstNames(exchanges: readonly Exchange[]): ReadonlyMap<string, string> {
  const firsts = new Map<string, string>();
  for (const { blocks } of exchanges) {
    const [first = []] = blocks;
    for (const block of blocks)
      for (const [index, { kind, name }] of block.entries())
        firsts.set(JSON.stringify([kind, name]), first[index]?.name ?? name);
  }
  return firsts;
}

function kindOfKey(key: string | undefined): NameKind {
  if (key === "on") return "event";
  return key === "commands" ? "command" : "own";
}

/** The participants that can be exchanged, by exchange: of each block the first one's name. */
export function interchangeable({
  exchanges,
}: Pick<Exploration, "exchanges">): readonly (readonly string[])[] {
  return exchanges.map(({ blocks }) =>
    blocks.flatMap((block) => block.find(({ kind }) => kind === "participant")?.name ?? []),
  );
}
