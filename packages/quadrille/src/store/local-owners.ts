// The owners of lanes within one process: engines that share a database in memory.
import type { LaneOf, Owner, Owners, OwnerSetup, Standing } from "./owners.ts";

interface LocalMember {
  readonly name: string;
  readonly setup: OwnerSetup;
  readonly present: Set<string>;
}

/** Owners within one process. */
export function localOwners(): Owners {
  const members = new Set<LocalMember>();
  const held = new Map<string, LocalMember>();
  let names = 0;
  return {
    join: (setup) => {
      const member = { name: `engine ${(names += 1)}`, setup, present: new Set(setup.lanes.keys()) };
      members.add(member);
      const changed = (): void => {
        for (const other of members) if (other !== member) other.setup.onChange();
      };
      const freeWhere = (isMeant: (key: string) => boolean): void => {
        for (const [key, owner] of held) if (owner === member && isMeant(key)) held.delete(key);
        changed();
      };
      changed();
      return {
        look: async () => standing(member, members, held),
        take: async (lanes) => lanes.filter((lane) => taken(held, member, lane)),
        free: async (lanes) => {
          const keys = new Set(lanes.map(keyOf));
          freeWhere((key) => keys.has(key));
        },
        retire: async (participant) => {
          member.present.delete(participant);
          freeWhere((key) => key.startsWith(`${participant}/`));
        },
        leave: async () => {
          members.delete(member);
          member.present.clear();
          freeWhere(() => true);
        },
      } satisfies Owner;
    },
  };
}

function taken(held: Map<string, LocalMember>, member: LocalMember, lane: LaneOf): boolean {
  if (held.has(keyOf(lane)) || !member.present.has(lane.participant)) return false;
  held.set(keyOf(lane), member);
  return true;
}

function standing(
  self: LocalMember,
  members: ReadonlySet<LocalMember>,
  held: ReadonlyMap<string, LocalMember>,
): Standing {
  const present = new Map<string, ReadonlySet<string>>();
  const owners = new Map<string, ReadonlyMap<number, string>>();
  for (const [participant, lanes] of self.setup.lanes) {
    const running = [...members].filter((member) => member.present.has(participant));
    present.set(participant, new Set(running.map(({ name }) => name)));
    const owned = Array.from({ length: lanes }, (_, lane) => {
      const owner = held.get(keyOf({ participant, lane }));
      return owner === undefined ? [] : [[lane, owner.name] as const];
    });
    owners.set(participant, new Map(owned.flat()));
  }
  return { self: self.name, present, owners };
}

function keyOf({ participant, lane }: LaneOf): string {
  return `${participant}/${lane}`;
}
