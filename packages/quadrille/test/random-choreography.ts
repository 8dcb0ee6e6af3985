// Random choreographies from a seed, small enough to be explored whole: for comparing the checker with SPIN,
// and exports with contracts.
//
// They end by construction. A command with a number for a budget may lead anywhere, and there are few of
// them. Everything else leads onward through the states or stays; an event causes only later events; a
// timeout, activity or unbounded command that emits leaves its state. So nothing is emitted in a circle. How
// many messages there can be at most is then a sum over the contract, and contracts with too many are drawn
// again: the checker has no say in which contracts it is compared on.
import { mulberry32 } from "../src/ambient/virtual.ts";
import type {
  ChoreographyJson,
  CommandBudget,
  DispositionJson,
  EndJson,
  OutcomeJson,
  ParticipantJson,
  StateJson,
} from "../src/contract/json-form.ts";
import { messagesMax } from "./messages-max.ts";

/** Fewer messages than these make spaces of a handful of states, more of them spaces of millions. */
const messageLimits = { least: 8, most: [12, 16, 24] } as const;

/** A handful is usual. */
const drawsMax = 1_000;

/** The choreography of a seed: the same one for the same whole number. */
export function randomChoreography(seed: number): ChoreographyJson {
  const roll = dice(seed);
  const most = roll.pick(messageLimits.most);
  const names = ["Anna", "Bert", "Cleo", "Dora"].slice(0, roll.pick([2, 3, 3, 4]));
  for (let draw = 0; draw < drawsMax; draw++) {
    const choreography = { name: `random ${seed}`, ...drawChoreography(roll, names) };
    const messages = messagesMax(choreography, allEvents);
    if (messages >= messageLimits.least && messages <= most) return choreography;
  }
  throw new RangeError(`no contract of seed ${seed} has a fitting number of messages`);
}

const allEvents = ["E0", "E1", "E2", "E3", "E4"];

function drawChoreography(roll: Dice, names: readonly string[]): Omit<ChoreographyJson, "name"> {
  const temper = drawTemper(roll);
  const events = allEvents.slice(0, 2 + roll.below(4));
  const pairs = events.flatMap((event) => drawTakers(roll, names).map((taker) => ({ event, taker })));
  const commands = new Map<string, CommandBudget>();
  const participants: Record<string, ParticipantJson> = {};
  for (const [index, one] of names.entries()) {
    const taken = pairs.filter(({ taker }) => taker === one).map(({ event }) => event);
    const drawing = { roll, temper, events, taken, commands, name: one, isFirst: index === 0 };
    participants[one] = drawParticipant(drawing);
  }
  return {
    participants,
    commands: Object.fromEntries(commands),
    publicEvents: events.filter(() => roll.chance(0.1)),
    ends: Array.from({ length: roll.below(3) }, (_, index) => drawEnd(roll, participants, index)),
    forbidden: roll.chance(0.4)
      ? [{ name: "never together", states: drawCombination(roll, participants) }]
      : [],
  };
}

/** Who subscribes to an event: now and then none. */
function drawTakers(roll: Dice, names: readonly string[]): string[] {
  const takers = names.filter(() => roll.chance(0.5));
  return takers.length > 0 || roll.chance(0.1) ? takers : [roll.pick(names)];
}

interface Dice {
  readonly below: (count: number) => number;
  readonly chance: (probability: number) => boolean;
  readonly pick: <T>(list: readonly T[]) => T;
}

function dice(seed: number): Dice {
  const next = mulberry32(seed);
  const below = (count: number): number => Math.floor(next() * count);
  return {
    below,
    chance: (probability) => next() < probability,
    pick: (list) => {
      const found = list[below(list.length)];
      if (found === undefined) throw new RangeError("nothing to pick from");
      return found;
    },
  };
}

/** What a whole contract is like, so that careful and careless ones both occur. */
interface Temper {
  /** How probably something is said about an event in a state. */
  readonly says: number;
  /** Among what is said. */
  readonly never: number;
  readonly defer: number;
  readonly ignore: number;
  readonly hasTally: boolean;
}

function drawTemper(roll: Dice): Temper {
  return {
    says: roll.pick([1, 1, 1, 0.95, 0.8]),
    never: roll.pick([0, 0, 0.05, 0.15]),
    defer: roll.pick([0, 0.1, 0.25]),
    ignore: 0.25,
    hasTally: roll.chance(0.4),
  };
}

interface Drawing {
  readonly roll: Dice;
  readonly temper: Temper;
  readonly events: readonly string[];
  /** The events to which the participant subscribes. */
  readonly taken: readonly string[];
  /** Budgets of the commands so far. */
  readonly commands: Map<string, CommandBudget>;
  readonly name: string;
  /** The first participant always has something to begin with. */
  readonly isFirst: boolean;
}

