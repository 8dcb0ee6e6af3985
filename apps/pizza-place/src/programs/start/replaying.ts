// A replay at work: whose time it goes by, its consumers and staff, and the orders.
import { isQuadrilleError } from "quadrille";
import { replayKey } from "../../composition/books.ts";
import { keepClearing } from "../../composition/keep-clearing.ts";
import type { System } from "../../composition/system.ts";
import type { Options } from "./options.ts";
import { Agenda } from "../../replay/agenda.ts";
import { lapse, noLapse } from "../../replay/lapse.ts";
import { factorOf, placedMs } from "../../replay/orders-time.ts";
import type { Patience } from "../../replay/patience.ts";
import { replay, type ReplayPlan, type ReplayResult } from "../../replay/replay.ts";
import { aborted, type ReplayClock, type ReplayPlace } from "../../replay/replay-place.ts";
import { Shift } from "../../replay/shift.ts";
import { machineShift, type ShiftTime, steppedShift } from "../../replay/shift-time.ts";
import { steppedReplay, type SteppedPlace, type Together } from "../../replay/stepped-replay.ts";

/** How long each step of the kitchen's staff takes by the machine's time, where orders come at a rate. */
const staffMs = 250;

/** How the orders are replayed. */
export interface ReplayingOptions extends Pick<Options, "rate" | "cancels" | "revisions"> {
  /** What is done together before stepped time is moved; the orders of a day unless given. */
  readonly together?: Together | undefined;
}

/** What a replay needs of the run. */
export interface ReplayingWorld {
  readonly patience: Patience;
  readonly clock: ReplayClock;
  readonly stop: AbortSignal;
}

/** A replay that can begin. */
export interface Replaying {
  readonly shift: Shift;
  /** Places the orders; in stepped time it resolves when their scripts are over, too. */
  run(plan: ReplayPlan): Promise<ReplayResult>;
  /**
   * Lets business time go on as fast as the machine's, for orders that come through the API, until the stop.
   */
  goOn(): Promise<void>;
}

/** How often business time is moved where nothing is replayed. */
const goOnMs = 1_000;

/** Makes a replay ready, and lets consumers and staff go on with what earlier runs left. */
export function startReplaying(system: System, options: ReplayingOptions, world: ReplayingWorld): Replaying {
  const { patience, stop } = world;
  const agenda = new Agenda(stop, linesOf(system));
  const time = timeOf(system, options, { ...world, agenda });
  const { place, seed, books } = system;
  const { cancels, revisions } = options;
  const approves = books.contract === "careful";
  const shift = new Shift({ patience, stop, place, time, wishful: { seed, cancels, revisions }, approves });
  goOn(shift, system);
  const taking = takingOf(system, { shift, time, patience });
  const speed =
    options.rate === "max" ? noLapse : lapse(factorOf(options.rate, system.year), world.clock, stop);
  const stepped = steppedPlace(system, { ...taking, agenda, lapse: speed }, stop);
  return {
    shift,
    goOn: async () => {
      if (system.businessTime === undefined) return aborted(stop);
      await Promise.all([goOnWithTime(system, stepped, world), keepClearing(system, world, stop)]);
    },
    run: (plan) =>
      system.businessTime !== undefined
        ? steppedReplay(stepped, plan, { signal: stop, together: options.together ?? "day" })
        : replay(evenPlace(system, taking, { ...world, shift }), plan, stop),
  };
}

/** By the careful contract a consumer's open amount is shared by its orders. */
function linesOf({ books, year }: System): ((reference: string) => string) | undefined {
  if (books.contract !== "careful") return undefined;
  const consumers = new Map(year.map(({ reference, consumerId }) => [reference, consumerId]));
  return (reference) => consumers.get(reference) ?? reference;
}

function timeOf(
  { businessTime }: System,
  { rate }: Pick<Options, "rate">,
  world: ReplayingWorld & { readonly agenda: Agenda },
): ShiftTime {
  if (businessTime !== undefined) return steppedShift(world.agenda);
  return machineShift(rate === "max" ? 0 : staffMs, world);
}

/** Orders of earlier runs that are not over. */
function goOn(shift: Shift, { year, found }: System): void {
  const byReference = new Map(year.map((order) => [order.reference, order]));
  for (const { sagaId, reference = "", end, ticket } of found) {
    const order = byReference.get(reference);
    const isOver = ticket === "PICKED_UP" || end === "rejected" || end === "cancelled" || end === "declined";
    if (order !== undefined && !isOver) shift.take(sagaId, order);
  }
}

type Taking = Pick<SteppedPlace, "placedBefore" | "place" | "patience">;

function takingOf(
  { books, place }: System,
  { shift, time, patience }: { readonly shift: Shift; readonly time: ShiftTime; readonly patience: Patience },
): Taking {
  return {
    patience,
    placedBefore: (references) => books.placedBefore(references),
    place: async (order) => {
      const by = { idempotencyKey: replayKey(order.reference), ...time.dated(placedMs(order)) };
      const answer = await place.placeOrder(order, by);
      if (answer.status === "accepted") shift.take(answer.sagaId, order);
      return answer.status === "accepted" && !answer.repeated;
    },
  };
}

function steppedPlace(
  { engine, clearing }: System,
  taking: Taking & Pick<SteppedPlace, "agenda" | "lapse">,
  stop: AbortSignal,
): SteppedPlace {
  return {
    ...taking,
    endDay: async () => {
      await taking.patience(clearing, stop);
    },
    idle: (signal) => engine.idle({ signal }),
    moveTo: async (at) => {
      await taking.patience(
        () => engine.time.moveTo(at, { signal: stop }).catch((error: unknown) => followed(error, stop)),
        stop,
      );
    },
  };
}

async function goOnWithTime(
  { engine }: System,
  { moveTo }: SteppedPlace,
  { clock, stop }: ReplayingWorld,
): Promise<void> {
  for (let last = clock.steady(); !stop.aborted; ) {
    await clock.sleep(goOnMs, stop);
    const now = clock.steady();
    if (!stop.aborted) await moveTo(engine.time.now() + Math.floor(now - last));
    last = now;
  }
}

/**
 * Another process moves time: this one places its orders at their times all the same. Or the run is to stop.
 */
function followed(error: unknown, stop: AbortSignal): void {
  const isFollower = isQuadrilleError(error) && error.code === "Q_TIME_NOT_STEPPED";
  if (!isFollower && !stop.aborted) throw error;
}

function evenPlace(
  { board }: System,
  taking: Taking,
  { shift, clock }: ReplayingWorld & { readonly shift: Shift },
): ReplayPlace {
  return {
    ...taking,
    below: async (count, signal) => {
      await board.below(count, signal);
      await shift.below(count, signal);
    },
    clock,
  };
}
