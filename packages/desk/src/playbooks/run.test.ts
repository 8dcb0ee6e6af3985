// One generic run for the four playbooks: order, skips with a reason, ways back, and the end.
import { describe, expect, it } from "vitest";
import { playbookOf, readPlaybook, readPlaybooks } from "./playbook.ts";
import {
  actionStateOf,
  isComplete,
  openPhases,
  type Run,
  type RunStep,
  startRun,
  takeRunStep,
} from "./run.ts";

const taking = { at: "2026-11-26T10:00:00Z", by: "lead" };
const playbooks = readPlaybooks();
const aair = playbookOf(playbooks, "aair");
const start = (): Run => startRun(aair, { id: "ovens", title: "Ovens" }, taking);
const step = (run: Run, ...[did, key, note]: readonly [RunStep, string, string?]): Run =>
  takeRunStep(aair, run, { did, key, ...taking, note });
const all = (run: Run, phase: string): Run =>
  (aair.phases.find(({ key }) => key === phase)?.actions ?? []).reduce(
    (each, { key }) => step(each, "done", key),
    run,
  );
const openKeys = (run: Run): readonly string[] =>
  openPhases(aair, run).flatMap(({ open }) => open.map(({ key }) => key));

it("there are the four playbooks, with their phases", () => {
  expect([...playbooks].map(([id, { phases }]) => [id, phases.map(({ key }) => key).join(" ")])).toEqual([
    ["aair", "assess act inform review"],
    ["cuae", "connect understand align empower"],
    ["iuem", "identify understand engage maintain"],
    ["pppp", "proactive prioritize protect partner"],
  ]);
});

it.each([...playbooks.values()].map((each) => [each.id, each] as const))(
  "%s can be run from its first action to its end, always by what is open",
  (_, playbook) => {
    let run = startRun(playbook, { id: "r", title: "R" }, taking);
    for (let steps = 0; run.state === "RUNNING" && steps < 100; steps += 1) {
      const key = openPhases(playbook, run)[0]?.open[0]?.key ?? "";
      run = takeRunStep(playbook, run, {
        did: steps % 2 === 0 ? "done" : "skip",
        key,
        ...taking,
        note: "so",
      });
    }
    expect(run.state).toBe("FINISHED");
    expect(Object.keys(run.actions)).toHaveLength(playbook.phases.flatMap(({ actions }) => actions).length);
    expect(openPhases(playbook, run)).toEqual([]);
  },
);

describe("an action", () => {
  it("of a later phase is out of order", () => {
    expect(() => step(start(), "done", "contain")).toThrow(
      "contain is of the phase act, which comes after assess: do or skip identify, scope, impact, severity, gather, resources, prioritise first.",
    );
  });

  it("is out of order where the actions of a phase follow each other", () => {
    expect(() => step(all(start(), "assess"), "done", "diagnose")).toThrow(
      "diagnose is out of order: the actions of act follow each other, and contain is open.",
    );
  });

  it("of Inform can be done while Act runs", () => {
    const run = all(start(), "assess");
    expect(openKeys(run)).toEqual([
      "contain",
      "initial-alert",
      "regular-updates",
      "post-resolution-report",
      "audience",
      "channels",
    ]);
    expect(actionStateOf(step(run, "begin", "initial-alert"), "initial-alert")).toBe("doing");
  });

  it("is skipped with a reason only, and done once", () => {
    expect(() => step(start(), "skip", "scope")).toThrow("Skipping scope needs a reason: --reason.");
    const done = step(start(), "done", "scope");
    expect(() => step(done, "done", "scope")).toThrow(
      "scope is done already; go back with: playbook back ovens scope.",
    );
  });

  it("that does not exist is named, with what could be done", () => {
    expect(() => step(start(), "done", "party")).toThrow(
      'Assess, Act, Inform, Review has no action "party"; to do now: there are identify, scope',
    );
  });
});

it("a failed test goes back to diagnosing, and what follows is open again", () => {
  const tested = ["contain", "diagnose", "resolve", "test"].reduce(
    (run, key) => step(run, "done", key),
    all(start(), "assess"),
  );
  const back = step(tested, "back", "diagnose", "the test failed");
  expect(["contain", "diagnose", "resolve", "test"].map((key) => actionStateOf(back, key))).toEqual([
    "done",
    "todo",
    "todo",
    "todo",
  ]);
  expect(back.history.at(-1)).toEqual({ ...taking, did: "back diagnose", note: "the test failed" });
  expect(() => step(tested, "back", "diagnose")).toThrow("Going back to diagnose needs a reason: --reason.");
  expect(() => step(start(), "back", "scope", "so")).toThrow(
    "scope is still to do: there is nothing to go back to.",
  );
});

it("a finished run is open again when an action is", () => {
  const finished = ["assess", "act", "inform", "review"].reduce(all, start());
  expect(finished.state).toBe("FINISHED");
  const back = step(finished, "back", "follow-up", "a new finding");
  expect(back.state).toBe("RUNNING");
  const [, , , review] = aair.phases;
  expect(review && isComplete(back, review)).toBe(false);
});

describe("a playbook's file is refused", () => {
  const file = (
    change: (phases: { key: string; after: string[]; actions: { key: string }[] }[]) => void,
  ): string => {
    const copy = JSON.parse(JSON.stringify(aair)) as { phases: Parameters<typeof change>[0] };
    change(copy.phases);
    return JSON.stringify(copy);
  };
  it.each([
    [
      "when an action is there twice",
      file((phases) => phases[1]?.actions.push({ ...phases[0]?.actions[0], key: "scope" })),
      "p.json: the action scope is there twice.",
    ],
    [
      "when a phase waits for a later one",
      file((phases) => phases[0]?.after.push("review")),
      "p.json: assess is after review, which is no earlier phase.",
    ],
  ])("%s", (_, text, says) => {
    expect(() => readPlaybook(text, "p.json")).toThrow(says);
  });
});
