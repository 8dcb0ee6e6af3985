// The rules of well-formedness about the outcomes of a reaction.
import { namedOutcomes } from "../outcome.ts";
import type { Reaction } from "../reaction.ts";
import { isKeyed } from "../table.ts";
import { placeOf, type StateView, where } from "./state-view.ts";
import type { Complaint } from "./well-formed-rules.ts";

/** What is wrong with the outcomes of a state. */
export function outcomeFindings(view: StateView): readonly Complaint[] {
  return [
    ...forNoSaga(view),
    ...view.reactions.flatMap((reaction) => [
      ...unfitOutcomes(view, reaction),
      ...uselessRearm(view, reaction),
      ...emptiedJoin(view, reaction),
    ]),
  ];
}

function unfitOutcomes(view: StateView, reaction: Reaction): readonly Complaint[] {
  const named = namedOutcomes(reaction.outcomes);
  const at = placeOf(view, reaction);
  const what = `${where(view)} on ${reaction.trigger.name}`;
  const found: Complaint[] = [];
  if (named.size === 0) found.push({ code: "W18", message: `${what} has no outcome`, at });
  if (reaction.trigger.kind === "join" && reaction.by !== undefined) {
    found.push({ code: "W17", message: `${what} says "by", which a join cannot`, at });
  }
  for (const { to, emit } of named.values()) {
    if (!Object.hasOwn(view.participant.states, to)) {
      found.push({
        code: "W01",
        message: `${what} goes to ${to}, which is not a state of ${view.participant.name}`,
        at,
      });
    }
    const names = emit.map(({ name }) => name);
    const twice = names.find((name, index) => names.indexOf(name) !== index);
    if (twice !== undefined)
      found.push({ code: "W14", message: `${what} emits ${twice} twice in one outcome`, at });
  }
  return found;
}

/** Outcomes for one of several sagas, at an entity of one saga or where the entity acts for one alone. */
function forNoSaga(view: StateView): readonly Complaint[] {
  const isShared = isKeyed(view.participant);
  return view.reactions.flatMap((reaction): readonly Complaint[] => {
    const { name, kind } = reaction.trigger;
    const sagas = [...namedOutcomes(reaction.outcomes).values()].map(({ saga }) => saga);
    const actsForOne = kind === "deadline" || kind === "activity" || kind === "gave-up";
    const problems = [
      ...(isShared || sagas.every((one) => one === undefined)
        ? []
        : [`for one of several sagas, and no two sagas share ${view.participant.name}`]),
      ...(isShared && actsForOne && sagas.includes("other")
        ? ["for other sagas, and acts for the one that entered the state"]
        : []),
    ];
    return problems.map((problem) => {
      const message = `${where(view)} on ${name} has an outcome ${problem}`;
      return { code: "W32", message, at: placeOf(view, reaction) };
    });
  });
}

/**
 * A deadline is set on entering its state; its own, and the answer of a call, enter their state again. So
 * only an outcome that stays there by a message has one to set again.
 */
function uselessRearm(view: StateView, reaction: Reaction): readonly Complaint[] {
  const { name, kind } = reaction.trigger;
  const hasDeadline = view.reactions.some(({ trigger }) => trigger.kind === "deadline");
  const entersAgain = kind === "deadline" || kind === "activity" || kind === "gave-up";
  return [...namedOutcomes(reaction.outcomes).values()].flatMap(({ to, rearm }): readonly Complaint[] => {
    if (!rearm) return [];
    if (to === view.state && hasDeadline && !entersAgain) return [];
    const why =
      to === view.state && !hasDeadline ? "has no deadline there" : `enters ${to}, where it is set anyway`;
    const message = `${where(view)} on ${name} sets the deadline again, and ${why}`;
    return [{ code: "W34", message, at: placeOf(view, reaction) }];
  });
}

/** A reaction other than the join's own clears what the join has seen, wherever it leads. */
function emptiedJoin(view: StateView, reaction: Reaction): readonly Complaint[] {
  const { name, kind } = reaction.trigger;
  const stays = [...namedOutcomes(reaction.outcomes).values()].some((one) => one.to === view.state);
  if (view.joins.length === 0 || kind === "join" || !stays) return [];
  const message = `${where(view)} on ${name} stays there and empties its join: what has come so far is forgotten`;
  return [{ code: "W36", message, at: placeOf(view, reaction) }];
}
