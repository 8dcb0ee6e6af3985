// The operator's requests to a running process, over its endpoint. Answers are made from the same types.
import { type ErrorCode, errorCodes, QuadrilleError } from "../errors.ts";
import type { OperatorAddress } from "./address.ts";
import type { Operations, OperationsTime, ParkedEntry, SagaReport, SagaSummary } from "./api.ts";

/** Sends a request; the global `fetch`, with a time limit. */
export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

/** The operations of a running process. Rejects with `Q_STORE_UNREACHABLE` when it does not answer. */
export function remoteOperations(address: Pick<OperatorAddress, "url" | "token">, fetch: Fetch): Operations {
  const ask = (
    path: string,
    query: Readonly<Record<string, string | number | boolean | undefined>>,
  ): Promise<Response> => {
    const given = new URLSearchParams();
    for (const [name, value] of Object.entries(query))
      if (value !== undefined) given.set(name, String(value));
    return send(address, fetch, { path: `${path}?${given.toString()}` });
  };
  const post = async (path: string, body: Body): Promise<unknown> =>
    succeeded(await send(address, fetch, { path, body }));
  return {
    sagas: async (query) => (await succeeded(await ask("/sagas", { ...query }))) as readonly SagaSummary[],
    time: async () => (await succeeded(await ask("/time", {}))) as OperationsTime,
    sagaIds: async (prefix, limit) =>
      (await succeeded(await ask("/saga-ids", { prefix, limit }))) as readonly string[],
    saga: async (sagaId) => {
      const response = await ask("/saga", { id: sagaId });
      return response.status === 404 ? undefined : ((await succeeded(response)) as SagaReport);
    },
    parked: async (query) => (await succeeded(await ask("/parked", query))) as readonly ParkedEntry[],
    redrive: async (participant, id, { callAgain = false } = {}) =>
      void (await post("/redrive", { participant, id, callAgain })),
    redriveAll: async (filter) =>
      ((await post("/redrive-all", { ...filter })) as { readonly count: number }).count,
    discard: async (participant, id, reason) => void (await post("/discard", { participant, id, reason })),
  };
}

type Body = Readonly<Record<string, string | boolean>>;

interface RemoteRequest {
  readonly path: string;
  readonly body?: Body;
}

async function send(
  { url, token }: Pick<OperatorAddress, "url" | "token">,
  fetch: Fetch,
  { path, body }: RemoteRequest,
): Promise<Response> {
  const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
  const asked = body === undefined ? { headers } : { method: "POST", headers, body: JSON.stringify(body) };
  try {
    return await fetch(`${url}${path}`, asked);
  } catch (cause) {
    throw new QuadrilleError("Q_STORE_UNREACHABLE", `The running process at ${url} does not answer.`, {
      retryable: true,
      cause,
    });
  }
}

/** The answer's content; an error as the process reported it. */
async function succeeded(response: Response): Promise<unknown> {
  if (response.status === 204) return undefined;
  const content: unknown = await response.json().catch(() => undefined);
  if (response.ok) return content;
  const { detail, code } = (content ?? {}) as { readonly detail?: string; readonly code?: string };
  throw new QuadrilleError(
    isCode(code) ? code : "Q_STORE_FAILED",
    detail ?? `The running process answered ${response.status}.`,
    {
      retryable: response.status === 503,
    },
  );
}

function isCode(code: string | undefined): code is ErrorCode {
  return code !== undefined && Object.hasOwn(errorCodes, code);
}
