// The commands that show sagas and handle parked messages.
import { systemAmbient } from "quadrille/tooling";
import type { Operations, ParkedEntry, ParkedReason, RedriveFilter, SagaQuery } from "quadrille/operations";
import { nameIn } from "../read/choreography-option.ts";
import { type DataOptions, withOperations } from "../read/data.ts";
import { sagaIdOf } from "../read/saga-id.ts";
import { renderSaga } from "../print/render-saga.ts";
import { renderParked, renderSagas } from "../print/render-sagas.ts";
import type { Terminal } from "../terminal/terminal.ts";
import { visible, visibleIn } from "../terminal/visible.ts";
import { type ExitCode, exitCodes, UserError } from "../terminal/user-error.ts";

interface JsonOption {
  readonly json?: true;
}

function asJson(value: unknown): string {
  return `${JSON.stringify(value, undefined, 2)}\n`;
}

/** The options of `quadrille sagas`. */
export interface SagasOptions extends DataOptions, JsonOption, Omit<SagaQuery, "idleSince" | "choreography"> {
  /** Milliseconds. */
  readonly idle?: number;
}

function queryOf({ limit, idle, ...options }: SagasOptions, now: number, terminal: Terminal): SagaQuery {
  const { before, end, underWay, locked, participant, state } = options;
  const choreography = nameIn(options, terminal);
  return {
    limit,
    ...(choreography === undefined ? {} : { choreography }),
    ...(before === undefined ? {} : { before }),
    ...(end === undefined ? {} : { end }),
    ...(underWay === undefined ? {} : { underWay }),
    ...(locked === undefined ? {} : { locked }),
    ...(participant === undefined ? {} : { participant }),
    ...(state === undefined ? {} : { state }),
    ...(idle === undefined ? {} : { idleSince: now - idle }),
  };
}

/** `quadrille sagas` */
export async function sagasCommand(options: SagasOptions, terminal: Terminal): Promise<ExitCode> {
  const { json, limit } = options;
  const { time, sagas } = await withOperations(options, terminal, async (operations) => {
    const time = await operations.time();
    const query = queryOf(options, time.now, terminal);
    const before = query.before === undefined ? {} : { before: await sagaIdOf(operations, query.before) };
    return { time, sagas: await operations.sagas({ ...query, ...before }) };
  });
  const { colors } = terminal;
  terminal.out(json === true ? asJson(sagas) : renderSagas(visibleIn(sagas), { colors, time }));
  const last = sagas.at(-1);
  if (json !== true && last !== undefined && sagas.length === limit) {
    terminal.out(visible(`The next ones: the same with --before ${last.sagaId}`) + "\n");
  }
  return exitCodes.ok;
}

/** `quadrille saga <id>` */
export async function sagaCommand(
  given: string,
  options: DataOptions & JsonOption,
  terminal: Terminal,
): Promise<ExitCode> {
  const saga = await withOperations(options, terminal, async (operations) =>
    operations.saga(await sagaIdOf(operations, given)),
  );
  // Its last rows were deleted between the two questions.
  if (saga === undefined) throw new UserError(`The saga ${given} is not there any more.`, 1);
  const machineNow = systemAmbient().clock.now();
  terminal.out(
    options.json === true
      ? asJson(saga)
      : renderSaga(visibleIn(saga), { colors: terminal.colors, machineNow }),
  );
  return exitCodes.ok;
}

/** `quadrille parked` */
export async function parkedCommand(
  options: DataOptions &
    JsonOption & { readonly limit: number; readonly participant?: string; readonly reason?: ParkedReason },
  terminal: Terminal,
): Promise<ExitCode> {
  const { limit, participant, reason, json } = options;
  const query = {
    limit,
    ...(participant === undefined ? {} : { participant }),
    ...(reason === undefined ? {} : { reason }),
  };
  const parked = await withOperations(options, terminal, (operations) =>
    reason === undefined ? parkedApart(operations, query) : operations.parked(query),
  );
  const now = systemAmbient().clock.now();
  terminal.out(json === true ? asJson(parked) : renderParked(parked, { colors: terminal.colors, now }));
  return exitCodes.ok;
}

/** Open messages, oldest first, and then the discarded ones, which never push open ones out of the list. */
async function parkedApart(
  operations: Pick<Operations, "parked">,
  query: Parameters<Operations["parked"]>[0],
): Promise<readonly ParkedEntry[]> {
  const reasons: readonly ParkedReason[] = ["dead", "retrying", "waiting", "deferred", "discarded"];
  const lists = await Promise.all(reasons.map((reason) => operations.parked({ ...query, reason })));
  const discarded = lists.pop() ?? [];
  const open = lists.flat().toSorted((a, b) => a.parkedAt - b.parkedAt);
  return [...open.slice(0, query.limit), ...discarded];
}

/** The message that a command is about. */
export interface MessageName {
  readonly participant: string;
  readonly id: string;
}

/** `quadrille redrive <participant> <id>` */
export async function redriveCommand(
  { participant, id }: MessageName,
  options: DataOptions & Pick<RedriveFilter, "callAgain">,
  terminal: Terminal,
): Promise<ExitCode> {
  const { callAgain = false } = options;
  await withOperations(options, terminal, (operations) => operations.redrive(participant, id, { callAgain }));
  terminal.out(`${participant} is offered ${id} again.\n`);
  return exitCodes.ok;
}

/** `quadrille redrive --all [--participant …]` */
export async function redriveAllCommand(
  options: DataOptions & RedriveFilter,
  terminal: Terminal,
): Promise<ExitCode> {
  const { participant, reason, trigger, code, callAgain } = options;
  const filter = {
    ...(participant === undefined ? {} : { participant }),
    ...(reason === undefined ? {} : { reason }),
    ...(trigger === undefined ? {} : { trigger }),
    ...(code === undefined ? {} : { code }),
    ...(callAgain === undefined ? {} : { callAgain }),
  };
  const count = await withOperations(options, terminal, (operations) => operations.redriveAll(filter));
  terminal.out(count === 1 ? "1 message is offered again.\n" : `${count} messages are offered again.\n`);
  return exitCodes.ok;
}

/** `quadrille discard <participant> <id> --reason …` */
export async function discardCommand(
  { participant, id }: MessageName,
  options: DataOptions & { readonly reason: string },
  terminal: Terminal,
): Promise<ExitCode> {
  await withOperations(options, terminal, (operations) =>
    operations.discard(participant, id, options.reason),
  );
  terminal.out(`${id} of ${participant} is discarded: ${options.reason}\n`);
  return exitCodes.ok;
}
