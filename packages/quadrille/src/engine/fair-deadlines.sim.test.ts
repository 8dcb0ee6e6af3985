// A deadline among events that come before and after it, from one source or two, whose handler fails in
// passing while processes come and go: what was published before it is taken before it.
import { describe, expect, it } from "vitest";
import { withHandler } from "../../test/with-handler.ts";
import { World } from "../../test/engine-world.ts";
import { choreography } from "../contract/choreography.ts";
import { to } from "../contract/outcome.ts";
import { participant } from "../contract/participant.ts";
import { after, on } from "../contract/reaction.ts";
import { command, event } from "../contract/trigger.ts";
import { scriptedServices } from "../testing/scripted.ts";
import { inLineMax } from "./lane/parking.ts";

const Noted = event("Noted");
const Marked = event("Marked");
const begin = command("begin");
const note = command("note");
const mark = command("mark");

const reader = participant("reader", {
  entity: "Book",
  initial: "NEW",
  states: {
    NEW: [on(begin, to("OPEN"))],
    OPEN: [on(Noted, to("OPEN")), on(Marked, to("OPEN")), after("60s", to("SHUT"))],
    SHUT: [on(Noted, to("SHUT")), on(Marked, to("SHUT"))],
  },
});
const noter = participant("noter", {
  entity: "Pen",
  initial: "NEW",
  states: { NEW: [on(note, to("NEW").emits(Noted))] },
});
const marker = participant("marker", {
  entity: "Brush",
  initial: "NEW",
  states: { NEW: [on(mark, to("NEW").emits(Marked))] },
});
const books = choreography("Books", {
  participants: [reader, noter, marker],
  ends: { shut: { reader: "SHUT" } },
});

const second = 1_000;
const delayMs = 60 * second;
const limits = { pollMs: second, backoffMs: 2 * second, backoffMsMax: 20 * second, attemptsMax: 1_000 };

/** A row of the reader's journal, with the time at which its event was published. */
interface Read {
  readonly trigger: string;
  readonly publishedAt: number;
}

async function readBy(here: World, sagaId: string): Promise<readonly Read[]> {
  const published = new Map<string, number>();
  for (const source of ["noter", "marker"])
    for (const { lane, position, time } of await (await here.store(source)).timeline(sagaId))
      published.set(`${source}/${lane}/${position}`, time);
  const rows = await (await here.store("reader")).timeline(sagaId);
  return rows.map(({ trigger, cause }) => ({
    trigger,
    publishedAt: published.get(`${cause.source}/${cause.lane}/${cause.position}`) ?? 0,
  }));
}

describe.each([1, 2])("a deadline among events of %i sources", (sources) => {
  it.each(Array.from({ length: 60 }, (_, seed) => seed))(
    "comes after all that were published before it, however often they fail (seed %i)",
    async (seed) => {
      let failing = 0;
      const services = scriptedServices(books, { choose: () => "" }).map((one) => {
        if (one.participant.name !== "reader") return one;
        const handler = () => {
          if (here.ambient.random() < failing) throw new Error("not now");
          return { outcome: "", payloads: {} };
        };
        const places = [Noted, Marked].map(({ name }) => ({ state: "OPEN", trigger: name }));
        return places.reduce((service, place) => withHandler(service, place, handler), one);
      });
      await using here = new World({ choreography: books, services, limits, seed });
      const random = (): number => here.ambient.random();
      const [reading, writing] = [services.slice(0, 1), services.slice(1)];
      let engine = await here.start({ services: reading });
      const writers = await here.start({ services: writing });
      const { sagaId } = await engine.send(begin);
      const dueAt = here.ambient.clock.now() + delayMs;
      failing = 0.3 + 0.6 * random();
      await here.pass(delayMs - 20 * second * random());
      let isAway = false;
      for (let step = 0; step < 12; step += 1) {
        if (random() < 0.7) await writers.send(sources === 1 || random() < 0.5 ? note : mark, { sagaId });
        const goes: boolean = !isAway && random() < 0.2;
        if (goes) await here.stop(engine);
        else if (isAway) engine = await here.start({ services: reading });
        isAway = goes;
        await here.pass(Math.round(6 * second * random()));
      }
      if (isAway) await here.start({ services: reading });
      failing = 0;
      await here.pass(120 * second);
      const read = await readBy(here, sagaId);
      const place = read.findIndex(({ trigger }) => trigger === "after 60s");
      expect(place).toBeGreaterThan(0);
      expect(read.slice(place + 1).filter(({ publishedAt }) => publishedAt <= dueAt)).toEqual([]);
      if (sources === 1)
        expect(read.slice(0, place).filter(({ publishedAt }) => publishedAt > dueAt)).toEqual([]);
      expect(await here.parked("reader")).toEqual([]);
      expect(await here.audit()).toEqual([]);
    },
  );
});

describe("a deadline among more messages of its key than are read at once", () => {
  it.each([
    ["in one process", false],
    ["over a restart", true],
  ])("comes after one that was published before it and stands behind them, %s", async (_, isRestarted) => {
    let isFailing = true;
    const services = scriptedServices(books, { choose: () => "" }).map((one) => {
      const handler = () => {
        if (isFailing) throw new Error("not now");
        return { outcome: "", payloads: {} };
      };
      const places = [Noted, Marked].map(({ name }) => ({ state: "OPEN", trigger: name }));
      return one.participant.name === "reader"
        ? places.reduce((service, place) => withHandler(service, place, handler), one)
        : one;
    });
    await using here = new World({ choreography: books, services, limits });
    const [reading, writing] = [services.slice(0, 1), services.slice(1)];
    const away = await here.start({ services: reading });
    const writers = await here.start({ services: writing });
    const { sagaId } = await away.send(begin);
    await here.stop(away);
    await writers.send(mark, { sagaId });
    await here.pass(delayMs + second);
    for (let nth = 0; nth < 2 * inLineMax; nth += 1) await writers.send(note, { sagaId });
    const engine = await here.start({ services: reading });
    await here.pass(10 * second);
    expect((await here.parked("reader")).at(-1)).toMatchObject({ trigger: "Marked", reason: "waiting" });
    if (isRestarted) {
      await here.stop(engine);
      await here.start({ services: reading });
    }
    await here.pass(60 * second);
    expect(await here.states(sagaId)).toMatchObject({ reader: "OPEN" });
    isFailing = false;
    await here.pass(60 * second);
    const read = (await readBy(here, sagaId)).map(({ trigger }) => trigger);
    expect(read.slice(-2)).toEqual(["Marked", "after 60s"]);
    expect(await here.parked("reader")).toEqual([]);
    expect(await here.audit()).toEqual([]);
  });
});
