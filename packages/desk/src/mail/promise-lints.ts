// Lints over times and promises: the next update, the estimated fix, the order of the timeline, the actions
// of a report.
import type { Lints, Problem } from "../lint/lint.ts";
import { isoText, whenText } from "../render/when.ts";
import { audienceSettings } from "./compose-mail.ts";
import type { MailSubject } from "./mail-subject.ts";

const restoring = /(?<!\p{L})(fixed|restored|resolved|back)\s+(by|in|within|at)(?!\p{L})/iu;

/** By name. */
export const promiseLints: Lints<MailSubject> = {
  "next-update": {
    level: "error",
    says: "An alert and an update promise the next one, at a time to come and within the audience's period.",
    find: nextUpdateProblems,
  },
  "alert-brief": {
    level: "error",
    says: "An alert has no promise of a repair.",
    find: ({ kind, words }) =>
      kind === "alert"
        ? words
            .filter(({ text }) => restoring.test(text))
            .map(
              ({ place }): Problem => [place, "promises a repair; an alert promises the next update only."],
            )
        : [],
  },
  "fix-to-come": {
    level: "error",
    says: "An estimated fix is a time to come.",
    find: ({ kind, facts, at }) =>
      kind === "update" &&
      facts.estimatedFix !== undefined &&
      Date.parse(facts.estimatedFix) <= Date.parse(at)
        ? [["/estimatedFix", `is ${facts.estimatedFix}, which has passed: give a new estimate, or none.`]]
        : [],
  },
  "timeline-order": {
    level: "error",
    says: "The timeline has entries, rises, and has none that is still to come.",
    find: ({ kind, facts, at }) => {
      if (kind === "alert" || kind === "correction") return [];
      if (facts.timeline.length === 0) return [["/timeline", "is empty: begin with the first report."]];
      return facts.timeline.flatMap((entry, index): Problem[] => {
        const before = facts.timeline[index - 1];
        if (Date.parse(entry.at) > Date.parse(at))
          return [[`/timeline/${index}/at`, `is ${entry.at}, which is still to come.`]];
        if (before === undefined || Date.parse(before.at) <= Date.parse(entry.at)) return [];
        return [[`/timeline/${index}/at`, "comes before the entry above it: sort the timeline."]];
      });
    },
  },
  "next-steps": {
    level: "error",
    says: "An update has a next step.",
    find: ({ kind, facts }) =>
      kind === "update" && facts.nextSteps.length === 0
        ? [["/nextSteps", "is empty: say what is done next."]]
        : [],
  },
  "resolution-complete": {
    level: "error",
    says: "A resolution report has a confirmed cause, a recovery, and a corrective action.",
    find: resolutionProblems,
  },
  "due-to-come": {
    level: "error",
    says: "A preventive measure is due at a day to come.",
    find: ({ kind, facts, at }) =>
      kind === "resolution"
        ? facts.preventiveMeasures.flatMap(({ due }, index): Problem[] =>
            due < at.slice(0, 10)
              ? [[`/preventiveMeasures/${index}/due`, `is ${due}, which has passed.`]]
              : [],
          )
        : [],
  },
  stale: {
    level: "warning",
    says: "The facts are not older than the audience's period.",
    find: ({ facts, at, settings, audience }) => {
      const ageMinutes = (Date.parse(at) - Date.parse(facts.asOf)) / 60_000;
      return ageMinutes > audienceSettings(settings, audience).updateMinutes
        ? [["/asOf", `is ${facts.asOf}, ${Math.round(ageMinutes)} minutes ago: take a new snapshot.`]]
        : [];
    },
  },
};

function nextUpdateProblems({ kind, facts, at, audience, settings }: MailSubject): readonly Problem[] {
  const { alertMinutes, updateMinutes } = audienceSettings(settings, audience);
  const minutes = kind === "alert" ? alertMinutes : updateMinutes;
  const latest = Date.parse(at) + minutes * 60_000;
  const until = `${isoText(latest)} at the latest (${minutes} minutes, for ${audience})`;
  if (facts.nextUpdate === undefined) {
    return kind === "alert" || kind === "update"
      ? [["/nextUpdate", `is missing: promise one, ${until}.`]]
      : [];
  }
  const next = Date.parse(facts.nextUpdate);
  if (kind === "resolution") return [];
  if (next <= Date.parse(at)) {
    return [
      [
        "/nextUpdate",
        `is ${whenText(facts.nextUpdate, settings.zone)}, which has passed: promise one, ${until}.`,
      ],
    ];
  }
  return next > latest && kind !== "correction"
    ? [
        [
          "/nextUpdate",
          `is ${whenText(facts.nextUpdate, settings.zone)}, which is too late: promise one, ${until}.`,
        ],
      ]
    : [];
}

function resolutionProblems({ kind, facts, words }: MailSubject): readonly Problem[] {
  if (kind !== "resolution") return [];
  const open = words.filter(({ text }) => /under investigation|not known yet/i.test(text));
  const problems: (Problem | undefined)[] = [
    facts.cause?.confirmed === true
      ? undefined
      : ["/cause", "is not confirmed; a resolution report needs the definite cause."],
    facts.recovered === undefined
      ? ["/recovered", "is missing: say when the last order was healed."]
      : undefined,
    facts.correctiveActions.length > 0 ? undefined : ["/correctiveActions", "is empty: say what was done."],
    ...open.map(({ place }): Problem => [place, "is still open; a resolution report is definite."]),
  ];
  return problems.filter((problem) => problem !== undefined);
}
