// Lints over a mail's place in its thread: the incident's state, the order of the kinds, what changed since
// the last one.
import type { Lints, Problem } from "../lint/lint.ts";
import type { MailSubject } from "./mail-subject.ts";

const resolvedStates: readonly string[] = ["RESOLVED", "REVIEWING", "CLOSED"];

/** By name. */
export const threadLints: Lints<MailSubject> = {
  state: {
    level: "error",
    says: "No resolution report before the incident is resolved, no alert or update afterwards.",
    find: ({ kind, facts: { state } }) => {
      const isResolved = resolvedStates.includes(state);
      if (kind === "resolution" && !isResolved)
        return [["/state", `is ${state}: no resolution report before it is RESOLVED.`]];
      if ((kind === "alert" || kind === "update") && isResolved)
        return [["/state", `is ${state}: write a resolution report, or a correction.`]];
      return [];
    },
  },
  sequence: {
    level: "error",
    says: "A thread has one alert, at its beginning, and one resolution report; what was wrong is corrected.",
    find: sequenceProblems,
  },
  unchanged: {
    level: "error",
    says: "What the last mail said already is not new.",
    find: ({ kind, facts, earlier }) => {
      const last = earlier.findLast((mail) => mail.kind === "update");
      if (kind !== "update" || last === undefined) return [];
      const before = new Set(last.facts.findings.map(({ text }) => text));
      const again = facts.findings.flatMap(({ text }, index): Problem[] =>
        before.has(text)
          ? [
              [
                `/findings/${index}`,
                "was in the last update: leave it out; the mail then says that nothing is new.",
              ],
            ]
          : [],
      );
      const still = facts.findings.length > 0 && facts.status === last.facts.status;
      return still
        ? [
            ...again,
            [
              "/status",
              "is word for word that of the last update, and there are findings: say what they change.",
            ],
          ]
        : again;
    },
  },
  recipients: {
    level: "error",
    says: "A mail has a recipient, and no address twice.",
    find: ({ to, audience }) => {
      if (to.length === 0)
        return [
          [`/recipients/${audience}`, `is missing, and no stakeholder is of the audience ${audience}.`],
        ];
      const addresses = to.map(({ address }) => address.toLowerCase());
      const twice = addresses.find((address, index) => addresses.indexOf(address) !== index);
      return twice === undefined ? [] : [[`/recipients/${audience}`, `has ${twice} twice.`]];
    },
  },
};

function sequenceProblems({ kind, earlier, facts, corrects }: MailSubject): readonly Problem[] {
  const sent = (wanted: string): boolean => earlier.some((mail) => mail.kind === wanted);
  switch (kind) {
    case "alert":
      return earlier.length > 0
        ? [["", "The thread has mails already: an alert is its first; write an update."]]
        : [];
    case "update":
      return sent("resolution")
        ? [["", "The resolution report is out already: write a correction, or open a new incident."]]
        : [];
    case "resolution":
      return sent("resolution") ? [["", "A resolution report is out already: write a correction."]] : [];
    case "correction": {
      if (corrects === undefined) return [["", "There is no mail to correct in this thread."]];
      return facts.correction === undefined
        ? [["/correction", "is missing: say what was wrong and what is right."]]
        : [];
    }
  }
}
