// Each lint of minutes has a bad example that it alone finds; good minutes have the sections of the template.
import { describe, expect, it } from "vitest";
import { toText } from "../render/markdown.ts";
import type { Minutes } from "./minutes.ts";
import { lintMinutes, minutesLints } from "./minutes-lints.ts";
import { renderMinutes } from "./render-minutes.ts";

const lead = { id: "kitchen-lead", name: "Kitchen lead", role: "leads the kitchen" };
const support = { id: "head-of-support", name: "Head of Support", role: "leads support" };
const action = {
  description: "Finish the revised timeline",
  owner: "kitchen-lead",
  due: "2026-12-04",
  priority: "high" as const,
  status: "Not Started",
};
const minutes: Minutes = {
  schema: "quadrille-desk/minutes/1",
  id: "week-48",
  series: "weekly",
  title: "Weekly, week 48",
  at: "2026-11-26T14:00:00Z",
  place: "Room 2",
  attendees: [lead],
  absent: [support],
  meetingOwner: "kitchen-lead",
  documentOwner: "kitchen-lead",
  decisions: [{ text: "The queue is bounded.", effect: "Shops do not stop each other." }],
  information: [{ text: "The printer stopped for 25 minutes.", effect: "37 orders were late." }],
  questions: [{ text: "Which shops share a printer?", effect: "They can be informed." }],
  openIssues: [{ text: "The drawing is wrong.", effect: "None yet." }],
  actions: [action],
  followUp: { at: "2026-12-03T14:00:00Z", purpose: "look at the queue" },
  nextSteps: ["The shops are informed."],
  distribution: { to: ["kitchen-lead", "head-of-support"], channel: "mail", storedAt: "the team's folder" },
  state: "DRAFTED",
  to: [],
  delivered: [],
  history: [],
};
const lint = (other: Partial<Minutes>) =>
  lintMinutes({ minutes: { ...minutes, ...other }, known: ["on-call"], zone: "UTC" });
const noPoints = { decisions: [], information: [], questions: [], openIssues: [] };
const blaming = [{ text: "This was human error.", effect: "None." }];
const causing = [{ text: "The stop was caused by the Kitchen lead.", effect: "None." }];

const bad: Readonly<Record<string, readonly (readonly [Partial<Minutes>, string, string])[]>> = {
  "discussion-empty": [[noPoints, "/decisions", "say what was discussed"]],
  "decision-made": [
    [
      { decisions: [{ text: "Shall we bound it?", effect: "None." }] },
      "/decisions/0/text",
      "move it to questions",
    ],
    [{ questions: [{ text: "The shops.", effect: "None." }] }, "/questions/0/text", "does not ask"],
  ],
  "stakeholder-effect": [
    [{ openIssues: [{ text: "The drawing is wrong." }] }, "/openIssues/0/effect", "for stakeholders"],
  ],
  "one-owner": [
    [
      { actions: [{ ...action, owner: "kitchen-lead and head-of-support" }] },
      "/actions/0/owner",
      "one owner each",
    ],
  ],
  "action-owner-known": [
    [
      {
        actions: [{ ...action, owner: "the-moon" }],
        distribution: { to: ["head-of-support", "the-moon"], channel: "mail" },
      },
      "/actions/0/owner",
      "is the-moon, who is no known person",
    ],
  ],
  "action-due": [
    [{ actions: [{ ...action, due: "2026-11-25" }] }, "/actions/0/due", "before the meeting itself"],
  ],
  "action-overdue": [
    [
      { actions: [{ ...action, id: "week-47-1", due: "2026-11-25" }] },
      "/actions/0/due",
      "agree on a new day",
    ],
  ],
  "action-specific": [
    [
      { actions: [{ ...action, description: "Look into the printer of the kitchen" }] },
      "/actions/0/description",
      "is not specific",
    ],
    [{ actions: [{ ...action, description: "The printer" }] }, "/actions/0/description", "is not specific"],
  ],
  "owners-attended": [
    [{ meetingOwner: "head-of-support" }, "/meetingOwner", "is head-of-support, who is no attendee"],
    [{ documentOwner: "on-call" }, "/documentOwner", "who is no attendee"],
    [{ absent: [support, lead] }, "/absent/1", "who attended"],
  ],
  "follow-up-later": [
    [{ followUp: { at: "2026-11-26T14:00:00Z", purpose: "x" } }, "/followUp/at", "before the meeting itself"],
  ],
  distribution: [
    [
      { distribution: { to: ["kitchen-lead"], channel: "mail" } },
      "/distribution/to",
      "lacks head-of-support",
    ],
    [
      { distribution: { to: ["head-of-support"], channel: "mail" } },
      "/distribution/to",
      "lacks kitchen-lead",
    ],
  ],
  blame: [[{ information: blaming }, "/information/0/text", "“human error” blames"]],
  "person-as-cause": [
    [{ information: causing }, "/information/0/text", "“Kitchen lead” is given as a cause"],
  ],
};

it("every lint of minutes has a bad example", () => {
  expect(Object.keys(bad)).toEqual([...Object.keys(minutesLints), "blame", "person-as-cause"]);
});

describe.each(Object.entries(bad))("%s", (name, examples) => {
  it.each(examples)("is found, alone (%#)", (other, place, says) => {
    const findings = lint(other);
    expect(findings).toContainEqual(
      expect.objectContaining({ lint: name, place, message: expect.stringContaining(says) as string }),
    );
    expect([...new Set(findings.map((finding) => finding.lint))]).toEqual([name]);
  });
});

it("good minutes have no findings, also with an owner who was not invited and is a stakeholder", () => {
  expect(lint({})).toEqual([]);
  const owned = {
    actions: [{ ...action, owner: "on-call" }],
    distribution: { to: ["on-call", "head-of-support"], channel: "mail" },
  };
  expect(lint(owned)).toEqual([]);
  expect(lint({ actions: [{ ...action, id: "week-47-1", due: "2026-11-25", status: "Completed" }] })).toEqual(
    [],
  );
});

it("minutes have the five sections, prefixes and the action table", () => {
  const text = toText(renderMinutes(minutes, "UTC"));
  expect([...text.matchAll(/^([IV]+\. .+)$/gm)].map(([, name]) => name)).toEqual([
    "I. Meeting Header",
    "II. Key Discussion Points",
    "III. Action Items",
    "IV. Next Steps",
    "V. Distribution",
  ]);
  for (const line of [
    "- Attendees: Kitchen lead (leads the kitchen)",
    "- Absent: Head of Support (leads support)",
    "- Decision: The queue is bounded. For stakeholders: Shops do not stop each other.",
    "- Key Information: The printer stopped",
    "- Key Question: Which shops share a printer?",
    "- Open issue: The drawing is wrong.",
    "Action Item                  Owner         Due Date        Priority  Status",
    "Finish the revised timeline  Kitchen lead  Fri 4 Dec 2026  high      Not Started",
    "- Follow-Up Meeting: Thu 3 Dec 2026, 14:00 UTC: look at the queue",
    "- To: Kitchen lead, Head of Support",
  ])
    expect(text).toContain(line);
  const bare = toText(renderMinutes({ ...minutes, actions: [], nextSteps: [], followUp: undefined }, "UTC"));
  expect(bare.match(/^None\.$/gm)).toHaveLength(2);
});
