// Other processes may name the participants of their own alike: what goes between processes names schemas.
import type { Notices } from "../notices.ts";
import type { LaneOf, Owners, Standing } from "../owners.ts";
import type { PostgresStore } from "./tables/postgres-store.ts";

/** The stores that are open here, by participant. */
type Opened = ReadonlyMap<string, Pick<PostgresStore, "schema">>;

/** Notices by participants' names. */
export function noticesNamed(notices: Notices, stores: Opened): Notices {
  const schemaOf = (name: string): string => stores.get(name)?.schema ?? name;
  return {
    join: (hear) => {
      const announcer = notices.join((notice) => {
        const named = (schemas: readonly string[]): readonly string[] =>
          schemas.length === 0 ? [] : [...stores.keys()].filter((name) => schemas.includes(schemaOf(name)));
        const [participants, requested] = [named(notice.participants), named(notice.requested)];
        const answered = named(notice.answered);
        if (participants.length + requested.length + answered.length > 0)
          hear({ ...notice, participants, requested, answered });
      });
      return {
        announce: (notice) =>
          announcer.announce({
            ...notice,
            participants: notice.participants.map(schemaOf),
            requested: notice.requested.map(schemaOf),
            answered: notice.answered.map(schemaOf),
          }),
        leave: () => announcer.leave(),
      };
    },
  };
}

/** Owners by participants' names. */
export function ownersNamed(owners: Owners, stores: Opened): Owners {
  const schemaOf = (name: string): string => stores.get(name)?.schema ?? name;
  return {
    join: ({ lanes, ...setup }) => {
      const nameOf = new Map(Array.from(lanes.keys(), (name) => [schemaOf(name), name]));
      const inSchemas = (wanted: readonly LaneOf[]): readonly LaneOf[] =>
        wanted.map(({ participant, lane }) => ({ participant: schemaOf(participant), lane }));
      const byName = <V>(found: ReadonlyMap<string, V>): ReadonlyMap<string, V> =>
        new Map(Array.from(found, ([schema, value]) => [nameOf.get(schema) ?? schema, value]));
      const owner = owners.join({
        ...setup,
        lanes: new Map(Array.from(lanes, ([name, count]) => [schemaOf(name), count])),
      });
      const named = ({ self, present, owners: found }: Standing): Standing => {
        return { self, present: byName(present), owners: byName(found) };
      };
      return {
        look: async () => {
          const standing = await owner.look();
          return standing === undefined ? undefined : named(standing);
        },
        take: async (wanted) =>
          (await owner.take(inSchemas(wanted))).map(({ participant, lane }) => {
            return { participant: nameOf.get(participant) ?? participant, lane };
          }),
        free: (wanted) => owner.free(inSchemas(wanted)),
        retire: (participant) => owner.retire(schemaOf(participant)),
        leave: () => owner.leave(),
      };
    },
  };
}
