// The operator's requests: every one authenticated, every error a problem document (RFC 9457). Knows HTTP's
// words and no socket.
import { createHash, timingSafeEqual } from "node:crypto";
import { type ErrorCode, isQuadrilleError, thrownText } from "../errors.ts";
import { parkedReasons, type ParkedReason } from "../store/records.ts";
import type { Operations, RedriveFilter, SagaQuery } from "./api.ts";

/** The largest page. */
const pageMax = 1_000;
const bodyBytesMax = 64 * 1_024;

/** What the app is made of. */
export interface EndpointAppOptions {
  readonly operations: Operations;
  /** What a request must bring as bearer token. */
  readonly token: string;
  /** Reports errors of the program itself. */
  readonly log: (message: string) => void;
}

/** HTTP as the app sees it, without a server. */
export interface EndpointRequest {
  readonly method: string;
  /** The path with its query, as in HTTP's first line. */
  readonly target: string;
  /** Headers by their names in small letters. */
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  /** The body, piece by piece; read only where it matters. */
  readonly body: AsyncIterable<Uint8Array>;
}

/** What the server sends back; `body` is JSON, or empty. */
export interface EndpointAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** A problem that the caller gets as the answer (RFC 9457). */
class Problem extends Error {
  readonly status: 400 | 401 | 403 | 404 | 409 | 413 | 500 | 503;
  readonly code: ErrorCode | undefined;

  constructor(status: Problem["status"], detail: string, code?: ErrorCode) {
    super(detail);
    this.name = "Problem";
    this.status = status;
    this.code = code;
  }
}

/** A request, parsed. */
interface Read {
  readonly query: URLSearchParams;
  /** The fields of the body. */
  readonly fields: () => Promise<ReadonlyMap<string, unknown>>;
}

/** Resolves to the content of the answer, sent as JSON; undefined for an answer without content (204). */
type Route = (read: Read, operations: Operations) => Promise<unknown>;

const routes: ReadonlyMap<string, Route> = new Map<string, Route>([
  ["GET /sagas", ({ query }, operations) => operations.sagas(sagaQueryOf(query))],
  ["GET /time", (_, operations) => operations.time()],
  [
    "GET /saga-ids",
    ({ query }, operations) =>
      operations.sagaIds(wanted(query.get("prefix"), "the query parameter prefix"), limitOf(query)),
  ],
  [
    "GET /saga",
    async ({ query }, operations) => {
      const sagaId = wanted(query.get("id"), "the query parameter id");
      const report = await operations.saga(sagaId);
      if (report === undefined) throw new Problem(404, `No participant knows the saga ${sagaId}.`);
      return report;
    },
  ],
  [
    "GET /parked",
    ({ query }, operations) => {
      const participant = query.get("participant");
      const reason = reasonOf(query.get("reason"));
      return operations.parked({
        limit: limitOf(query),
        ...(participant === null ? {} : { participant }),
        ...(reason === undefined ? {} : { reason }),
      });
    },
  ],
  [
    "POST /redrive",
    async ({ fields }, operations) => {
      const body = await fields();
      const [participant, id] = [
        wanted(body.get("participant"), "participant"),
        wanted(body.get("id"), "id"),
      ];
      await operations.redrive(participant, id, { callAgain: body.get("callAgain") === true });
    },
  ],
  [
    "POST /redrive-all",
    async ({ fields }, operations) => ({ count: await operations.redriveAll(filterOf(await fields())) }),
  ],
  [
    "POST /discard",
    async ({ fields }, operations) => {
      const body = await fields();
      const text = (name: string): string => wanted(body.get(name), name);
      await operations.discard(text("participant"), text("id"), text("reason"));
    },
  ],
]);

/** Answers requests; never rejects. */
export function endpointApp({
  operations,
  token,
  log,
}: EndpointAppOptions): (request: EndpointRequest) => Promise<EndpointAnswer> {
  return async (request) => {
    try {
      authorize(request, token);
      const url = URL.parse(request.target, "http://loopback");
      const path = url?.pathname ?? request.target;
      const route = routes.get(`${request.method} ${path}`);
      if (route === undefined) throw new Problem(404, `There is no ${path} here.`);
      const content = await route(
        { query: url?.searchParams ?? new URLSearchParams(), fields: () => fieldsOf(request.body) },
        operations,
      );
      return content === undefined
        ? { status: 204, headers: {}, body: "" }
        : { status: 200, headers: { "content-type": "application/json" }, body: JSON.stringify(content) };
    } catch (error) {
      return problem(asProblem(error, log));
    }
  };
}

function authorize({ headers }: EndpointRequest, token: string): void {
  // A request with another name than a loopback address comes from a web page (DNS rebinding).
  if (!isLoopback(String(headers["host"] ?? ""))) {
    throw new Problem(403, "This endpoint is asked by its loopback address only.");
  }
  if (!sameSecret(String(headers["authorization"] ?? ""), `Bearer ${token}`)) {
    throw new Problem(401, "The bearer token is missing or wrong.");
  }
}

