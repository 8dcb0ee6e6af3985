// How many entities an engine keeps in memory: a participant's limit holds for all its lanes together.
import { describe, expect, it } from "vitest";
import { soon } from "../../../../test/soon.ts";
import { World } from "../../test/engine-world.ts";
import { choreography } from "../contract/choreography.ts";
import { service } from "../contract/handler.ts";
import { to } from "../contract/outcome.ts";
import { participant } from "../contract/participant.ts";
import { on } from "../contract/reaction.ts";
import { command } from "../contract/trigger.ts";
import type { Database } from "../store/database.ts";
import { memoryDatabase } from "../store/memory/memory-database.ts";

const light = command("light");
const dim = command("dim");
const darken = command("darken");
const lamp = participant("lamp", {
  entity: "Lamp",
  initial: "none",
  states: {
    none: [on(light, to("LIT"))],
    LIT: [on(dim, to("LIT")), on(darken, to("DARK"))],
    DARK: [],
  },
});
const lamps = choreography("Lamps", { participants: [lamp], ends: { dark: { lamp: "DARK" } } });
/** In all lanes, as they come. */
const ids = Array.from({ length: 64 }, (_, number) => `lamp ${number}`);

/** Notes the keys of entities that are looked up. */
function watched(): { readonly database: Database; readonly keys: string[] } {
  const keys: string[] = [];
  const database = memoryDatabase();
  const watching: Database = {
    ...database,
    open: async (place) => {
      const store = await database.open(place);
      const load = store.load.bind(store);
      return Object.assign(store, {
        load: (asked: readonly string[]) => {
          keys.push(...asked);
          return load(asked);
        },
      });
    },
  };
  return { database: watching, keys };
}

describe("the entities in memory", () => {
  it.each([
    { lanes: 1, entitiesCachedMax: 8, least: 4, most: 8 },
    { lanes: 16, entitiesCachedMax: 8, least: 4, most: 8 },
    { lanes: 16, entitiesCachedMax: 128, least: 64, most: 64 },
  ])(
    "are as many as $entitiesCachedMax of a participant with $lanes lanes",
    async ({ lanes, entitiesCachedMax, least, most }) => {
      const { database, keys } = watched();
      const limits = { entitiesCachedMax };
      await using here = new World({
        choreography: lamps,
        services: [service(lamp)],
        database,
        lanes,
        limits,
      });
      const engine = await here.start();
      for (const sagaId of ids) await engine.send(light, { sagaId });
      await engine.idle({ signal: soon() });
      keys.length = 0;
      // The last ones first: looking up an old one makes another be forgotten.
      for (const sagaId of ids.toReversed()) await engine.send(dim, { sagaId });
      const found = ids.length - new Set(keys).size;
      expect(found).toBeGreaterThanOrEqual(least);
      expect(found).toBeLessThanOrEqual(most);
      expect(await here.audit()).toEqual([]);
    },
  );
});
