// Bad input gets one clear sentence and the right exit code, and nothing in the folder changes.
import { globSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openFacts } from "../../test/facts.ts";
import { DeskBench } from "../../test/run-desk.ts";

const bench = new DeskBench();
const json = (name: string, value: unknown): void =>
  writeFileSync(join(bench.cwd, name), JSON.stringify(value));
const at = ["--now", "2026-11-26T10:12:00Z"];
const rates = (urgency: string): readonly string[] => [
  ..."--business-impact 4:so --customer-value 4:so --risk-of-not-doing 4:so --effort 4:so --risk-of-doing 4:so".split(
    " ",
  ),
  "--urgency",
  urgency,
];

beforeAll(async () => {
  const run = async (...args: readonly string[]): Promise<void> => {
    const { code, err, out } = await bench.run(args);
    if (code !== 0) throw new Error(`${args.join(" ")}: ${err}${out}`);
  };
  await run("stakeholders", "add", "Kitchen Lead", ..."--role leads --influence 3 --impact 4".split(" "));
  await run(
    "stakeholders",
    "add",
    "Shop",
    ..."--role sells --influence 1 --impact 4 --address shop@example.org".split(" "),
  );
  await run("demands", "add", "Faster refunds", "--from", "shop");
  await run("actions", "add", "Bound the queue", "--owner", "kitchen-lead", "--due", "2026-12-01");
  await run("playbook", "start", "aair", "--id", "ovens");
  await run("minutes", "new", "Weekly", "--place", "Room 2", "--attendee", "kitchen-lead");
  await run("frameworks", "new", "bluf", "--title", "Empty");
  const leaders = [{ name: "Shop", address: "shop@example.org" }];
  const facts = { ...openFacts, recipients: { leaders } };
  json("open.json", facts);
  json("no-next.json", { ...facts, nextUpdate: undefined });
  json("past.json", { ...facts, nextUpdate: "2026-11-26T10:00:00Z" });
  json("cause.json", { ...facts, cause: { confirmed: false, text: "The printer." } });
  json("time.json", { ...facts, asOf: "10:12" });
  json("points.json", {
    decisions: [{ text: "We go." }],
    actions: [
      { description: "Do a thing", owner: "kitchen-lead", due: "soon", priority: "high", status: "x" },
    ],
  });
  json("two-owners.json", {
    actions: [
      {
        description: "Do that thing",
        owner: "kitchen-lead and shop",
        due: "2026-12-01",
        priority: "high",
        status: "Not Started",
      },
    ],
  });
  json("state.json", { state: "SENT" });
  const shop = JSON.parse(readFileSync(join(bench.cwd, "desk/stakeholders/shop.json"), "utf8")) as object;
  json("twice.json", [
    { ...shop, id: "shop-2" },
    { ...shop, id: "shop-2" },
  ]);
  json("taken.json", [{ ...shop, id: "shop-3" }, shop]);
  writeFileSync(join(bench.cwd, "broken.json"), '{"schema": ');
  mkdirSync(join(bench.cwd, "other/frameworks"), { recursive: true });
  const bluf = JSON.parse(
    readFileSync(join(import.meta.dirname, "../frameworks/catalogue/bluf.json"), "utf8"),
  ) as { template: string[] };
  json("other/frameworks/mine.json", { ...bluf, id: "mine", template: ["# {{title}}"] });
  mkdirSync(join(bench.cwd, "torn/demands"), { recursive: true });
  writeFileSync(join(bench.cwd, "torn/demands/half.json"), '{"schema":"quadrille-desk/demand/1","id":"ha');
  mkdirSync(join(bench.cwd, "strange"));
  json("strange/desk.json", { schema: "quadrille-desk/settings/9" });
});
afterAll(() => bench[Symbol.dispose]());

/** Every file under the folder with its text. */
function contents(): Readonly<Record<string, string>> {
  const files = globSync("**/*", { cwd: bench.cwd, withFileTypes: true }).filter((entry) => entry.isFile());
  return Object.fromEntries(
    files.map(({ parentPath, name }) => [
      join(parentPath, name),
      readFileSync(join(parentPath, name), "utf8"),
    ]),
  );
}

const usage = 2;
const refused = 1;

