// What the commands of demands do.
import { DeskError } from "../../desk-error.ts";
import { parseDocument } from "../../documents/folder.ts";
import { parseAs } from "../../documents/parse.ts";
import { day } from "../../documents/shape.ts";
import { slug } from "../../documents/slug.ts";
import { parseFacts } from "../../mail/facts.ts";
import {
  type Answer,
  answerDemand,
  byScore,
  criteria,
  type Criterion,
  criterionNames,
  type Demand,
  demandKind,
  type Scores,
  scoreDemand,
  scoreOf,
  settleDemand,
} from "../../people/demand.ts";
import { expectToCome } from "../../people/action.ts";
import { stakeholderKind } from "../../people/stakeholder.ts";
import { columns } from "../../render/markdown.ts";
import { dayOf, dayText, isoText, whenText } from "../../render/when.ts";
import type { ExitCode } from "../exit-codes.ts";
import type { CommonOptions, Session } from "../session.ts";

export interface AddDemandOptions extends CommonOptions {
  readonly id?: string;
  readonly from: string;
  readonly need?: string;
  readonly incident?: string;
}

export type ScoreOptions = CommonOptions & Readonly<Record<Criterion, string>>;

export interface AnswerOptions extends CommonOptions {
  readonly as: Answer["kind"];
  readonly reason: string;
  readonly alternative?: string;
  readonly until?: string;
  readonly promise?: string;
  readonly due?: string;
}

/** `demands board` */
export function boardCommand(
  { limit, all }: CommonOptions & { readonly limit: number; readonly all?: true },
  session: Session,
): ExitCode {
  const { weights } = session.settings;
  const found = session.documents
    .list(demandKind)
    .filter(({ state }) => all === true || state === "RECEIVED" || state === "SCORED")
    .toSorted(byScore(weights));
  const rows = found.map((demand) => ({ ...demand, score: scoreOf(demand, weights) }));
  return session.print(rows, () =>
    found.length === 0 ? "No demand waits for an answer." : boardText(found, limit, session),
  );
}

/** `demands add` */
export function addCommand(title: string, options: AddDemandOptions, session: Session): ExitCode {
  const { documents, settings } = session;
  const taking = session.taking();
  expectStakeholder(options.from, session);
  const days = settings.answerDays * 86_400_000;
  const doc = {
    schema: "quadrille-desk/demand/1",
    id: options.id ?? slug(title, (taken) => documents.has(demandKind, taken)),
    title,
    from: options.from,
    received: taking.at,
    need: options.need,
    incident: options.incident === undefined ? undefined : incidentOf(options.incident, session),
    answerBy: dayOf(isoText(session.clock.now() + days), settings.zone),
    state: "RECEIVED",
    history: [{ at: taking.at, by: taking.by, did: "receive" }],
  };
  const demand = parseDocument<Demand>(demandKind, doc, `the demand ${doc.id}`);
  documents.create(demandKind, demand);
  return session.print(demand, () => {
    const routed =
      demand.incident === undefined
        ? ""
        : ` It came in during ${demand.incident.id}: it goes to ${demand.incident.routedTo}. Tell them at once: the next update comes by ${whenText(demand.incident.nextUpdate, settings.zone)}.`;
    return `Added ${demand.id}; it is answered by ${dayText(demand.answerBy)}.${routed}`;
  });
}

/** `demands show` */
export function showCommand(id: string, session: Session): ExitCode {
  const demand = session.documents.read(demandKind, id);
  return session.print(demand, () => demandText(demand, session));
}

/** `demands score` */
export function scoreCommand(id: string, options: ScoreOptions, session: Session): ExitCode {
  const before = session.documents.read(demandKind, id);
  const scored = Object.fromEntries(criterionNames.map((name) => [name, ratingOf(name, options[name])]));
  const after = parseDocument<Demand>(demandKind, { ...before, scores: scored }, `demands/${id}.json`);
  const scores: Scores | undefined = after.scores;
  if (scores === undefined) throw new DeskError("D_INVALID", `${id} has no scores.`);
  const done = scoreDemand(before, scores, session.taking());
  session.documents.replace(demandKind, before, done);
  return session.print(done, () => demandText(done, session));
}

/** `demands answer` */
export function answerCommand(id: string, options: AnswerOptions, session: Session): ExitCode {
  const before = session.documents.read(demandKind, id);
  const { promise, due, until, as: kind, reason, alternative } = options;
  const today = dayOf(session.now, session.settings.zone);
  if ((promise === undefined) !== (due === undefined))
    throw new DeskError("D_INVALID", "A promise needs both --promise and --due.");
  if (due !== undefined) expectToCome(parseAs(day, due, "--due"), today, "The promised day");
  if (until !== undefined) expectToCome(parseAs(day, until, "--until"), today, "The day of the new look");
  const answer: Answer = {
    kind,
    reason,
    ...(alternative === undefined ? {} : { alternative }),
    ...(until === undefined ? {} : { until }),
    ...(promise === undefined || due === undefined ? {} : { promise: { what: promise, due } }),
  };
  const after = answerDemand(before, answer, session.taking());
  session.documents.replace(demandKind, before, after);
  return session.print(after, () => demandText(after, session));
}

