// The rules of well-formedness as data: the code, how bad it is to break it, and what to do then.

/** One rule. Errors keep an engine from starting; warnings are shown. */
export interface WellFormedRule {
  readonly severity: "error" | "warning";
  /** What is wrong, in general. */
  readonly title: string;
  /** Why it matters and how to fix it. */
  readonly fix: string;
}

/** The code of a rule. */
export type WellFormedCode =
  | "W01"
  | "W02"
  | "W03"
  | "W04"
  | "W05"
  | "W06"
  | "W07"
  | "W08"
  | "W09"
  | "W10"
  | "W11"
  | "W12"
  | "W13"
  | "W14"
  | "W15"
  | "W16"
  | "W17"
  | "W18"
  | "W19"
  | "W20"
  | "W21"
  | "W22"
  | "W23"
  | "W24"
  | "W25"
  | "W26"
  | "W27"
  | "W28"
  | "W29"
  | "W30"
  | "W31"
  | "W32"
  | "W33"
  | "W34"
  | "W35"
  | "W36";

/** What a rule's check found; the rule has its severity. */
export interface Complaint {
  readonly code: WellFormedCode;
  /** One sentence in the choreography's own words. */
  readonly message: string;
  /** The place in the contract: a JSON pointer (RFC 6901) into the JSON form; a join stands under `join`. */
  readonly at: string;
}