describe("one sentence", () => {
  it.each<readonly [string, string, number, string]>([
    [
      "an unknown owner",
      "actions add 'Do it now' --owner the-moon --due 2026-12-01",
      usage,
      'The owner "the-moon" is no known person; there are kitchen-lead, shop. Add them with: stakeholders add.',
    ],
    [
      "a due day in the past",
      "actions add 'Do it now' --owner shop --due 2026-11-25",
      usage,
      "The due day is 2026-11-25, which has passed: today is 2026-11-26.",
    ],
    [
      "a day that is none",
      "actions add 'Do it now' --owner shop --due tomorrow",
      usage,
      'the action item: /due must be a day, such as 2026-12-01, not "tomorrow".',
    ],
    [
      "a day that is not in the calendar",
      "actions add 'Do it now' --owner shop --due 2026-02-30",
      usage,
      'the action item: /due must be a day, such as 2026-12-01, not "2026-02-30".',
    ],
    [
      "a score out of range",
      `demands score faster-refunds ${rates("6:so").join(" ")}`,
      usage,
      "demands/faster-refunds.json: /scores/urgency/score must be 5 or less, not 6.",
    ],
    [
      "a score without a reason",
      `demands score faster-refunds ${rates("4").join(" ")}`,
      usage,
      '--urgency is "4"; give a score from 1 to 5 and why, such as "4: how soon it matters".',
    ],
    [
      "an influence out of range",
      "stakeholders add X --role y --influence 6 --impact 1",
      usage,
      "error: option '--influence <n>' argument '6' is invalid. A whole number from 1 to 5 is expected.",
    ],
    [
      "an unknown stakeholder",
      "demands add 'More' --from stranger",
      usage,
      'There is no stakeholder "stranger"; there are kitchen-lead, shop.',
    ],
    [
      "an answer before a score",
      "demands answer faster-refunds --as decline --reason no --alternative later",
      refused,
      "faster-refunds is RECEIVED; answer needs SCORED.",
    ],
    [
      "a promise in the past",
      "demands answer faster-refunds --as accept --reason yes --promise x --due 2026-01-01",
      usage,
      "The promised day is 2026-01-01, which has passed: today is 2026-11-26.",
    ],
    [
      "half a promise",
      "demands answer faster-refunds --as accept --reason yes --promise x",
      usage,
      "A promise needs both --promise and --due.",
    ],
    [
      "a missing next update",
      "mail alert no-next.json --send",
      refused,
      "error  no-next.json/nextUpdate: is missing: promise one, 2026-11-26T10:42:00Z at the latest (30 minutes, for leaders). (next-update)",
    ],
    [
      "a next update that has passed",
      "mail alert past.json --send",
      refused,
      "error  past.json/nextUpdate: is Thu 26 Nov 2026, 10:00 UTC, which has passed: promise one, 2026-11-26T10:42:00Z at the latest (30 minutes, for leaders). (next-update)",
    ],
    [
      "a cause before it is confirmed",
      "mail update cause.json --send",
      refused,
      "error  cause.json/cause: is not confirmed: leave it out, or add it to the hypotheses as open. (cause-unconfirmed)",
    ],
    [
      "a time without a zone",
      "mail alert time.json",
      usage,
      'time.json: /asOf must be a time with a zone, such as 2026-11-26T10:12:00Z, not "10:12".',
    ],
    [
      "facts that are a demand",
      "mail alert desk/demands/faster-refunds.json",
      usage,
      'desk/demands/faster-refunds.json has the schema "quadrille-desk/demand/1"; "schema": "quadrille-desk/facts/1" is expected here.',
    ],
    [
      "a file that is no JSON",
      "mail alert broken.json",
      usage,
      "broken.json is not JSON: Unexpected end of JSON input.",
    ],
    [
      "a correction of a mail that is not there",
      "mail correction open.json --number 3",
      usage,
      "The thread has no mail 3; it has 0.",
    ],
    [
      "a playbook action out of order",
      "playbook done ovens contain",
      refused,
      "contain is of the phase act, which comes after assess: do or skip identify, scope, impact, severity, gather, resources, prioritise first.",
    ],
    [
      "several actions of which one is out of order",
      "playbook done ovens identify contain",
      refused,
      "contain is of the phase act, which comes after assess: do or skip scope, impact, severity, gather, resources, prioritise first.",
    ],
    [
      "an unknown playbook",
      "playbook start party",
      usage,
      'There is no playbook "party"; there are aair, cuae, iuem, pppp.',
    ],
    [
      "a document with empty slots",
      "frameworks render desk/documents/empty.json",
      refused,
      "error  desk/documents/empty.json/slots/bottomLine: must not be empty. (slots)\nerror  desk/documents/empty.json/slots/context/0: must not be empty. (slots)",
    ],
    [
      "a framework whose template lacks a slot",
      "frameworks --folder other",
      usage,
      "other/frameworks/mine.json: the template never prints the required slot bottomLine.",
    ],
    [
      "an unknown framework",
      "frameworks new blob --title x",
      usage,
      'There is no framework "blob"; there are ',
    ],
    [
      "minutes with a due day that is none",
      "minutes fill weekly points.json",
      usage,
      'points.json: /actions/0/due must be a day, such as 2026-12-01, not "soon".',
    ],
    [
      "a taken id",
      "playbook start aair --id ovens",
      refused,
      "There is a run ovens already: give another id with --id.",
    ],
    [
      "an id that is a path",
      "demands show ../desk",
      usage,
      'There is no demand "../desk"; there are faster-refunds.',
    ],
    [
      "an id that would be a path",
      "actions add 'Do it now' --owner shop --due 2026-12-01 --id ../x",
      usage,
      'the action item: /id must be lower-case words joined by hyphens, such as kitchen-lead, not "../x".',
    ],
    [
      "a document that cannot be imported",
      "import open.json",
      usage,
      'open.json has the schema "quadrille-desk/facts/1", which cannot be imported; quadrille-desk/document/1, ',
    ],
    [
      "a list with one document twice",
      "import twice.json",
      usage,
      "twice.json has the stakeholder shop-2 twice: nothing was added.",
    ],
    [
      "a list with a document that is there",
      "import taken.json",
      refused,
      "There is a stakeholder shop already: nothing was added.",
    ],
    [
      "minutes that would be sent by a file",
      "minutes fill weekly state.json",
      usage,
      "state.json: /state is kept by the desk: leave it out.",
    ],
    [
      "a half-written file",
      "demands --folder torn",
      usage,
      "demands/half.json is not JSON: Unterminated string in JSON",
    ],
    [
      "settings of another schema",
      "plan --folder strange",
      usage,
      'desk.json has the schema "quadrille-desk/settings/9"; "schema": "quadrille-desk/settings/1" is expected here.',
    ],
    [
      "minutes without a discussion point",
      "minutes send weekly",
      refused,
      "error  minutes/weekly.json/decisions: are empty, and so are information, questions and open issues: say what was discussed. (discussion-empty)",
    ],
    [
      "a clock that is none",
      "plan --now yesterday",
      usage,
      '--now: the document must be a time with a zone, such as 2026-11-26T10:12:00Z, not "yesterday".',
    ],
    ["an unknown command", "mails", usage, "error: unknown command 'mails'\n(Did you mean mail?)"],
  ])("for %s", async (...[, line, code, says]) => {
    const before = contents();
    const args = [...line.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, bare]) => quoted ?? bare ?? "");
    const ran = await bench.run(args.includes("--now") ? args : [...args, ...(line === "mails" ? [] : at)]);
    expect(ran.code).toBe(code);
    expect((ran.out + ran.err).replaceAll(`${bench.cwd}/`, "")).toContain(says);
    expect(ran.out + ran.err).not.toMatch(/^\s+at /m);
    expect(contents()).toEqual(before);
  });

  it("for two owners of an action, while the points are kept in the draft", async () => {
    const ran = await bench.run(["minutes", "fill", "weekly", "two-owners.json"]);
    expect(ran.code).toBe(refused);
    expect(ran.out).toContain(
      "error  minutes/weekly.json/actions/0/owner: is “kitchen-lead and shop”: split the action, one owner each. (one-owner)",
    );
  });
});

