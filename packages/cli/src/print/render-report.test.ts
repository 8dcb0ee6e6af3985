// What people read of a check: its verdict first, and counts of one as of one.
import picocolors from "picocolors";
import { describe, expect, it } from "vitest";
import { asks, answers, choreography, end } from "../../../quadrille/test/small-choreography.ts";
import { check, type Finding, type Report, type Severity } from "quadrille/check";
import { renderReport } from "./render-report.ts";

const render = (report: Report): string =>
  renderReport(report, {
    colors: picocolors.createColors(false),
    files: ["small.json"],
    durationMs: 1,
    verbose: false,
  });
const sound = check(asks(answers));

describe("the summary", () => {
  const findings = (severities: readonly Severity[]): Finding[] =>
    severities.map((severity) => ({ code: "P7", severity, message: "", at: "", path: [] }));

  it.each<[readonly Severity[], string]>([
    [[], "No errors."],
    [["report", "report", "report"], "No errors, 3 reports."],
    [["warning", "warning", "report"], "No errors, 2 warnings, 1 report."],
    [["error"], "1 error."],
    [["error", "error", "warning"], "2 errors, 1 warning."],
  ])("of %j begins with the errors, none as well", (severities, text) => {
    expect(render({ ...sound, findings: findings(severities) })).toContain(`\n\n${text}\n`);
  });

  it("of what is not exhausted speaks of what was explored alone", () => {
    const report: Report = { ...sound, findings: findings(["report"]), exhausted: false, limit: "states" };
    expect(render(report)).toContain("\n\nNo errors in what was explored, 1 report.\n");
    expect(render({ ...report, findings: findings(["error"]) })).toContain("\n\n1 error.\n");
  });
});

describe("a count", () => {
  it("of one is of one", () => {
    const still = choreography(
      { A: { initial: "s", states: { s: {} } } },
      { ends: [end("still", { A: "s" })] },
    );
    const text = render(check(still, { bound: { states: 1, cap: 1 } }));
    expect(text).toContain("at most 1 state, 1 message in a channel.");
    expect(text).toContain("1 state, 0 transitions, all of them explored");
    expect(render({ ...sound, states: 2, transitions: 1 })).toContain("2 states, 1 transition, ");
  });
});

describe("a short list", () => {
  const finding = (participant: string, event: string): Finding => {
    const at = `/participants/${participant}/states/OVER/on/${event}`;
    return { code: "P1", severity: "error", message: `${event} may reach ${participant}`, at, path: [] };
  };
  const sentences = (events: readonly string[]): readonly string[] => {
    const findings = [finding("Other", "A"), ...events.map((event) => finding("Hub", event))];
    return render({ ...sound, findings })
      .split("\n")
      .filter((line) => line.startsWith("error"));
  };

  it("has one sentence for three findings of one cause, and one each for two", () => {
    expect(sentences(["A", "B", "C"])).toEqual([
      "error P1 A may reach Other",
      "error P1 Hub says nothing about 3 events that may come in OVER",
    ]);
    expect(sentences(["A", "B"])).toHaveLength(3);
  });
});

