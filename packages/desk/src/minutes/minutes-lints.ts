// The lints of minutes: every action has one known owner and a day to come, absent people hear, questions are
// questions.
import { type Finding, type Lints, passagesIn, type Problem, runLints } from "../lint/lint.ts";
import { wordLints } from "../lint/word-lints.ts";
import { dayOf, type Zone } from "../render/when.ts";
import type { Minutes } from "./minutes.ts";

/** Minutes, and who is known beside those who were invited. */
export interface MinutesSubject {
  readonly minutes: Minutes;
  /** Ids of the stakeholders. */
  readonly known: readonly string[];
  readonly zone: Zone;
}

const points = ["decisions", "information", "questions", "openIssues"] as const;
const vagueAction = /^(look into|discuss|think about|follow up|consider|see about|talk about)(?!\p{L})/iu;

/** The lints that are of minutes alone, by name. */
export const minutesLints: Lints<MinutesSubject> = {
  "discussion-empty": {
    level: "error",
    says: "Minutes have a discussion point.",
    find: ({ minutes }) =>
      points.every((key) => minutes[key].length === 0)
        ? [
            [
              "/decisions",
              "are empty, and so are information, questions and open issues: say what was discussed.",
            ],
          ]
        : [],
  },
  "decision-made": {
    level: "error",
    says: "A decision is a statement, and a key question asks.",
    find: ({ minutes }) => [
      ...minutes.decisions.flatMap(({ text }, index): Problem[] =>
        text.trim().endsWith("?")
          ? [[`/decisions/${index}/text`, "asks: a decision says what will be done; move it to questions."]]
          : [],
      ),
      ...minutes.questions.flatMap(({ text }, index): Problem[] =>
        text.trim().endsWith("?")
          ? []
          : [[`/questions/${index}/text`, "does not ask: end it with a question mark, or move it."]],
      ),
    ],
  },
  "stakeholder-effect": {
    level: "warning",
    says: "Each point says what it means for stakeholders.",
    find: ({ minutes }) =>
      points.flatMap((key) =>
        minutes[key].flatMap(({ effect }, index): Problem[] =>
          effect === undefined
            ? [[`/${key}/${index}/effect`, "is missing: say what it means for stakeholders."]]
            : [],
        ),
      ),
  },
  "one-owner": {
    level: "error",
    says: "An action has exactly one owner.",
    find: ({ minutes }) =>
      minutes.actions.flatMap(({ owner }, index): Problem[] =>
        /[,/&+]|(^|\s)(and|or)\s/.test(owner)
          ? [[`/actions/${index}/owner`, `is “${owner}”: split the action, one owner each.`]]
          : [],
      ),
  },
  "action-owner-known": {
    level: "error",
    says: "The owner of an action was invited, or is a stakeholder.",
    find: ({ minutes, known }) => {
      const people = new Set([...known, ...[...minutes.attendees, ...minutes.absent].map(({ id }) => id)]);
      return minutes.actions.flatMap(({ owner }, index): Problem[] =>
        people.has(owner) || /[,/&+\s]/.test(owner)
          ? []
          : [
              [
                `/actions/${index}/owner`,
                `is ${owner}, who is no known person: add them with stakeholders add.`,
              ],
            ],
      );
    },
  },
  "action-due": {
    level: "error",
    says: "A new action is due at the day of the meeting or later.",
    find: ({ minutes, zone }) =>
      minutes.actions.flatMap(({ id, due }, index): Problem[] =>
        id === undefined && due < dayOf(minutes.at, zone)
          ? [[`/actions/${index}/due`, `is ${due}, before the meeting itself.`]]
          : [],
      ),
  },
  "action-overdue": {
    level: "warning",
    says: "A carried-over action that is overdue gets a new look.",
    find: ({ minutes, zone }) =>
      minutes.actions.flatMap(({ id, due, status }, index): Problem[] =>
        id !== undefined && due < dayOf(minutes.at, zone) && !/^(Completed|Dropped)/.test(status)
          ? [[`/actions/${index}/due`, `was ${due}: agree on a new day, or drop it with a reason.`]]
          : [],
      ),
  },
  "action-specific": {
    level: "warning",
    says: "An action says what is there when it is done.",
    find: ({ minutes }) =>
      minutes.actions.flatMap(({ description }, index): Problem[] =>
        vagueAction.test(description) || description.trim().split(/\s+/).length < 3
          ? [[`/actions/${index}/description`, "is not specific: say what is there when it is done."]]
          : [],
      ),
  },
  "owners-attended": {
    level: "error",
    says: "Who ran the meeting and who wrote the minutes attended it, and no person was both there and absent.",
    find: ({ minutes }) => {
      const there = new Set(minutes.attendees.map(({ id }) => id));
      const owners = (["meetingOwner", "documentOwner"] as const)
        .filter((key) => !there.has(minutes[key]))
        .map((key): Problem => [`/${key}`, `is ${minutes[key]}, who is no attendee.`]);
      const both = minutes.absent.flatMap(({ id }, index): Problem[] =>
        there.has(id) ? [[`/absent/${index}`, `is ${id}, who attended.`]] : [],
      );
      return [...owners, ...both];
    },
  },
  "follow-up-later": {
    level: "error",
    says: "The follow-up meeting comes after the meeting.",
    find: ({ minutes: { at, followUp } }) =>
      followUp !== undefined && Date.parse(followUp.at) <= Date.parse(at)
        ? [["/followUp/at", `is ${followUp.at}, before the meeting itself.`]]
        : [],
  },
  distribution: {
    level: "error",
    says: "Absent people and owners of actions are on the distribution list.",
    find: ({ minutes }) => {
      const listed = new Set(minutes.distribution.to);
      const owed = new Set([
        ...minutes.absent.map(({ id }) => id),
        ...minutes.actions.map(({ owner }) => owner),
      ]);
      return [...owed]
        .filter((id) => /^[a-z0-9-]+$/.test(id) && !listed.has(id))
        .map((id): Problem => ["/distribution/to", `lacks ${id}, who was absent or owns an action.`]);
    },
  },
};

/** What is wrong with minutes, errors and warnings. */
export function lintMinutes(subject: MinutesSubject): readonly Finding[] {
  const { minutes } = subject;
  const written = {
    ...Object.fromEntries(points.map((key) => [key, minutes[key]])),
    actions: minutes.actions,
  };
  const skipped = (field: string): boolean => ["owner", "due", "status", "id", "priority"].includes(field);
  const people = [...minutes.attendees, ...minutes.absent].map(({ name }) => name);
  const { blame, "person-as-cause": cause } = wordLints;
  return [
    ...runLints(minutesLints, subject),
    ...runLints(
      { blame, "person-as-cause": cause },
      { passages: passagesIn(written, "", skipped), people, plain: false },
    ),
  ];
}
