// Between commands and the requests that carry them to the owner of their lane. Requests were written by an
// engine, so their parts are trusted; the payload is validated again.
import { QuadrilleError, thrownText } from "../../errors.ts";
import type { RequestRecord } from "../../store/records.ts";
import type { Answer } from "./api.ts";
import type { Verdict, Waiting } from "./commands.ts";
import { weigh } from "./weigh.ts";

/** A command as it stands in a request. */
interface RequestContent {
  readonly command: string;
  readonly sagaId: string;
  readonly key: string;
  readonly data?: unknown;
  readonly dataVersion?: number;
  readonly position: number;
  /** When it takes place, where its caller has said so. */
  readonly at?: number;
  readonly trace?: string;
  readonly idempotencyKey?: string;
  readonly digest?: string;
  readonly parsedDigest?: string;
}

/** An answer as it stands in a request; of an error, what its caller needs. */
type RequestAnswer = Answer | { readonly status: "failed"; readonly error: FailedText };

interface FailedText {
  readonly message: string;
  readonly code?: QuadrilleError["code"];
  readonly retryable?: boolean;
}

/** A command as a request, made at `time`. */
export function requestOf(waiting: Waiting, time: number): RequestRecord {
  const { message, idempotencyKey, digest, parsedDigest } = waiting;
  const { id, trigger: command, sagaId, key, data, dataVersion, cause, notBefore: at, trace } = message;
  const { position } = cause;
  const same = { idempotencyKey, digest, parsedDigest };
  const content = { command, sagaId, key, data, dataVersion, position, at, trace, ...same };
  return { id, lane: cause.lane, time, content };
}

/** A request as a command of the lane's owner: its answer is written by the flush that decides it. */
export function commandOf({ id, lane, content }: RequestRecord): Waiting {
  const request = content as RequestContent;
  const { command, sagaId, key, data, dataVersion, position, at, trace } = request;
  const { idempotencyKey, digest, parsedDigest } = request;
  return {
    message: {
      id,
      kind: "command",
      trigger: command,
      sagaId,
      key,
      data,
      cause: { source: "command", lane, position },
      notBefore: at,
      trace,
      isChecked: false,
      ...(dataVersion === undefined ? {} : { dataVersion }),
    },
    idempotencyKey,
    digest,
    ...(parsedDigest === undefined ? {} : { parsedDigest }),
    requestId: id,
    weight: weigh(data),
    resolve: () => undefined,
    reject: () => undefined,
  };
}

/** An answer, as it is written into its request. */
export function requestAnswerOf(answer: Verdict["answer"]): object {
  if (answer.status !== "failed") return answer;
  const { error } = answer;
  const message = thrownText(error);
  const ours = error instanceof QuadrilleError ? { code: error.code, retryable: error.retryable } : {};
  return { status: "failed", error: { message, ...ours } } satisfies RequestAnswer;
}

/** Gives a command's caller the answer that stands in its request. */
export function passAnswer({ resolve, reject }: Waiting, written: object): void {
  const answer = written as RequestAnswer;
  if (answer.status !== "failed") return resolve(answer);
  const { message, code, retryable = false } = answer.error;
  reject(code === undefined ? new Error(message) : new QuadrilleError(code, message, { retryable }));
}