function drawParticipant(drawing: Drawing): ParticipantJson {
  const states = Array.from({ length: 2 + drawing.roll.below(3) }, (_, index) => `s${index}`);
  return {
    initial: "s0",
    otherwise: "omission",
    states: Object.fromEntries(states.map((state, index) => [state, drawState(drawing, { states, index })])),
  };
}

interface Place {
  readonly states: readonly string[];
  readonly index: number;
}

function drawState(drawing: Drawing, place: Place): StateJson {
  const { roll, temper, events } = drawing;
  const on = drawing.taken
    .filter(() => roll.chance(temper.says))
    .map((event) => [event, drawDisposition(drawing, place, event)] as const);
  const isLast = place.index === place.states.length - 1;
  const timeouts =
    !isLast && roll.chance(0.15) ? { late: drawOutcomes(drawing, place, { events }) } : undefined;
  const activities =
    !isLast && roll.chance(0.15) ? { call: drawOutcomes(drawing, place, { events }) } : undefined;
  const commands = drawCommands(drawing, place);
  return {
    ...(roll.chance(0.15) && !isLast ? { lock: true } : {}),
    ...(on.length === 0 ? {} : { on: Object.fromEntries(on) }),
    ...(commands === undefined ? {} : { commands }),
    ...(timeouts === undefined ? {} : { timeouts }),
    ...(activities === undefined ? {} : { activities }),
  };
}

function drawDisposition(drawing: Drawing, place: Place, event: string): DispositionJson {
  const { roll, temper, events } = drawing;
  if (roll.chance(temper.never)) return "never";
  if (roll.chance(temper.defer)) return "defer";
  if (roll.chance(temper.ignore)) return "ignore";
  return drawOutcomes(drawing, place, { events: events.slice(events.indexOf(event) + 1), mayStay: true });
}

/** A command of one participant, refused in the states that do not list it. */
function drawCommands(drawing: Drawing, place: Place): Record<string, DispositionJson> | undefined {
  const { roll, events, commands, name, isFirst } = drawing;
  const command = `go${name}`;
  const isBeginning = isFirst && place.index === 0;
  if (!isBeginning && !roll.chance(0.25)) return undefined;
  const budget = commands.get(command) ?? roll.pick<CommandBudget>([1, 1, 1, 2, "unbounded", "unbounded"]);
  commands.set(command, budget);
  if (isBeginning)
    return { [command]: drawOutcomes(drawing, place, { events: events.slice(0, 2), isBeginning }) };
  return { [command]: drawOutcomes(drawing, place, { events, mayGoBack: budget !== "unbounded" }) };
}

interface Causing {
  /** What may be emitted. */
  readonly events: readonly string[];
  /** Whether an outcome that emits may stay in the state: an event's, since the message is used up. */
  readonly mayStay?: boolean;
  readonly mayGoBack?: boolean;
  /** Whether this is how everything begins: it leaves the state, and emits. */
  readonly isBeginning?: boolean;
}

function drawOutcomes(
  drawing: Drawing,
  { states, index }: Place,
  { events, mayStay = false, mayGoBack = false, isBeginning = false }: Causing,
): OutcomeJson[] {
  const { roll, temper } = drawing;
  const count = roll.pick([1, 1, 2]);
  return Array.from({ length: count }, (_, choice) => {
    const within = mayGoBack ? states : states.slice(index);
    const to = roll.pick(isBeginning ? states.slice(index + 1) : within);
    const isFree = mayStay || mayGoBack || to !== states[index];
    const emit = isFree ? drawEmissions(roll, events, isBeginning ? 1 : 0) : [];
    return {
      to,
      ...(emit.length === 0 ? {} : { emit }),
      ...(count === 1 ? {} : { choice: `c${choice}` }),
      ...(isFree && temper.hasTally && roll.chance(0.3)
        ? { tally: { held: roll.pick(isBeginning ? [1, 2] : [1, 2, -1]) } }
        : {}),
    };
  });
}

/** None to two, and now and then the same one twice. */
function drawEmissions(roll: Dice, events: readonly string[], least: number): string[] {
  if (events.length === 0) return [];
  return Array.from({ length: Math.max(least, roll.pick([0, 1, 1, 1, 2])) }, () => roll.pick(events));
}

function drawEnd(roll: Dice, participants: ChoreographyJson["participants"], index: number): EndJson {
  const hasTally = JSON.stringify(participants).includes('"tally"');
  return {
    name: `end ${index}`,
    states: drawCombination(roll, participants),
    ...(hasTally && roll.chance(0.5) ? { tally: { held: roll.below(2) } } : {}),
  };
}

function drawCombination(
  roll: Dice,
  participants: ChoreographyJson["participants"],
): Record<string, string | string[]> {
  const drawn = Object.entries(participants).map(([name, { states }]) => {
    const all = Object.keys(states);
    return [name, roll.chance(0.6) ? roll.pick(all) : all.slice(0, 1 + roll.below(all.length))] as const;
  });
  const some = drawn.filter((_, index) => index === 0 || roll.chance(0.8));
  return Object.fromEntries(some);
}
