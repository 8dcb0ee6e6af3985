// Serves the API on a loopback port. The port is taken first: where it cannot be had, nothing else is begun.
import { once } from "node:events";
import { createServer, type Server } from "node:http";
import { getRequestListener } from "@hono/node-server";
import type { OpenAPIHono } from "@hono/zod-openapi";
import type { Ambient } from "quadrille";
import { UserError } from "../shared/user-error.ts";

/** A listening server; requests wait until it serves. */
export interface HttpServer {
  /** `http://127.0.0.1:4040` */
  readonly url: string;
  /** Answers requests with the API from now on. */
  serve(api: OpenAPIHono): void;
  /** Takes no more connections and resolves once the open requests are answered. */
  close(): Promise<void>;
}

const loopback = "127.0.0.1";

/** How long open requests may take for their answers when the server closes. */
const closeMsMax = 1_000;

/** Listens on the port, 0 for a free one. Throws a {@link UserError} when the port is taken. */
export async function listenHttp({
  port,
  clock,
}: {
  readonly port: number;
  readonly clock: Ambient["clock"];
}): Promise<HttpServer> {
  const ready = Promise.withResolvers<ReturnType<typeof getRequestListener>>();
  const server = createServer(
    (request, response) => void ready.promise.then((listener) => listener(request, response)),
  );
  server.listen(port, loopback);
  try {
    await once(server, "listening");
  } catch (error) {
    throw portError(error, port);
  }
  const address = server.address();
  const bound = typeof address === "object" && address !== null ? address.port : port;
  let closing: Promise<void> | undefined;
  return {
    url: urlOf(bound),
    serve: (api) => ready.resolve(getRequestListener(api.fetch)),
    close: () => (closing ??= close(server, clock)),
  };
}

async function close(server: Server, clock: Ambient["clock"]): Promise<void> {
  const closed = once(server, "close");
  server.close();
  server.closeIdleConnections();
  // A request that waits for a silent database must not keep the server open for ever.
  const done = new AbortController();
  const late = clock.sleep(closeMsMax, done.signal).then(() => server.closeAllConnections());
  await closed;
  done.abort();
  await late;
}

/** The address of the API on a port. */
export function urlOf(port: number): string {
  return `http://${loopback}:${port}`;
}

function portError(error: unknown, port: number): unknown {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  if (code === "EADDRINUSE") {
    return new UserError(
      `Port ${port} is in use: choose another with --port, or any free one with --port 0.`,
      1,
    );
  }
  if (code === "EACCES") {
    return new UserError(`Port ${port} may not be used by this user: choose one above 1023 with --port.`, 1);
  }
  return error;
}