/** `demands keep`, `demands break` */
export function settleCommand(
  did: "keep" | "break",
  { id, reason }: CommonOptions & { readonly id: string; readonly reason?: string },
  session: Session,
): ExitCode {
  const before = session.documents.read(demandKind, id);
  const after = settleDemand(before, did, session.taking(reason));
  session.documents.replace(demandKind, before, after);
  return session.print(
    after,
    () => `${id} is ${after.state}.${did === "break" ? ` Tell ${after.from}.` : ""}`,
  );
}

function expectStakeholder(id: string, session: Session): void {
  session.documents.read(stakeholderKind, id);
}

/** During an incident a demand goes to communications, and hears when the next update comes. */
function incidentOf(file: string, session: Session) {
  const facts = parseFacts(session.readJson(file), file);
  if (facts.nextUpdate !== undefined) {
    return { id: facts.id, routedTo: session.settings.communications, nextUpdate: facts.nextUpdate };
  }
  throw new DeskError(
    "D_INVALID",
    `${file}: /nextUpdate is missing; a demand during an incident is answered with it at once.`,
  );
}

/** `4: half of the refunds` */
function ratingOf(name: Criterion, text: string): { readonly score: number; readonly why: string } {
  const [, score, why] = /^\s*(-?[\d.]+)\s*:\s*(\S.*)$/s.exec(text) ?? [];
  if (score !== undefined && why !== undefined) return { score: Number(score), why };
  throw new DeskError(
    "D_INVALID",
    `${optionOf(name)} is ${JSON.stringify(text)}; give a score from 1 to 5 and why, such as "4: ${criteria[name]}".`,
  );
}

function optionOf(name: Criterion): string {
  return `--${name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}

function boardText(found: readonly Demand[], limit: number, session: Session): string {
  const { weights, zone } = session.settings;
  const today = dayOf(session.now, zone);
  const head = [
    "score",
    "impact",
    "value",
    "urgent",
    "risk of not",
    "effort",
    "risk of",
    "answer by",
    "demand",
    "from",
  ];
  const rows = found
    .slice(0, limit)
    .map((demand) => [
      String(scoreOf(demand, weights) ?? "to score"),
      ...criterionNames.map((name) => String(demand.scores?.[name].score ?? "")),
      `${demand.answerBy}${demand.answerBy < today ? " OVERDUE" : ""}`,
      demand.id,
      demand.from,
    ]);
  const rest = found.length - rows.length;
  const used = criterionNames.map(
    (name) => `${name} ${name === "effort" || name === "riskOfDoing" ? "−" : ""}${weights[name]}`,
  );
  return [
    ...columns([head, ...rows]),
    ...(rest > 0 ? [`and ${rest.toLocaleString("en-GB")} more: --limit ${found.length} shows them`] : []),
    "",
    `Weights: ${used.join(", ")}.`,
  ].join("\n");
}

function demandText(demand: Demand, session: Session): string {
  const { bold } = session.terminal.colors;
  const { weights, zone } = session.settings;
  const { scores, answer, incident } = demand;
  const score = scoreOf(demand, weights);
  return [
    bold(demand.title),
    `${demand.state}; from ${demand.from}, received ${whenText(demand.received, zone)}, answer by ${dayText(demand.answerBy)}`,
    ...(demand.need === undefined ? [] : [`The need behind it: ${demand.need}`]),
    ...(incident === undefined ? [] : [`During ${incident.id}: with ${incident.routedTo}`]),
    ...(scores === undefined
      ? []
      : [
          `Score ${score}`,
          ...columns(
            criterionNames.map((name) => [
              `  ${name}`,
              `${scores[name].score} × ${weights[name]}`,
              scores[name].why,
            ]),
          ),
        ]),
    ...(answer === undefined ? [] : answerLines(answer)),
  ].join("\n");
}

function answerLines({ kind, reason, alternative, until, promise }: Answer): readonly string[] {
  return [
    `Answer: ${kind}. ${reason}`,
    ...(alternative === undefined ? [] : [`Instead: ${alternative}`]),
    ...(until === undefined ? [] : [`Looked at again: ${dayText(until)}`]),
    ...(promise === undefined ? [] : [`Promised: ${promise.what}, by ${dayText(promise.due)}`]),
  ];
}
