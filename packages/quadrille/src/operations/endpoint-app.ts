// The operator's requests over HTTP: every one authenticated, every error a problem document (RFC 9457).
import { createHash, timingSafeEqual } from "node:crypto";
import { type Context, Hono } from "hono";
import { bodyLimit } from "hono/body-limit";
import { type ErrorCode, isQuadrilleError } from "../errors.ts";
import type { ParkedReason } from "../store/records.ts";
import type { Operations, RedriveFilter, SagaQuery } from "./api.ts";

/** The largest page. */
const pageMax = 1_000;
const bodyBytesMax = 64 * 1_024;

/** What the app is made of. */
export interface EndpointAppOptions {
  readonly operations: Operations;
  /** What a request must bring as bearer token. */
  readonly token: string;
  /** Tells of errors that are the program's own. */
  readonly log: (message: string) => void;
}

/** A problem to be told to the caller. */
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

/** Makes the app; it can be asked without a network by `app.request(…)`. */
export function endpointApp({ operations, token, log }: EndpointAppOptions): Hono {
  const app = new Hono();
  app.onError((error, context) => problem(context, asProblem(error, log)));
  app.notFound((context) => problem(context, new Problem(404, `There is no ${context.req.path} here.`)));
  app.use(async (context, next) => {
    // Whoever reaches it by another name than a loopback address was led here by a web page (DNS rebinding).
    if (!isLoopback(context.req.header("host") ?? "")) {
      throw new Problem(403, "This endpoint is asked by its loopback address only.");
    }
    if (!sameSecret(context.req.header("authorization") ?? "", `Bearer ${token}`)) {
      throw new Problem(401, "The bearer token is missing or wrong.");
    }
    await next();
  });
  const onError = (): never => {
    throw new Problem(413, `A request has at most ${bodyBytesMax} bytes.`);
  };
  app.use(bodyLimit({ maxSize: bodyBytesMax, onError }));
  app.get("/sagas", async (context) => {
    return context.json(await operations.sagas(sagaQueryOf(context)));
  });
  app.get("/saga", async (context) => {
    const sagaId = wanted(context.req.query("id"), "the query parameter id");
    const report = await operations.saga(sagaId);
    if (report === undefined) throw new Problem(404, `No participant knows the saga ${sagaId}.`);
    return context.json(report);
  });
  app.get("/parked", async (context) => {
    const participant = context.req.query("participant");
    const reason = reasonOf(context.req.query("reason"));
    return context.json(
      await operations.parked({
        limit: limitOf(context),
        ...(participant === undefined ? {} : { participant }),
        ...(reason === undefined ? {} : { reason }),
      }),
    );
  });
  app.post("/redrive", async (context) => {
    const body = await bodyOf(context);
    const callAgain = body.get("callAgain") === true;
    await operations.redrive(wanted(body.get("participant"), "participant"), wanted(body.get("id"), "id"), {
      callAgain,
    });
    return context.body(null, 204);
  });
  app.post("/redrive-all", async (context) => {
    return context.json({ count: await operations.redriveAll(filterOf(await bodyOf(context))) });
  });
  app.post("/discard", async (context) => {
    const body = await bodyOf(context);
    const [participant, id, reason] = ["participant", "id", "reason"].map((name) =>
      wanted(body.get(name), name),
    );
    await operations.discard(participant ?? "", id ?? "", reason ?? "");
    return context.body(null, 204);
  });
  return app;
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

function limitOf(context: Context): number {
  const text = context.req.query("limit") ?? "50";
  const limit = Number(text);
  if (/^\d+$/.test(text) && limit >= 1 && limit <= pageMax) return limit;
  throw new Problem(
    400,
    `The query parameter limit is "${text}"; a whole number from 1 to ${pageMax} is expected.`,
  );
}

function sagaQueryOf(context: Context): SagaQuery {
  const query: { -readonly [Key in keyof SagaQuery]: SagaQuery[Key] } = { limit: limitOf(context) };
  for (const name of ["before", "end", "participant", "state"] as const) {
    const text = context.req.query(name);
    if (text !== undefined) query[name] = text;
  }
  for (const name of ["underWay", "locked"] as const)
    if (context.req.query(name) === "true") query[name] = true;
  const idleSince = Number(context.req.query("idleSince") ?? Number.NaN);
  if (Number.isFinite(idleSince)) query.idleSince = idleSince;
  return query;
}

const reasons: readonly ParkedReason[] = ["deferred", "retrying", "waiting", "dead", "discarded"];

function reasonOf(text: string | undefined): ParkedReason | undefined {
  if (text === undefined) return undefined;
  const reason = reasons.find((one) => one === text);
  if (reason !== undefined) return reason;
  throw new Problem(
    400,
    `The query parameter reason is "${text}"; one of ${reasons.join(", ")} is expected.`,
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

async function bodyOf(context: Context): Promise<ReadonlyMap<string, unknown>> {
  const body: unknown = await context.req.json().catch(() => undefined);
  if (typeof body === "object" && body !== null) return new Map(Object.entries(body));
  throw new Problem(400, "The body is not a JSON object.");
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
  log(error instanceof Error ? (error.stack ?? error.message) : String(error));
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

function problem(context: Context, { status, message, code }: Problem): Response {
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
  return context.body(JSON.stringify(body), status, headers);
}
