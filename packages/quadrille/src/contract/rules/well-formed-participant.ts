// The rules of well-formedness that one participant can break by itself.
import { gaveUpChoice } from "../json-form.ts";
import { pointer } from "../pointer.ts";
import { namedOutcomes } from "../outcome.ts";
import { isLock, type Participant } from "../participant.ts";
import type { NoReaction, Reaction, Sentence } from "../reaction.ts";
import { compile, isKeyed, partialState, triggerKey } from "../table.ts";
import type { JoinType } from "../trigger.ts";
import { placeOf, type StateView, viewOf, where } from "./state-view.ts";
import { outcomeFindings } from "./well-formed-outcomes.ts";
import type { Complaint } from "./well-formed-rules.ts";

/** What is wrong with a participant by itself. */
export function participantFindings(participant: Participant): readonly Complaint[] {
  const views = Object.keys(participant.states).map((state) => viewOf(participant, state));
  const structure = [
    ...unknownInitial(participant),
    ...views.flatMap((view) => [
      ...twoOfAKind(view),
      ...twoSentences(view),
      ...takenJoinName(view),
      ...view.joins.flatMap((join) => [...unfitFacts(view, join), ...restingLock(view, join)]),
      ...uselessOnce(view),
      ...misplacedGaveUp(view),
      ...outcomeFindings(view),
    ]),
    ...views.flatMap((view) => takenStateName(view)),
    ...differingKeys(views),
    ...missingKeys(participant, views),
  ];
  return [...structure, ...unhandled(participant), ...neverStarted(participant, views)];
}

function unknownInitial({ name, initial, states }: Participant): readonly Complaint[] {
  if (Object.hasOwn(states, initial)) return [];
  const message = `${name} begins in ${initial}, which is not one of its states`;
  return [{ code: "W02", message, at: pointer("/participants", name, "initial") }];
}

const kindsOnce = [
  ["join", "W07", "joins"],
  ["activity", "W08", "activities"],
  ["deadline", "W09", "deadlines"],
] as const;

function twoOfAKind(view: StateView): readonly Complaint[] {
  return kindsOnce.flatMap(([kind, code, plural]) => {
    const names = view.reactions
      .filter(({ trigger }) => trigger.kind === kind)
      .map(({ trigger }) => trigger.name);
    if (names.length < 2) return [];
    return [
      { code, message: `${where(view)} has ${names.length} ${plural}: ${names.join(", ")}`, at: view.place },
    ];
  });
}

/** Handlers are found by the trigger's name: that of a join may be no other trigger's in the state. */
function takenJoinName(view: StateView): readonly Complaint[] {
  return view.joins.flatMap((join): readonly Complaint[] => {
    const { name } = join.trigger;
    const other = view.reactions.find(({ trigger }) => trigger.kind !== "join" && trigger.name === name);
    if (other === undefined) return [];
    const message = `${where(view)} calls its join ${name}, which is the name of another trigger there`;
    return [{ code: "W12", message, at: placeOf(view, join) }];
  });
}

/** Events and commands about which a state says more than one thing. */
function twoSentences(view: StateView): readonly Complaint[] {
  const single = view.sentences.filter(
    ({ trigger }) => trigger.kind === "event" || trigger.kind === "command",
  );
  const byTrigger = Map.groupBy(single, ({ trigger }) =>
    triggerKey(trigger.kind === "event" ? "event" : "command", trigger.name),
  );
  return [...byTrigger.values()].flatMap((sentences) => {
    const [first] = sentences;
    if (first === undefined) return [];
    const message = contradiction(view, first.trigger.name, sentences);
    return message === undefined ? [] : [{ code: "W06" as const, message, at: placeOf(view, first) }];
  });
}

function contradiction(view: StateView, name: string, sentences: readonly Sentence[]): string | undefined {
  const plain = sentences.filter((one) => onceFacts(one).length === 0);
  if (plain.length > 1) {
    return `${where(view)} says ${plain.length} things about ${name}: ${plain.map(wordOf).join(", ")}`;
  }
  const conditions = sentences.map((one) => onceFacts(one).toSorted().join("+"));
  const twice = conditions.find((condition, index) => conditions.indexOf(condition) !== index);
  if (twice !== undefined)
    return `${where(view)} says twice what holds of ${name} once ${twice} has been seen`;
  const [plainOne] = plain;
  if (plainOne !== undefined && sentences.indexOf(plainOne) > 0) {
    return `${where(view)} says of ${name} what holds once facts have been seen, and overrides that in a later sentence`;
  }
  const isFact =
    view.facts.includes(name) &&
    sentences.some(({ trigger, kind }) => kind === "reaction" && trigger.kind === "event");
  return isFact ? `${where(view)} reacts to ${name} alone although it is a fact of its join` : undefined;
}

