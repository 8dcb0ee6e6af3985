// `quadrille check` with findings that the project accepts in its package.json.
import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { runCli } from "../test/run-cli.ts";
import { answers, asks } from "../../quadrille/test/small-choreography.ts";

const lacking = asks({
  initial: "s",
  otherwise: "omission",
  states: { s: {}, t: { on: { Asked: [{ to: "t" }] } } },
});

async function project(accepted: unknown): Promise<string> {
  const cwd = await mkdtemp(join(tmpdir(), "quadrille-accepted-"));
  await writeFile(
    join(cwd, "package.json"),
    JSON.stringify({ quadrille: { choreography: "bad.json", accepted } }),
  );
  await writeFile(join(cwd, "bad.json"), JSON.stringify(lacking));
  await writeFile(join(cwd, "good.json"), JSON.stringify(asks(answers)));
  return cwd;
}

const lacks = { code: "P1", place: "/participants/B/states/s/on/Asked", reason: "B comes next year" };

it("shows them with their reason, and exits as if they were not there", async () => {
  const cwd = await project([lacks]);
  const ran = await runCli(["check"], { cwd });
  expect(ran.out).toContain("accepted error P1 Asked may reach B in s");
  expect(ran.out).toContain("because B comes next year");
  expect(ran.code).toBe(0);
  const gone = await runCli(["check", "good.json"], { cwd });
  expect(gone.out).toContain("accepted P1 at /participants/B/states/s/on/Asked no longer occurs");
});

it.each([
  [{}, "is not a list"],
  [[{ ...lacks, reason: " " }], 'needs a text "reason" in entry 1'],
  [
    [{ ...lacks, code: "P99" }],
    "has the code P99 in entry 1, which is none of a finding or a warning of check",
  ],
  [[{ ...lacks, code: "W01" }], "has the code W01 in entry 1, which is none of"],
  [[{ ...lacks, code: "W04" }], "has the code W04 in entry 1, which is none of"],
])("refuses %j in one sentence", async (accepted, message) => {
  const { code, err } = await runCli(["check"], { cwd: await project(accepted) });
  expect(code).toBe(2);
  expect(err).toContain(message);
  expect(err.trim().split("\n")).toHaveLength(1);
});

const early = {
  code: "W19",
  place: "/participants/A/states/s/deadlines/soon",
  reason: "the row is made by hand",
};
const unstarted = asks(answers);
const { s } = unstarted.participants["A"]?.states ?? {};
const odd = {
  ...unstarted,
  participants: {
    ...unstarted.participants,
    A: {
      ...unstarted.participants["A"],
      states: { ...unstarted.participants["A"]?.states, s: { ...s, deadlines: { soon: [{ to: "done" }] } } },
    },
  },
};

it("are also warnings about the contract itself, so that --strict may be used", async () => {
  const [with19, without] = await Promise.all([project([early]), project([])]);
  for (const cwd of [with19, without]) await writeFile(join(cwd, "bad.json"), JSON.stringify(odd));
  const refused = await runCli(["check", "--strict"], { cwd: without });
  expect(refused.out).toContain("warning W19 A in s waits for soon");
  const ran = await runCli(["check", "--strict"], { cwd: with19 });
  expect(ran.out).toContain(
    "accepted warning W19 A in s waits for soon, which nothing starts in an initial state",
  );
  expect(ran.out).toContain("because the row is made by hand");
  expect(ran.out).not.toContain("The contract itself");
  expect([refused.code, ran.code]).toEqual([1, 0]);
  const log = await runCli(["check", "--sarif"], { cwd: with19 });
  expect(log.out).toContain('"justification": "the row is made by hand"');
  const { warnings, accepted } = JSON.parse((await runCli(["check", "--json"], { cwd: with19 })).out) as {
    readonly warnings: readonly unknown[];
    readonly accepted: readonly { readonly finding: { readonly code: string } }[];
  };
  expect([warnings, accepted.map(({ finding }) => finding.code)]).toEqual([[], ["W19"]]);
});

it("are also warnings about several choreographies together", async () => {
  const shop = {
    name: "Shop",
    participants: {
      A: { initial: "s", states: { s: { commands: { go: [{ to: "t", emit: ["Sold"] }] } }, t: {} } },
    },
    commands: { go: 1 },
    publicEvents: ["Sold"],
    ends: [{ name: "sold", states: { A: "t" } }],
  };
  const points = {
    name: "Points",
    participants: {
      B: { initial: "s", states: { s: { on: { Sold: [{ to: "t" }], Paid: [{ to: "t" }] } }, t: {} } },
    },
    takes: { Sold: { from: "Shop" }, Paid: { from: "Bank" } },
    ends: [{ name: "given", states: { B: "t" } }],
  };
  const apart = { code: "W33", place: "/takes/Paid", reason: "the bank's contract is not ours" };
  const cwd = await project([apart]);
  await writeFile(join(cwd, "shop.json"), JSON.stringify(shop));
  await writeFile(join(cwd, "points.json"), JSON.stringify(points));
  const ran = await runCli(["check", "--strict", "shop.json", "points.json"], { cwd });
  expect(ran.out).toContain("accepted warning W33 Paid is taken from");
  expect(ran.out).toContain("because the bank's contract is not ours");
  expect(ran.out).not.toContain("\nwarning W33");
  expect(ran.code).toBe(0);
  const others = await project([{ ...apart, choreography: "Shop" }]);
  await writeFile(join(others, "shop.json"), JSON.stringify(shop));
  await writeFile(join(others, "points.json"), JSON.stringify(points));
  const refused = await runCli(["check", "--strict", "shop.json", "points.json"], { cwd: others });
  expect(refused.out).toContain("warning W33 Paid is taken from");
  expect(refused.out).toContain("accepted W33 at /takes/Paid no longer occurs");
  expect(refused.code).toBe(1);
});
