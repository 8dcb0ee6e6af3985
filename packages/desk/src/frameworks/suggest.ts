// Which framework fits a moment, by rule, with the reason.
import type { Audience, Framework, Moment } from "./framework.ts";

/** What is asked for. */
export interface Occasion {
  readonly moment?: Moment | undefined;
  readonly audience?: Audience | undefined;
  /** How much time there is to write or run it. */
  readonly minutes?: number | undefined;
}

/** A framework that fits, and why. */
export interface Suggestion {
  readonly id: string;
  readonly name: string;
  readonly reason: string;
}

/** What fits everything that was asked for, best first: made for fewer moments first, then the quicker. */
export function suggest(frameworks: Iterable<Framework>, occasion: Occasion): readonly Suggestion[] {
  return [...frameworks]
    .filter((each) => fits(each, occasion))
    .toSorted((a, b) => rank(a) - rank(b) || a.suits.minutes - b.suits.minutes || a.id.localeCompare(b.id))
    .map((each) => ({ id: each.id, name: each.name, reason: reason(each, occasion) }));
}

function fits({ suits }: Framework, { moment, audience, minutes }: Occasion): boolean {
  return (
    (moment === undefined || suits.moments.includes(moment)) &&
    (audience === undefined || suits.audiences.includes(audience)) &&
    (minutes === undefined || suits.minutes <= minutes)
  );
}

function rank({ suits }: Framework): number {
  return suits.moments.length;
}

function reason({ suits, when }: Framework, { moment, audience, minutes }: Occasion): string {
  const parts = [
    moment && `is made for the moment “${moment}”`,
    audience && `suits ${audience === "self" ? "your own use" : audience}`,
    minutes !== undefined && `takes about ${suits.minutes} of your ${minutes} minutes`,
  ].filter((part) => typeof part === "string");
  return `${parts.length === 0 ? "" : `It ${parts.join(", ")}. `}Use it ${when[0]}.`;
}