/** All rules by code. */
export const wellFormedRules: Readonly<Record<WellFormedCode, WellFormedRule>> = {
  W01: {
    severity: "error",
    title: "An outcome goes to a state that the participant does not have.",
    fix: "Declare the state, or correct its name in `to(…)`.",
  },
  W02: {
    severity: "error",
    title: "The initial state is not one of the participant's states.",
    fix: "Declare it among `states`, with the sentences that hold before anything happened.",
  },
  W03: {
    severity: "warning",
    title: "A state says nothing about an event to which the participant subscribes.",
    fix: 'Declare `on`, `ignore`, `defer` or `never` there, or leave `otherwise` out: then it is `"never"`. A message that meets the omission becomes a dead letter.',
  },
  W04: {
    severity: "warning",
    title: "An event is emitted, is not public, and no participant subscribes to it.",
    fix: "Let a participant react to it, list it in `publicEvents`, or no longer emit it.",
  },
  W05: {
    severity: "warning",
    title: "An event is waited for or public, and no participant emits it.",
    fix: "Add the participant that emits it to the choreography, or remove the sentence.",
  },
  W06: {
    severity: "error",
    title: "A state says two things about one trigger.",
    fix: "Keep one of the two; a sentence with `once` stands after the plain one about the same event.",
  },
  W07: {
    severity: "error",
    title: "A state has two joins.",
    fix: "Join all events in one sentence, or go through a state of its own between the two. Where each of several parties answers in one of two ways, give each one event for both, whose payload says which, and the join an outcome for each result.",
  },
  W08: {
    severity: "error",
    title: "A state has two activities.",
    fix: "An entity makes one call at a time: give the second call a state of its own.",
  },
  W09: {
    severity: "error",
    title: "A state has two deadlines.",
    fix: "An entity keeps one deadline at a time: keep the earlier one and set the other in the state it leads to.",
  },
  W10: {
    severity: "error",
    title: "Two participants take one command.",
    fix: "A command has one addressee: give the second participant a command of its own, or let it react to an event.",
  },
  W11: {
    severity: "error",
    title: "An end, a forbidden combination or a budget names something that does not exist, or no states.",
    fix: "Correct the name of the participant, state, command or tally. Where it names no states, name those of at least one participant.",
  },
  W12: {
    severity: "error",
    title: "One name stands for two different things.",
    fix: "Import the event from the module that declares it instead of declaring it again, or rename one of the two.",
  },
  W13: {
    severity: "error",
    title: "A name is reserved, empty, too long, or looks like another one.",
    fix: "Rename it: the word or the character is reserved for causes, payloads, tallies, joins or message ids. Where two forms of one letter look alike, the composed one stands (NFC).",
  },
  W14: {
    severity: "error",
    title: "One outcome emits an event twice.",
    fix: "Payloads are given by the event's name, so the two would be the same message twice: emit it once, or another event.",
  },
  W15: {
    severity: "error",
    title:
      "Two reactions of a participant take the entity's key from one event or command in different ways.",
    fix: "Declare the function once and give the same one to both.",
  },
  W16: {
    severity: "error",
    title: "A sentence with `once` can never hold.",
    fix: "`once` names some, but not all, facts of the join in the same state, and is about another event than the join's.",
  },
  W17: {
    severity: "error",
    title: "A join says `by`.",
    fix: "Each event of a join is looked up by itself. Leave `by` out, so that the saga is the key, or react to each event alone, with `by`, and let a state remember what has come.",
  },
  W18: {
    severity: "error",
    title: "A reaction has no outcome.",
    fix: "Name the state it goes to, or say `ignore`.",
  },
  W19: {
    severity: "warning",
    title: "The initial state has a deadline or an activity that nothing starts.",
    fix: "Nothing is kept before the first reaction: set it in the state that the first reaction leads to.",
  },
  W20: {
    severity: "error",
    title: "Two participants, or two choreographies of a system, have one name.",
    fix: "Rename one of them: a name means one thing over the whole system.",
  },
  W21: {
    severity: "error",
    title: "A participant's tables cannot be named after it.",
    fix: "Rename the participant. Its tables are in a schema of its name in small letters, with `_` before each capital: at most 40 bytes, not beginning with `pg_`, and neither `public` nor `information_schema`.",
  },
  W22: {
    severity: "error",
    title: "A participant is keyed by something other than the saga, and one of its triggers brings no key.",
    fix: "Say `by` in a reaction to it, and carry the key in its payload: without it the message goes to another entity, which is named by the saga.",
  },
  W23: {
    severity: "error",
    title: "A state says what happens when an activity is given up, and that does not fit its call.",
    fix: "Say `gaveUp` once, in the state that calls the activity, with other outcome names than its answers have.",
  },
  W24: {
    severity: "warning",
    title: "An end names a participant whose entity sagas share.",
    fix: "Leave it out: another saga may have moved the entity when this one has ended. What must never be is a forbidden combination.",
  },
  W25: {
    severity: "error",
    title: "An event is taken from another choreography, and cannot come from there.",
    fix: "List it in the `publicEvents` of the choreography that emits it, let a participant here react to it, or take it out of `takes`. An event that is emitted here is not taken from elsewhere as well.",
  },
  W26: {
    severity: "error",
    title: "An event from another choreography has a payload that does not fit.",
    fix: "Import the event from the module that declares it, or let the schema here accept everything that the one there writes.",
  },
  W27: {
    severity: "warning",
    title: "Choreographies cause each other in a circle.",
    fix: "See that it comes to an end: each round starts another saga, and no check of one choreography looks at the rounds.",
  },
  W28: {
    severity: "error",
    title: "A choreography has no participants.",
    fix: "Name the participants that take part in it.",
  },
  W29: {
    severity: "error",
    title: "A join cannot count its facts.",
    fix: "Name two to 24 different events, and of `atLeast` no more than these: the checker counts them in one word.",
  },
  W30: {
    severity: "warning",
    title: "An event that joins a saga may be published more often than its budget says.",
    fix: 'Give it that budget where the events of one publishing saga name one saga here: `from(orders, OrderApproved, { saga, budget: 2 })`, or `"unbounded"`. Then `check` shows what each state does with the later ones. Where they name different sagas, nothing is wrong.',
  },
  W31: {
    severity: "error",
    title: "A join may rest, and its state is a lock.",
    fix: "Leave out `rests`, or the lock: a lock has to be left before the saga ends, and what rests has not.",
  },
  W32: {
    severity: "error",
    title: "An outcome is for one of several sagas where there is one alone.",
    fix: "Leave out `ifOwn()` and `ifOther()`, or let sagas share the entity: say `by` where it takes an event or a command. A deadline or an activity acts for the saga that entered the state, and has no outcome for others.",
  },
  W33: {
    severity: "warning",
    title: "A choreography that an event is taken from is not among those that are checked together.",
    fix: "Correct its name, or give it to `check` as well: only then what it publishes is compared.",
  },
  W34: {
    severity: "error",
    title: "An outcome sets a deadline again where that has no effect.",
    fix: "Leave out `rearms()`. An entity that enters a state has its deadline set, also where the deadline itself or the answer of a call leads to the same state. `rearms()` is for a message after which the entity stays in a state with a deadline.",
  },
  W35: {
    severity: "error",
    title: "An event that starts a saga has another budget than one.",
    fix: "Leave out the budget: each such event starts a saga of its own. If it may come to one saga several times, its payload names that saga: say `saga` (`joins` in the JSON form).",
  },
  W36: {
    severity: "warning",
    title: "A reaction that stays in a state empties the join there.",
    fix: "Let another participant react, such as one that sends the reminders, or lead to another state. A join forgets what has come so far on every reaction of its state but its own, also on one that leads to the same state. Where that is meant, accept the warning with the reason.",
  },
};