it("a document that another program changed meanwhile is left alone", async () => {
  const file = join(bench.cwd, "desk/actions/bound-the-queue.json");
  const text = readFileSync(file, "utf8");
  // The clock is asked between reading and writing.
  const clock = {
    now: () => {
      writeFileSync(file, text.replace("Bound the queue", "Bound both queues"));
      return Date.parse("2026-11-26T10:00:00Z");
    },
    sleep: async () => {},
  };
  const ran = await bench.run(["actions", "start", "bound-the-queue"], { clock });
  expect(ran).toEqual({
    code: refused,
    out: "",
    err: "The action bound-the-queue was changed meanwhile: run the command again.\n",
  });
  expect(readFileSync(file, "utf8")).toContain("Bound both queues");
});

it("a fault of the desk itself is one sentence, and more on request", async () => {
  const clock = {
    now: () => {
      throw new TypeError("No clock");
    },
    sleep: async () => {},
  };
  const ran = await bench.run(["plan"], { clock });
  expect(ran).toEqual({
    code: 3,
    out: "",
    err: "quadrille-desk is broken: No clock. QUADRILLE_DEBUG=1 shows where.\n",
  });
  const more = await bench.run(["plan"], { clock, env: { QUADRILLE_DEBUG: "1" } });
  expect(more.err).toMatch(/^\s+at /m);
});
