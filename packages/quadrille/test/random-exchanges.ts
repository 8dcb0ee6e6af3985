// Random contracts in which parties can be exchanged for each other: a hub asks them all, waits for some or
// all of their answers, and may hear refusals.
import { mulberry32 } from "../src/ambient/virtual.ts";
import type {
  ChoreographyJson,
  DispositionJson,
  OutcomeJson,
  ParticipantJson,
  StateJson,
} from "../src/contract/json-form.ts";
import { choreography, end } from "./small-choreography.ts";

/** Draws, always the same for a seed. */
interface Draw {
  readonly chance: (percent: number) => boolean;
  readonly pick: <T>(from: readonly [T, ...T[]]) => T;
}

function drawFrom(seed: number): Draw {
  const next = mulberry32(seed);
  return {
    chance: (percent) => next() * 100 < percent,
    pick: (from) => from[Math.trunc(next() * from.length)] ?? from[0],
  };
}

/** What the parties of a contract have in common. */
interface Plan {
  readonly parties: readonly number[];
  readonly draw: Draw;
  readonly isRefusing: boolean;
  readonly isReleased: boolean;
  readonly isCommanded: boolean;
  readonly hasBank: boolean;
}

/** The contract of a seed. */
export function randomExchange(seed: number): ChoreographyJson {
  const draw = drawFrom(seed);
  const plan: Plan = {
    draw,
    parties: Array.from({ length: draw.pick([2, 3, 3, 4]) }, (_, index) => index + 1),
    isRefusing: draw.chance(70),
    isReleased: draw.chance(60),
    isCommanded: draw.chance(25),
    hasBank: draw.chance(25),
  };
  const party = partyOf(plan);
  const parties = plan.parties.map((one) => [`P${one}`, party(one)] as const);
  const isUneven = draw.chance(20);
  if (isUneven)
    parties[0] = [
      "P1",
      { initial: "idle", states: { idle: { on: { Asked: [{ to: "yes", emit: ["Yes1"] }] } }, yes: {} } },
    ];
  const banks = plan.hasBank ? plan.parties.map((one) => [`Bank${one}`, bankOf(one)] as const) : [];
  const participants = { Hub: hubOf(plan), ...Object.fromEntries([...parties, ...banks]) };
  const hubStates = ["idle", "DONE", "STOPPED"] as const;
  const ended = draw.chance(70) ? [end("any", { Hub: [...hubStates] })] : [end("done", { Hub: "DONE" })];
  const forbidden = draw.chance(30)
    ? [
        {
          name: "never both",
          states: { Hub: "STOPPED", ...Object.fromEntries(plan.parties.map((one) => [`P${one}`, "yes"])) },
        },
      ]
    : [];
  return choreography(participants, { ends: ended, forbidden });
}

function saidOf({ draw }: Plan, states: readonly [string, ...string[]]): DispositionJson | undefined {
  const disposition = draw.pick(["ignore", "ignore", "defer", "never", "omitted", "moves"] as const);
  if (disposition === "omitted") return undefined;
  return disposition === "moves" ? [{ to: draw.pick(states) }] : disposition;
}

/** The same disposition for the event of each party. */
function toEach(
  plan: Plan,
  name: string,
  disposition: DispositionJson | undefined,
): NonNullable<StateJson["on"]> {
  return disposition === undefined
    ? {}
    : Object.fromEntries(plan.parties.map((one) => [`${name}${one}`, disposition]));
}

function hubOf(plan: Plan): ParticipantJson {
  const { draw, parties, isRefusing, isReleased } = plan;
  const facts = parties.map((one) => `Yes${one}`);
  const cancel = isReleased ? ["Cancelled"] : [];
  const refusal: DispositionJson = [{ to: "STOPPED", emit: cancel }];
  const after = ["DONE", "STOPPED"] as const;
  const emit = draw.chance(30) ? parties.map((one) => `Ask${one}`) : [];
  const atLeast = draw.chance(30) ? { atLeast: draw.pick([1, 2]) } : {};
  const deadline = draw.chance(30)
    ? { [draw.pick(["deadlines", "timeouts"] as const)]: { late: [{ to: "STOPPED", emit: cancel }] } }
    : {};
  return {
    initial: "idle",
    otherwise: draw.pick(["never", "omission"] as const),
    states: {
      idle: { commands: { ask: [{ to: "ASKING", emit: ["Asked"] }] } },
      ASKING: {
        ...(draw.chance(70) ? { lock: true } : {}),
        on: {
          ...(isRefusing ? toEach(plan, "No", draw.chance(80) ? refusal : "ignore") : {}),
          ...toEach(plan, "Twice", saidOf(plan, after)),
        },
        ...deadline,
        join: { facts, outcomes: [{ to: draw.pick(["DONE", "DONE", "ASKING"]), emit }], ...atLeast },
      },
      DONE: {
        on: {
          ...toEach(plan, "Yes", saidOf(plan, after)),
          ...(isRefusing ? toEach(plan, "No", saidOf(plan, after)) : {}),
        },
      },
      STOPPED: {
        on: {
          ...toEach(plan, "Yes", saidOf(plan, after) ?? "ignore"),
          ...(isRefusing ? toEach(plan, "No", "ignore") : {}),
        },
      },
    },
  };
}

function partyOf(plan: Plan): (party: number) => ParticipantJson {
  const { draw, isRefusing, isReleased, isCommanded, hasBank } = plan;
  const isTwice = draw.chance(20);
  const early = draw.pick(["defer", "ignore", "never"] as const);
  const late = draw.pick(["ignore", "defer"] as const);
  const tally = draw.chance(30) ? { held: 1 } : undefined;
  const counts = tally === undefined ? {} : { tally };
  const back = tally === undefined ? {} : { tally: { held: -1 } };
  const sentence = draw.pick(["ignore", "defer"] as const);
  return (party) => {
    const yes: OutcomeJson = {
      choice: "ok",
      to: hasBank ? "asking" : "yes",
      emit: hasBank ? [`Charge${party}`] : [`Yes${party}`, ...(isTwice ? [`Twice${party}`] : [])],
      ...(hasBank ? {} : counts),
    };
    const no: OutcomeJson = { choice: "no", to: "no", emit: [`No${party}`] };
    const answer = isRefusing ? [yes, no] : [yes];
    const cancelled = (disposition: DispositionJson): NonNullable<StateJson["on"]> => ({
      ...(isReleased ? { Cancelled: disposition } : {}),
      [`Ask${party}`]: sentence,
    });
    return {
      initial: "idle",
      states: {
        idle: {
          on: { ...(isCommanded ? { Asked: [{ to: "asked" }] } : { Asked: answer }), ...cancelled(early) },
        },
        ...(isCommanded ? { asked: { commands: { [`answer${party}`]: answer }, on: cancelled(early) } } : {}),
        ...(hasBank
          ? {
              asking: {
                on: {
                  [`Charged${party}`]: [{ to: "yes", emit: [`Yes${party}`], ...counts }],
                  ...cancelled(early),
                },
              },
            }
          : {}),
        yes: { on: cancelled([{ to: "released", ...back }]) },
        no: { on: cancelled(late) },
        released: { on: { [`Ask${party}`]: "ignore" } },
      },
    };
  };
}

function bankOf(party: number): ParticipantJson {
  return {
    initial: "none",
    states: {
      none: { on: { [`Charge${party}`]: [{ to: "charged", emit: [`Charged${party}`] }] } },
      charged: {},
    },
  };
}
