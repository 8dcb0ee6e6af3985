// A demand of a stakeholder: scored by the five criteria, with two kinds of risk apart, and answered by its
// time.
import { z } from "zod";
import { DeskError } from "../desk-error.ts";
import type { Kind } from "../documents/kind.ts";
import { type Lifecycle, type Taking, take } from "../documents/lifecycle.ts";
import { day, id, line, list, rating, record, step, text, time } from "../documents/shape.ts";
import type { Settings } from "../settings.ts";

const states = ["RECEIVED", "SCORED", "ANSWERED", "KEPT", "BROKEN"] as const;
/** Where a demand stands: a promise is `KEPT` or `BROKEN` in the end. */
export type DemandState = (typeof states)[number];

/** How a demand moves. */
const demandLifecycle: Lifecycle<DemandState, "score" | "answer" | "keep" | "break"> = {
  initial: "RECEIVED",
  steps: {
    score: { from: ["RECEIVED", "SCORED"], to: "SCORED" },
    answer: { from: ["SCORED"], to: "ANSWERED" },
    keep: { from: ["ANSWERED"], to: "KEPT" },
    break: { from: ["ANSWERED"], to: "BROKEN" },
  },
  ends: ["KEPT", "BROKEN"],
};

/** The five criteria; risk is of doing or of not doing, and the two are never mixed. */
export const criteria = {
  businessImpact: "to the overall goals",
  customerValue: "does it help customers",
  urgency: "how soon it matters",
  riskOfNotDoing: "what may happen without it",
  effort: "time and resources",
  riskOfDoing: "what it may break",
} as const;
/** One of {@link criteria}. */
export type Criterion = keyof typeof criteria;
/** The criteria that lower a score. */
const costs: readonly Criterion[] = ["effort", "riskOfDoing"];

/** Yes; something else; yes, later; no. */
export const answers = ["accept", "offer", "defer", "decline"] as const;

const rated = record({ score: rating, why: text });
const scores = record({
  businessImpact: rated,
  customerValue: rated,
  urgency: rated,
  riskOfNotDoing: rated,
  effort: rated,
  riskOfDoing: rated,
});
/** The scores of a demand, each with its rationale. */
export type Scores = z.infer<typeof scores>;

const answer = record({
  kind: z.enum(answers),
  reason: text,
  /** Of an offer or a refusal: what can be had instead. */
  alternative: text.optional(),
  /** Of a deferral: when it is looked at again. */
  until: day.optional(),
  /** Of an acceptance: what is promised, and for when. */
  promise: record({ what: text, due: day }).optional(),
});
/** An answer to a demand. */
export type Answer = z.infer<typeof answer>;

const demand = record({
  schema: z.literal("quadrille-desk/demand/1"),
  id,
  title: line,
  from: id,
  received: time,
  /** The need behind it. */
  need: text.optional(),
  /** It came in during this incident: it goes to communications, and hears when the next update comes. */
  incident: record({ id, routedTo: id, nextUpdate: time }).optional(),
  answerBy: day,
  scores: scores.optional(),
  answer: answer.optional(),
  state: z.enum(states),
  history: list(step),
});
/** The document of one request of a stakeholder, from its receipt to its answer. */
export type Demand = z.infer<typeof demand>;

/** Demands, in the folder `demands`. */
export const demandKind: Kind<Demand> = {
  name: "demand",
  folder: "demands",
  schemaName: "quadrille-desk/demand/1",
  schema: demand,
};

/**
 * The score: each criterion times its weight, effort and the risk of doing subtracted. Undefined before it is
 * scored.
 */
export function scoreOf(
  { scores }: Pick<Demand, "scores">,
  weights: Settings["weights"],
): number | undefined {
  if (scores === undefined) return undefined;
  const parts = criterionNames.map(
    (name) => weights[name] * scores[name].score * (costs.includes(name) ? -1 : 1),
  );
  return Math.round(parts.reduce((sum, part) => sum + part, 0) * 100) / 100;
}

/** The criteria in their order. */
export const criterionNames: readonly Criterion[] = [
  "businessImpact",
  "customerValue",
  "urgency",
  "riskOfNotDoing",
  "effort",
  "riskOfDoing",
];

/**
 * The order of work: the highest score first; the more urgent, then the older, where they are equal; unscored
 * ones last.
 */
export function byScore(weights: Settings["weights"]): (a: Demand, b: Demand) => number {
  const scores = new Map<Demand, number>();
  const score = (demand: Demand): number => {
    const known = scores.get(demand) ?? scoreOf(demand, weights) ?? -Infinity;
    scores.set(demand, known);
    return known;
  };
  return (a, b) => {
    const [left, right] = [score(a), score(b)];
    if (left !== right) return right - left;
    const urgency = (b.scores?.urgency.score ?? 0) - (a.scores?.urgency.score ?? 0);
    return urgency || a.received.localeCompare(b.received) || a.id.localeCompare(b.id);
  };
}

/** Replaces earlier scores. `D_REFUSED` where it is answered already. */
export function scoreDemand(demand: Demand, scores: Scores, taking: Taking): Demand {
  return { ...take(demandLifecycle, demand, { ...taking, did: "score" }), scores };
}

/** Answers a demand. `D_INVALID` when the answer lacks what its kind needs. */
export function answerDemand(demand: Demand, answer: Answer, taking: Taking): Demand {
  const needs: Readonly<Record<Answer["kind"], "promise" | "alternative" | "until">> = {
    accept: "promise",
    offer: "alternative",
    defer: "until",
    decline: "alternative",
  };
  const needed = needs[answer.kind];
  if (answer[needed] === undefined) {
    const options = { promise: "--promise and --due", alternative: "--alternative", until: "--until" };
    throw new DeskError("D_INVALID", `To ${answer.kind} ${demand.id} needs ${options[needed]}.`);
  }
  return { ...take(demandLifecycle, demand, { ...taking, did: "answer" }), answer };
}

/** Says that a promise was kept, or broken and why. `D_REFUSED` when nothing was promised. */
export function settleDemand(demand: Demand, did: "keep" | "break", taking: Taking): Demand {
  if (demand.state === "ANSWERED" && demand.answer?.promise === undefined) {
    throw new DeskError(
      "D_REFUSED",
      `${demand.id} was answered with ${demand.answer?.kind}: nothing was promised.`,
    );
  }
  if (did === "break" && taking.note === undefined) {
    throw new DeskError("D_REFUSED", `A promise is broken aloud: give --reason.`);
  }
  return take(demandLifecycle, demand, { ...taking, did });
}
