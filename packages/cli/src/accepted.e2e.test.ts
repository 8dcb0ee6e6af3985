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
  [[{ ...lacks, code: "P99" }], "has the code P99 in entry 1, which is none of the checker"],
])("refuses %j in one sentence", async (accepted, message) => {
  const { code, err } = await runCli(["check"], { cwd: await project(accepted) });
  expect(code).toBe(2);
  expect(err).toContain(message);
  expect(err.trim().split("\n")).toHaveLength(1);
});
