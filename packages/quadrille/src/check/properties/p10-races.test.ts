// What a report of a race names: what decides, by its kind, and choices of its own combination alone.
import { describe, expect, it } from "vitest";
import { choreography, end } from "../../../test/small-choreography.ts";
import type { ChoreographyJson, ParticipantJson } from "../../contract/json-form.ts";
import { check } from "../check.ts";

const races = (contract: ChoreographyJson) =>
  check(contract).findings.filter(({ code, at }) => code === "P10" && at === "/ends");
const sentences = (contract: ChoreographyJson): readonly string[] =>
  races(contract).map(({ message }) => message);
const asked = (states: ParticipantJson["states"]): ChoreographyJson =>
  choreography(
    { A: { initial: "none", states: { ...states, none: { commands: { ask: [{ to: "waits" }] } } } } },
    { ends: [end("first", { A: "first" }), end("second", { A: "second" })] },
  );
const to = (state: string) => [{ to: state }];

describe("a race", () => {
  it("of a command with a deadline names both", () => {
    const contract = asked({
      waits: { lock: true, commands: { accept: to("first") }, deadlines: { runsOut: to("second") } },
      first: {},
      second: {},
    });
    expect(sentences(contract)).toEqual([
      "whether the command accept of A or the deadline runsOut of A comes first decides between the ends first and second",
    ]);
  });

  it("of a call with a timeout names both", () => {
    const contract = asked({
      waits: { activities: { call: to("first") }, timeouts: { late: to("second") } },
      first: {},
      second: {},
    });
    expect(sentences(contract)).toEqual([
      "whether the answer of call at A or the deadline late of A comes first decides between the ends first and second",
    ]);
  });

  it("of two commands names no command that comes before", () => {
    const contract = asked({
      waits: { commands: { accept: to("first"), refuse: to("second") } },
      first: {},
      second: {},
    });
    expect(sentences(contract)).toEqual([
      "whether the command accept of A or the command refuse of A comes first decides between the ends first and second",
    ]);
  });

  it("differs from ends that follow each other", () => {
    const contract = asked({
      waits: { commands: { open: to("first") } },
      first: { commands: { move: to("second") } },
      second: { commands: { move: to("first") } },
    });
    const commands = { ask: 1, open: 1, move: "unbounded" as const };
    expect(sentences({ ...contract, commands })).toEqual([
      "the saga goes back and forth between the ends first and second",
    ]);
  });

  it("is shown by a path that decides as its own combination does", () => {
    const contract = asked({
      waits: {
        activities: {
          call: [
            { to: "asks", choice: "no" },
            { to: "second", choice: "yes" },
          ],
        },
      },
      asks: { commands: { accept: to("first") }, deadlines: { late: to("second") } },
      first: {},
      second: {},
    });
    const [found] = races(contract);
    expect(found?.message).toContain(", for example with no at A (1 of 2 combinations of choices)");
    expect(found?.path.map(({ trigger }) => trigger)).toEqual(["ask", "call", "late"]);
  });

  it("names the choices on the way to either end, also where one of the two ways has none", () => {
    const contract = asked({
      waits: { commands: { look: to("looks") }, deadlines: { late: to("second") } },
      looks: {
        activities: {
          call: [
            { to: "first", choice: "yes" },
            { to: "third", choice: "no" },
          ],
        },
      },
      first: {},
      second: {},
      third: {},
    });
    const ends = ["first", "second", "third"].map((name) => end(name, { A: name }));
    const found = sentences({ ...contract, ends });
    expect(found).toHaveLength(2);
    expect(found.map((one) => /for example with (\w+) at A/.exec(one)?.[1] ?? "").toSorted()).toEqual([
      "no",
      "yes",
    ]);
  });
});