describe("a suggested patch", () => {
  it("that is long is cut, and says where the whole is", () => {
    const names = Array.from({ length: 200 }, (_, index) => `Participant${index}`);
    const value = { name: "nothing", states: Object.fromEntries(names.map((name) => [name, "s"])) };
    const patch = {
      why: "an end",
      operations: [{ op: "add" as const, path: "/ends/-", value }],
      leaves: { errors: 0, fresh: [] },
    };
    const found: Finding = { code: "P4", severity: "error", message: "", at: "/ends", path: [], patch };
    const lines = render({ ...sound, findings: [found] }).split("\n");
    expect(lines.find((line) => line.startsWith("    add /ends/-"))).toMatch(
      /^ {4}add \/ends\/- \{"name":"nothing",.*… \(the whole with --json\)$/,
    );
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThan(500);
  });

  const finding = (place: string, value: unknown, fresh: readonly string[] = []): Finding => {
    const [state = "", event = ""] = place.split(" ");
    const path = `/participants/Hub/states/${state}/on/${event}`;
    const operations = [{ op: "replace" as const, path, value }];
    const patch = { why: `${event} in ${state}`, operations, leaves: { errors: 5, fresh } };
    return { code: "P2", severity: "error", message: "", at: path, path: [], patch };
  };

  it("of one word is listed with others of the same, state by state; one that leaves new errors is listed alone", () => {
    const events = ["Yes1", "Yes2", "No1"];
    const findings = [
      ...["DONE", "OVER"].flatMap((state) => events.map((event) => finding(`${state} ${event}`, "ignore"))),
      finding("ASKING Late", "ignore", ["P4 something"]),
      finding("ASKING Twice", [{ to: "DONE" }]),
      ...Array.from({ length: 6 }, (_, index) => finding(`S${index} Gone`, "defer")),
    ];
    const lines = render({ ...sound, findings }).split("\n");
    const from = lines.findIndex((line) => line.startsWith("  try this"));
    expect(lines.slice(from, from + 14)).toEqual([
      '  try this: "ignore" in 6 places, each of which was tried alone (--json has the patches)',
      "    Hub in DONE: Yes1, Yes2 and No1",
      "    Hub in OVER: Yes1, Yes2 and No1",
      '  try this: "defer" in 6 places, each of which was tried alone (--json has the patches)',
      ...Array.from({ length: 6 }, (_, index) => `    Hub in S${index}: Gone`),
      "  try this: Late in ASKING; then 5 errors are left, 1 of them new: P4 something",
      '    replace /participants/Hub/states/ASKING/on/Late "ignore"',
      "  try this: Twice in ASKING; then 5 errors are left",
      '    replace /participants/Hub/states/ASKING/on/Twice [{"to":"DONE"}]',
    ]);
  });

  it("is code where a contract is, and JSON Patch where it is JSON", () => {
    const findings = [finding("DONE Late", [{ to: "OVER", emit: ["Refused"] }])];
    const written = (file: string): string =>
      renderReport(
        { ...sound, findings },
        { colors: picocolors.createColors(false), files: [file], durationMs: 1, verbose: false },
      );
    expect(written("hub.ts")).toContain('    in Hub, DONE: on(Late, to("OVER").emits(Refused))\n');
    expect(written("hub.json")).toContain(
      '    replace /participants/Hub/states/DONE/on/Late [{"to":"OVER","emit":["Refused"]}]\n',
    );
  });

  it("of one word stands apart where the message may be lost", () => {
    const states = Array.from({ length: 6 }, (_, index) => `S${index}`);
    const findings = states.flatMap((state) => {
      const lost = finding(`${state} Wanted`, "ignore");
      const loses = true as const;
      return [
        finding(`${state} Late`, "ignore"),
        { ...lost, ...(lost.patch && { patch: { ...lost.patch, loses } }) },
      ];
    });
    const lines = render({ ...sound, findings }).split("\n");
    expect(lines.filter((line) => line.startsWith("  try this"))).toEqual([
      '  try this: "ignore" in 6 places, each of which was tried alone (--json has the patches)',
      '  try this where the message may be lost: "ignore" in 6 places, each of which was tried alone (--json has the patches)',
    ]);
  });
});

describe("a story", () => {
  const waits = choreography(
    {
      A: {
        initial: "s",
        states: {
          s: { commands: { go: [{ to: "t", emit: ["Went"] }] } },
          t: { lock: true, on: { Done: [{ to: "u" }] } },
          u: {},
        },
      },
      B: {
        initial: "s",
        states: {
          s: { on: { Went: [{ to: "t" }] } },
          t: { commands: { finish: [{ to: "u", emit: ["Done"] }] } },
          u: {},
        },
      },
    },
    { ends: [end("done", { A: "u", B: "u" })] },
  );

  it("that shows two findings is written once", () => {
    const lines = render(check(waits)).split("\n");
    expect(lines.filter((line) => line.startsWith("error"))).toHaveLength(2);
    expect(lines.filter((line) => line.includes("1. A receives go"))).toHaveLength(1);
    expect(lines).toContain("    the steps are those of P4 above");
  });

  it("is followed by where it is said what to do, of errors and warnings", () => {
    const lines = render(check(waits)).split("\n");
    expect(lines).toContain("quadrille explain P4 (or P5) says what it means and what to do.");
    expect(render(sound)).not.toContain("explain");
  });
});
