// With 10,000 demands, 1,000 stakeholders and 2,000 action items every command takes less than a second of the processor,
// the start of the program included. Processor time, because other tests run at the same time.
import { execFile } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openFacts } from "../../test/facts.ts";
import { DeskBench, testNow } from "../../test/run-desk.ts";

const bench = new DeskBench();
const secondsMax = 1;
const day = (index: number): string => `2026-12-${String((index % 28) + 1).padStart(2, "0")}`;
const rated = (score: number) => ({ score: (score % 5) + 1, why: "as it was measured in the last month" });

/** Documents of a kind, written as a team would have them in its folder. */
function write(folder: string, count: number, document: (index: number) => object): void {
  mkdirSync(join(bench.cwd, "desk", folder), { recursive: true });
  for (let index = 0; index < count; index += 1) {
    const id = `${folder}-${index}`;
    writeFileSync(
      join(bench.cwd, "desk", folder, `${id}.json`),
      JSON.stringify({ id, ...document(index) }, null, 2),
    );
  }
}

beforeAll(async () => {
  const history = [{ at: testNow, by: "tester", did: "receive" }];
  write("stakeholders", 1_000, (index) => ({
    schema: "quadrille-desk/stakeholder/1",
    name: `Stakeholder ${index}`,
    role: "has an interest",
    category: "customer",
    address: `s${index}@example.org`,
    audience: index < 20 ? "leaders" : "others",
    influence: (index % 5) + 1,
    impact: ((index * 7) % 5) + 1,
    interests: ["orders in time"],
    goals: [],
    needs: ["a time that holds"],
    concerns: [],
    values: [],
    decisionMaker: false,
    communication: { channel: "mail", cadenceDays: 14 },
    added: "2026-11-01T10:00:00Z",
    state: "UNDERSTOOD",
    contacts: [],
    history,
  }));
  write("demands", 10_000, (index) => ({
    schema: "quadrille-desk/demand/1",
    title: `Demand ${index}`,
    from: `stakeholders-${index % 1_000}`,
    received: testNow,
    answerBy: day(index),
    scores: {
      businessImpact: rated(index),
      customerValue: rated(index * 3),
      urgency: rated(index * 7),
      riskOfNotDoing: rated(index),
      effort: rated(index * 11),
      riskOfDoing: rated(index),
    },
    state: "SCORED",
    history,
  }));
  write("actions", 2_000, (index) => ({
    schema: "quadrille-desk/action/1",
    description: `Action ${index}`,
    owner: `stakeholders-${index % 1_000}`,
    due: day(index),
    priority: index % 3 === 0 ? "high" : "low",
    state: "OPEN",
    history,
  }));
  writeFileSync(join(bench.cwd, "facts.json"), JSON.stringify(openFacts));
  // The first start on a machine compiles the modules.
  await run(["demands", "--now", testNow]);
});
afterAll(() => bench[Symbol.dispose]());

const main = join(import.meta.dirname, "main.ts");

/** Runs the command as a process of its own; gives its processor time and what it printed. */
function run(args: readonly string[]): Promise<{ readonly seconds: number; readonly out: string }> {
  const script = 'TIMEFORMAT="%U %S"; time "$@" 2>&1';
  const command = ["-c", script, "bash", process.execPath, "--conditions=quadrille-source", main, ...args];
  return new Promise((resolve, reject) => {
    execFile("bash", command, { cwd: bench.cwd, maxBuffer: 64_000_000 }, (error, out, err) => {
      if (error !== null) return reject(new Error(`${args.join(" ")}: ${out}${err}`));
      const [user = 0, system = 0] = err.trim().split(" ").map(Number);
      return resolve({ seconds: user + system, out });
    });
  });
}

const score = [
  "--business-impact",
  "--customer-value",
  "--urgency",
  "--risk-of-not-doing",
  "--effort",
  "--risk-of-doing",
];

describe("under a second", () => {
  it.each<readonly [string, readonly string[], string]>([
    ["the board of demands", ["demands"], "and 9,980 more"],
    [
      "a new demand",
      ["demands", "add", "Another demand", "--from", "stakeholders-1"],
      "Added another-demand",
    ],
    ["a score", ["demands", "score", "demands-7", ...score.flatMap((name) => [name, "3: so"])], "Score 7.5"],
    [
      "an answer",
      ["demands", "answer", "demands-8", "--as", "decline", "--reason", "no", "--alternative", "a report"],
      "ANSWERED",
    ],
    ["the matrix", ["stakeholders", "matrix"], "engage closely 200"],
    ["who is due", ["stakeholders", "due"], "stakeholders-0"],
    ["the action items", ["actions"], "and 1,980 more"],
    [
      "a new action item",
      ["actions", "add", "Do something specific", "--owner", "stakeholders-5", "--due", "2026-12-24"],
      "Added do-something-specific",
    ],
    ["the plan", ["plan"], "SCHEDULE ("],
    ["the lists", ["plan", "gtd", "--me", "stakeholders-5"], "Next actions ("],
    ["a mail", ["mail", "alert", "facts.json", "--send", "--now", "2026-11-26T10:12:00Z"], "Sent Alert 1"],
    [
      "new minutes",
      ["minutes", "new", "Weekly", "--place", "Room 2", "--attendee", "stakeholders-5"],
      "Made ",
    ],
    ["a suggestion", ["frameworks", "suggest", "--moment", "review"], "four-questions"],
  ])("is %s", async (_, args, says) => {
    const { seconds, out } = await run([...args, ...(args.includes("--now") ? [] : ["--now", testNow])]);
    expect(out).toContain(says);
    expect(seconds).toBeLessThan(secondsMax);
  });
});
