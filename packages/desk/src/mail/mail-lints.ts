// The lints of mails: numbers come from the facts, promises are kept, causes are confirmed, readers get what
// is theirs.
import { type Finding, type Lints, type Passage, type Problem, runLints } from "../lint/lint.ts";
import { wordLints } from "../lint/word-lints.ts";
import { audienceSettings, composeMail, type MailInput } from "./compose-mail.ts";
import { type Figure, figureName, figureText, isFor } from "./facts.ts";
import type { MailSubject } from "./mail-subject.ts";
import { mailWords } from "./mail-words.ts";
import { promiseLints } from "./promise-lints.ts";
import { threadLints } from "./thread-lints.ts";

const numberWords =
  /(?<!\p{L})(two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|dozens?|hundreds?|thousands?|millions?)(?!\p{L})/iu;
const causing = /(?<!\p{L})(because of|caused by|due to|root cause is|the cause is|the reason is)(?!\p{L})/iu;

/** Lints over the numbers and words of a mail. */
const factLints: Lints<MailSubject> = {
  "number-from-facts": {
    level: "error",
    says: "Every number is a figure of the facts, named as {{key}}.",
    find: ({ words, facts }) =>
      words.flatMap((passage) => numberProblems(passage, facts.figures, facts.terms)),
  },
  "number-word": {
    level: "warning",
    says: "A number in words is a number too.",
    find: ({ words, facts }) =>
      words.flatMap(({ place, text }): Problem[] => {
        const found = numberWords.exec(withoutTerms(text, facts.terms))?.[0];
        return found === undefined
          ? []
          : [[place, `“${found}” is a number in words; name a figure as {{key}}.`]];
      }),
  },
  "figure-known": {
    level: "error",
    says: "A figure that words name is in the facts and has a value.",
    find: ({ words, facts, audience }) =>
      words.flatMap(({ place, text }) =>
        [...text.matchAll(figureName)].flatMap(([, key = ""]): Problem[] => {
          const figure = facts.figures.find((each) => each.key === key);
          if (figure === undefined) return [[place, `names {{${key}}}, which is no figure of the facts.`]];
          if (!isFor(audience)(figure)) return [[place, `names {{${key}}}, which is not for ${audience}.`]];
          if (figure.value !== null) return [];
          return [
            [place, `names {{${key}}}, which has no value: ${figure.missing ?? "an input is missing"}.`],
          ];
        }),
      ),
  },
  "missing-not-zero": {
    level: "error",
    says: "A figure without a value says why.",
    find: ({ facts }) =>
      facts.figures.flatMap((figure, index): Problem[] =>
        figure.value === null && figure.missing === undefined
          ? [[`/figures/${index}/missing`, `is missing: say why there is no value for ${figure.label}.`]]
          : [],
      ),
  },
  "cause-unconfirmed": {
    level: "error",
    says: "No cause is given before it is confirmed.",
    find: ({ kind, facts, words }) => {
      if (kind === "correction" || facts.cause?.confirmed === true) return [];
      const given: readonly Problem[] =
        facts.cause === undefined || kind === "alert"
          ? []
          : [["/cause", "is not confirmed: leave it out, or add it to the hypotheses as open."]];
      const hinted = words
        .filter(({ place }) => !place.startsWith("/cause") && !place.startsWith("/hypotheses"))
        .filter(({ text }) => causing.test(text))
        .map(
          ({ place, text }): Problem => [
            place,
            `gives a cause (“${causing.exec(text)?.[0]}”) before one is confirmed.`,
          ],
        );
      return [...given, ...hinted];
    },
  },
  "own-orders": {
    level: "error",
    says: "A consumer hears about their own orders only.",
    find: ownOrders,
  },
  "owner-known": {
    level: "error",
    says: "The owner of a measure is a known person.",
    find: ({ kind, facts, owners }) =>
      kind !== "resolution" || owners.length === 0
        ? []
        : facts.preventiveMeasures.flatMap(({ owner }, index): Problem[] =>
            owners.includes(owner)
              ? []
              : [
                  [
                    `/preventiveMeasures/${index}/owner`,
                    `is ${owner}, who is no stakeholder: add them, or name another owner.`,
                  ],
                ],
          ),
  },
};

/** The lints that are of mails alone, by name. */
export const mailLints: Lints<MailSubject> = { ...factLints, ...promiseLints, ...threadLints };

/** What is wrong with a mail, errors and warnings; places are in the facts. */
export function lintMail(
  input: MailInput,
  around: Pick<MailSubject, "people" | "owners">,
): readonly Finding[] {
  const words = mailWords(input.kind, input.facts, input.audience);
  const { plain } = audienceSettings(input.settings, input.audience);
  return [
    ...runLints(mailLints, { ...input, ...around, words }),
    ...runLints(wordLints, { passages: words, people: around.people, plain }),
  ];
}

/** The mail's text, when there are no errors. */
export function checkedMail(input: MailInput, around: Pick<MailSubject, "people" | "owners">) {
  const findings = lintMail(input, around);
  return { findings, text: composeMail(input), ok: findings.every(({ level }) => level !== "error") };
}

function numberProblems(
  { place, text }: Passage,
  figures: readonly Figure[],
  terms: readonly string[],
): readonly Problem[] {
  const rest = withoutTerms(text.replaceAll(figureName, " "), terms);
  return [...rest.matchAll(/\d[\d.,:]*\d|\d/g)].map(([number]): Problem => {
    const same = figures.find((figure) => figure.value !== null && isSame(number, figure));
    return same === undefined
      ? [place, `${number} is not from the facts: add a figure, or add the name that has it to terms.`]
      : [place, `${number} is retyped: write {{${same.key}}}, and it follows the facts.`];
  });
}

function withoutTerms(text: string, terms: readonly string[]): string {
  return terms.reduce((left, term) => left.replaceAll(term, " "), text);
}

function isSame(number: string, figure: Figure): boolean {
  return number === String(figure.value) || (figureText(figure) ?? "").split(" ").includes(number);
}

function ownOrders({ audience, settings, facts, to }: MailSubject): readonly Problem[] {
  if (!audienceSettings(settings, audience).ownOnly) return [];
  if (to.length !== 1) {
    return [
      [
        `/recipients/${audience}`,
        `has ${to.length} recipients; a consumer is written to alone: use --consumer.`,
      ],
    ];
  }
  const consumer = to[0]?.consumer;
  if (consumer === undefined)
    return [[`/recipients/${audience}/0/consumer`, "is missing: say whose orders the mail may be about."]];
  return facts.figures.flatMap((figure, index): Problem[] =>
    isFor(audience)(figure) && figure.consumer !== consumer
      ? [
          [
            `/figures/${index}`,
            `${figure.label} counts the orders of ${figure.consumer ?? "everybody"}; this mail goes to ${consumer} alone.`,
          ],
        ]
      : [],
  );
}
