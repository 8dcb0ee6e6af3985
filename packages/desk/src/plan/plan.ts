// The plan: one board over demands and action items by urgency and importance, and the lists of Getting
// Things Done over the same items.
import type { ActionItem } from "../people/action.ts";
import { byDue, isOpen } from "../people/action.ts";
import { type Demand, scoreOf } from "../people/demand.ts";
import type { Run } from "../playbooks/run.ts";
import type { Settings } from "../settings.ts";

/** The quarters of the Eisenhower matrix. */
export const quarters = ["DO", "SCHEDULE", "DELEGATE", "DROP"] as const;
/** A quarter of the Eisenhower matrix. */
export type Quarter = (typeof quarters)[number];

/** Something to do, whatever kind of document it is. */
export interface PlanItem {
  readonly kind: "action" | "demand";
  readonly id: string;
  readonly title: string;
  /** A day. */
  readonly due: string;
  /** Of an action, its owner; of a demand, who asked. */
  readonly who: string;
  readonly urgent: boolean;
  readonly important: boolean;
}

/** What the plan is made from. */
export interface PlanInput {
  readonly actions: readonly ActionItem[];
  readonly demands: readonly Demand[];
  readonly runs: readonly Run[];
  readonly settings: Settings;
  /** A day. */
  readonly today: string;
}

/** The quarter of an item. */
function quarterOf({ urgent, important }: Pick<PlanItem, "urgent" | "important">): Quarter {
  if (important) return urgent ? "DO" : "SCHEDULE";
  return urgent ? "DELEGATE" : "DROP";
}

/** All that is open, by quarter, the sooner due first. */
export function board(input: PlanInput): Readonly<Record<Quarter, readonly PlanItem[]>> {
  const items = planItems(input).toSorted((a, b) => a.due.localeCompare(b.due) || a.id.localeCompare(b.id));
  const grouped = Map.groupBy(items, quarterOf);
  return {
    DO: grouped.get("DO") ?? [],
    SCHEDULE: grouped.get("SCHEDULE") ?? [],
    DELEGATE: grouped.get("DELEGATE") ?? [],
    DROP: grouped.get("DROP") ?? [],
  };
}

/**
 * What is open, with its place on the board. An action is important by its priority, a demand by its score.
 * Both are urgent when they are due within the settings' days; a demand also by its urgency, from 4.
 */
function planItems({ actions, demands, settings, today }: PlanInput): readonly PlanItem[] {
  const urgentUntil = daysAfter(today, settings.urgentDays);
  return [
    ...actions.filter(isOpen).map(
      ({ id, description, owner, due, priority }): PlanItem => ({
        kind: "action",
        id,
        title: description,
        due,
        who: owner,
        urgent: due <= urgentUntil,
        important: priority === "high",
      }),
    ),
    ...demands.filter(isWaiting).map((demand): PlanItem => {
      const due = demand.answer?.promise?.due ?? demand.answerBy;
      return {
        kind: "demand",
        id: demand.id,
        title: demand.title,
        due,
        who: demand.from,
        urgent: due <= urgentUntil || (demand.scores?.urgency.score ?? 0) >= 4,
        important: (scoreOf(demand, settings.weights) ?? 0) >= settings.importantScore,
      };
    }),
  ];
}

/** The lists of Getting Things Done. */
export interface GtdLists {
  /** Captured and not clarified: demands without a score. */
  readonly inbox: readonly string[];
  /** What I can do now. */
  readonly next: readonly string[];
  /** More than one step: playbooks that run, promises. */
  readonly projects: readonly string[];
  /** Done and not verified, or with someone else. */
  readonly waitingFor: readonly string[];
  /** Deferred. */
  readonly someday: readonly string[];
}

/** The lists for one person. */
export function gtdLists({ actions, demands, runs }: PlanInput, me: string): GtdLists {
  const open = actions.filter(isOpen).toSorted(byDue);
  const mine = ({ owner, state }: ActionItem): boolean => owner === me && state !== "CLAIMED_DONE";
  const titles = (found: readonly Demand[]): readonly string[] =>
    found.map(({ title, from }) => `${title} (${from})`);
  return {
    inbox: titles(demands.filter(({ state }) => state === "RECEIVED")),
    next: open.filter(mine).map(({ description, due }) => `${description} (${due})`),
    projects: [
      ...runs.filter(({ state }) => state === "RUNNING").map(({ title }) => title),
      ...demands.filter(isPromised).map(({ answer }) => `${answer?.promise?.what} (${answer?.promise?.due})`),
    ],
    waitingFor: open
      .filter((item) => !mine(item))
      .map(
        ({ description, owner, state }) =>
          `${description} (${state === "CLAIMED_DONE" ? "to be verified" : owner})`,
      ),
    someday: titles(demands.filter(({ state, answer }) => state === "ANSWERED" && answer?.kind === "defer")),
  };
}

/** Whether a demand still needs something: an answer, or that its promise is kept. */
function isWaiting(demand: Demand): boolean {
  return demand.state === "RECEIVED" || demand.state === "SCORED" || isPromised(demand);
}

function isPromised({ state, answer }: Demand): boolean {
  return state === "ANSWERED" && answer?.promise !== undefined;
}

function daysAfter(day: string, days: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);
}