function isLoopback(host: string): boolean {
  const url = `http://${host}`;
  return URL.canParse(url) && ["127.0.0.1", "localhost", "[::1]"].includes(new URL(url).hostname);
}

/** Digests have one length, so that the time of the comparison says nothing about the secret. */
function sameSecret(given: string, expected: string): boolean {
  const digest = (text: string): Buffer => createHash("sha256").update(text).digest();
  return timingSafeEqual(digest(given), digest(expected));
}

function limitOf(query: URLSearchParams): number {
  const text = query.get("limit") ?? "50";
  const limit = Number(text);
  if (/^\d+$/.test(text) && limit >= 1 && limit <= pageMax) return limit;
  throw new Problem(
    400,
    `The query parameter limit is "${text}"; a whole number from 1 to ${pageMax} is expected.`,
  );
}

function sagaQueryOf(given: URLSearchParams): SagaQuery {
  const query: { -readonly [Key in keyof SagaQuery]: SagaQuery[Key] } = { limit: limitOf(given) };
  for (const name of ["before", "choreography", "end", "participant", "state"] as const) {
    const text = given.get(name);
    if (text !== null) query[name] = text;
  }
  for (const name of ["underWay", "locked"] as const) if (given.get(name) === "true") query[name] = true;
  const idleSince = Number(given.get("idleSince") ?? Number.NaN);
  if (Number.isFinite(idleSince)) query.idleSince = idleSince;
  return query;
}

function reasonOf(text: string | null): ParkedReason | undefined {
  if (text === null) return undefined;
  const reason = parkedReasons.find((one) => one === text);
  if (reason !== undefined) return reason;
  throw new Problem(
    400,
    `The query parameter reason is "${text}"; one of ${parkedReasons.join(", ")} is expected.`,
  );
}

function filterOf(body: ReadonlyMap<string, unknown>): RedriveFilter {
  const filter: { -readonly [Key in keyof RedriveFilter]: RedriveFilter[Key] } = {
    callAgain: body.get("callAgain") === true,
  };
  for (const name of ["participant", "trigger", "code"] as const)
    if (body.has(name)) filter[name] = wanted(body.get(name), name);
  const reason = body.get("reason");
  if (reason === undefined) return filter;
  if (reason !== "dead" && reason !== "retrying")
    throw new Problem(400, "reason is neither dead nor retrying; nothing else can be redriven.");
  return { ...filter, reason };
}

function wanted(value: unknown, name: string): string {
  if (typeof value === "string" && value !== "") return value;
  throw new Problem(400, `${name} is missing; a text that is not empty is expected.`);
}

async function fieldsOf(body: AsyncIterable<Uint8Array>): Promise<ReadonlyMap<string, unknown>> {
  const pieces: Uint8Array[] = [];
  let bytes = 0;
  for await (const piece of body) {
    bytes += piece.byteLength;
    if (bytes > bodyBytesMax) throw new Problem(413, `A request has at most ${bodyBytesMax} bytes.`);
    pieces.push(piece);
  }
  const content = parse(Buffer.concat(pieces).toString());
  if (typeof content === "object" && content !== null) return new Map(Object.entries(content));
  throw new Problem(400, "The body is not a JSON object.");
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function asProblem(error: unknown, log: (message: string) => void): Problem {
  if (error instanceof Problem) return error;
  if (isQuadrilleError(error)) {
    const statuses: Partial<Record<ErrorCode, Problem["status"]>> = {
      Q_PARKED_UNKNOWN: 404,
      Q_QUERY_UNKNOWN: 400,
      Q_PARKED_REFUSED: 409,
    };
    return new Problem(statuses[error.code] ?? (error.retryable ? 503 : 500), error.message, error.code);
  }
  log(error instanceof Error && typeof error.stack === "string" ? error.stack : thrownText(error));
  return new Problem(500, "The request failed for a reason that is the program's own; its log says more.");
}

const titles: Readonly<Record<Problem["status"], string>> = {
  400: "Bad request",
  401: "Unauthorized",
  403: "Forbidden",
  404: "Not found",
  409: "Refused",
  413: "Content too large",
  500: "Internal error",
  503: "Try again",
};

function problem({ status, message, code }: Problem): EndpointAnswer {
  const body = {
    type: "about:blank",
    title: titles[status],
    status,
    detail: message,
    ...(code === undefined ? {} : { code }),
  };
  const headers = {
    "content-type": "application/problem+json",
    ...(status === 401 ? { "www-authenticate": "Bearer" } : {}),
  };
  return { status, headers, body: JSON.stringify(body) };
}