function wordOf({ kind }: Sentence): string {
  return kind === "reaction" ? "on" : kind;
}

function onceFacts(sentence: Sentence): readonly string[] {
  return sentence.kind === "reaction" ? [] : sentence.once.map(({ name }) => name);
}

/** With their count they fit into one word of the checker. */
const joinFactsMax = 24;

function unfitFacts(view: StateView, join: Reaction<JoinType>): readonly Complaint[] {
  const { facts, needed } = join.trigger;
  const names = facts.map(({ name }) => name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  const isCount = Number.isInteger(needed) && needed >= 1 && needed <= names.length;
  const problems = [
    ...(twice === undefined ? [] : [`joins ${twice} twice`]),
    ...(names.length >= 2 && names.length <= joinFactsMax
      ? []
      : [
          `joins ${names.length === 1 ? "one event" : `${names.length} events`}; a join has 2 to ${joinFactsMax}`,
        ]),
    ...(isCount ? [] : [`waits for ${needed} of the ${names.length} facts of its join`]),
  ];
  return problems.map((problem) => {
    return { code: "W29", message: `${where(view)} ${problem}`, at: placeOf(view, join) };
  });
}

function restingLock(view: StateView, join: Reaction<JoinType>): readonly Complaint[] {
  const definition = view.participant.states[view.state] ?? [];
  if (join.trigger.rests !== true || !isLock(definition)) return [];
  const message = `${where(view)} is a lock, and its join may rest`;
  return [{ code: "W31", message, at: placeOf(view, join) }];
}

function uselessOnce(view: StateView): readonly Complaint[] {
  const others = view.sentences.filter((one): one is NoReaction => one.kind !== "reaction");
  return others.flatMap((sentence) => {
    const reason = whyUseless(view, sentence);
    if (reason === undefined) return [];
    return [
      {
        code: "W16" as const,
        message: `${where(view)} says "${sentence.kind} ${sentence.trigger.name}" ${reason}`,
        at: placeOf(view, sentence),
      },
    ];
  });
}

function whyUseless(view: StateView, sentence: NoReaction): string | undefined {
  const once = onceFacts(sentence);
  if (once.length === 0) return undefined;
  const stranger = once.find((fact) => !view.facts.includes(fact));
  if (stranger !== undefined)
    return `once ${stranger} has been seen, which is not a fact of a join in that state`;
  if (view.facts.every((fact) => once.includes(fact)))
    return "once all facts have been seen, when the state has been left";
  const { name } = sentence.trigger;
  if (!view.facts.includes(name) || once.includes(name)) return undefined;
  return `once ${once.join(" and ")} has been seen, but the join waits for it then`;
}

/**
 * A `gaveUp` sentence has to be about the state's own call, appear once, and give its outcomes different
 * names.
 */
function misplacedGaveUp(view: StateView): readonly Complaint[] {
  const givenUp = view.reactions.flatMap((reaction) =>
    reaction.trigger.kind === "gave-up" ? [{ reaction, activity: reaction.trigger.activity }] : [],
  );
  return givenUp.flatMap(({ reaction, activity }, index) => {
    const at = placeOf(view, reaction);
    const call = view.reactions.find(
      ({ trigger }) => trigger.kind === "activity" && trigger.name === activity,
    );
    const what = `what happens when ${activity} is given up`;
    const answers = [...namedOutcomes(call?.outcomes ?? {}).keys()];
    const names = [...namedOutcomes(reaction.outcomes).keys()].map((name) =>
      name === "" ? gaveUpChoice : name,
    );
    const twice = names.find((name) => answers.includes(name));
    const problems = [
      ...(call === undefined ? [`says ${what}, and does not call it`] : []),
      ...(givenUp.findIndex((one) => one.activity === activity) < index ? [`says twice ${what}`] : []),
      ...(twice === undefined ? [] : [`has two outcomes of ${activity} called ${twice}`]),
    ];
    return problems.map((problem) => ({ code: "W23" as const, message: `${where(view)} ${problem}`, at }));
  });
}

/** A declared state may not bear the name of a partial state of a join. */
function takenStateName(view: StateView): readonly Complaint[] {
  const isPartial = (name: string): boolean => {
    const seen = name.slice(view.state.length).split("+").slice(1);
    const facts = view.facts.filter((fact) => seen.includes(fact));
    const isProper = facts.length > 0 && facts.length < view.facts.length;
    return isProper && partialState(view.state, facts) === name;
  };
  const taken = Object.keys(view.participant.states).filter(isPartial);
  return taken.map((name) => {
    const message = `${view.participant.name} declares the state ${name}, which is the name of a partial state of the join in ${view.state}`;
    return {
      code: "W13" as const,
      message,
      at: pointer("/participants", view.participant.name, "states", name),
    };
  });
}

/** Functions with the same text may return different keys, so functions are compared by identity. */
function differingKeys(views: readonly StateView[]): readonly Complaint[] {
  const keyed = views.flatMap((view) =>
    view.reactions.flatMap((reaction) => {
      const { by, trigger } = reaction;
      if (by === undefined || (trigger.kind !== "event" && trigger.kind !== "command")) return [];
      return [{ view, reaction, by, key: triggerKey(trigger.kind, trigger.name) }];
    }),
  );
  const byTrigger = Map.groupBy(keyed, ({ key }) => key);
  return [...byTrigger.values()].flatMap(([first, ...others]) => {
    const other = others.find(({ by }) => by !== first?.by);
    if (first === undefined || other === undefined) return [];
    const message = `${first.view.participant.name} takes the key from ${first.reaction.trigger.name} in one way in ${first.view.state} and in another in ${other.view.state}`;
    return [{ code: "W15" as const, message, at: placeOf(other.view, other.reaction) }];
  });
}

/**
 * Events and commands that a keyed participant takes without `by`. A trigger that is only ignored needs none.
 */
function missingKeys(participant: Participant, views: readonly StateView[]): readonly Complaint[] {
  if (!isKeyed(participant)) return [];
  const { subscriptions, commands } = compile(participant);
  const taken = views.flatMap((view) =>
    view.sentences.flatMap((sentence) => {
      const { trigger, kind } = sentence;
      if (kind === "ignore" || kind === "never") return [];
      const single = trigger.kind === "join" ? trigger.facts : [trigger];
      return single.flatMap((one) => {
        if (one.kind !== "event" && one.kind !== "command") return [];
        const by = (one.kind === "event" ? subscriptions : commands).get(one.name);
        return by === undefined ? [{ view, sentence, name: one.name }] : [];
      });
    }),
  );
  return [...Map.groupBy(taken, ({ name }) => name).values()].flatMap(([first]) => {
    if (first === undefined) return [];
    const message = `${participant.name} is keyed ("by"), and ${first.name} brings no key in ${first.view.state}`;
    return [{ code: "W22" as const, message, at: placeOf(first.view, first.sentence) }];
  });
}

/**
 * Subscribed events without a sentence in a state. A sentence of a state also holds in its partial states.
 */
function unhandled(participant: Participant): readonly Complaint[] {
  const table = compile(participant);
  const gaps = table.states.declared.flatMap((row) =>
    [...table.subscriptions.keys()].flatMap((event) =>
      row.sentences.has(triggerKey("event", event)) ? [] : [{ row, event }],
    ),
  );
  const byPair = Map.groupBy(gaps, ({ row, event }) => JSON.stringify([row.base, event]));
  return [...byPair.values()].flatMap(([gap]) => {
    if (gap === undefined) return [];
    const { row, event } = gap;
    const message = `${participant.name} says nothing about ${event} in ${row.base}`;
    return [
      {
        code: "W03" as const,
        message,
        at: pointer("/participants", participant.name, "states", row.base, "on", event),
      },
    ];
  });
}

/** Deadlines and activities of an initial state in which no entity can be. */
function neverStarted(participant: Participant, views: readonly StateView[]): readonly Complaint[] {
  const initial = views.find(({ state }) => state === participant.initial);
  if (initial === undefined || initial.joins.length > 0) return [];
  const targets = views.flatMap(({ reactions }) =>
    reactions.flatMap(({ outcomes }) => [...namedOutcomes(outcomes).values()].map(({ to }) => to)),
  );
  if (targets.includes(initial.state)) return [];
  const idle = initial.reactions.filter(
    ({ trigger }) => trigger.kind === "deadline" || trigger.kind === "activity",
  );
  return idle.map((reaction) => ({
    code: "W19" as const,
    message: `${where(initial)} waits for ${reaction.trigger.name}, which nothing starts in an initial state`,
    at: placeOf(initial, reaction),
  }));
}
