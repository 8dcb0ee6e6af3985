// Serves the operator's requests of a running process on loopback, and says in the data folder where.
import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { newSecret } from "../ambient/secret.ts";
import { removeAddress, writeAddress } from "./address.ts";
import type { Operations } from "./api.ts";
import { endpointApp, type EndpointAnswer, type EndpointRequest } from "./endpoint-app.ts";

/** What an endpoint is made of. */
export interface OperatorEndpointOptions {
  readonly operations: Operations;
  /**
   * Where the `quadrille` command looks for the running process: `.quadrille` by default.
   */
  readonly dataFolder: string;
  /** A free one unless given. */
  readonly port?: number;
  /** Reports errors of the program itself. */
  readonly log?: (message: string) => void;
}

/** A serving endpoint. Disposing of it takes the address back and answers what is under way. */
export interface OperatorEndpoint extends AsyncDisposable {
  readonly url: string;
}

const loopback = "127.0.0.1";

/**
 * Serves `operations` on loopback, to those who can read the file `operator.json` in the data folder: it
 * holds the address and a token that is new with each start.
 */
export async function operatorEndpoint(options: OperatorEndpointOptions): Promise<OperatorEndpoint> {
  const { operations, dataFolder, port = 0, log = () => undefined } = options;
  const token = newSecret();
  const app = endpointApp({ operations, token, log });
  const server = createServer((request, response) => void answer(app, request, response));
  server.listen(port, loopback);
  await once(server, "listening");
  const address = server.address();
  const url = `http://${loopback}:${typeof address === "object" && address !== null ? address.port : port}`;
  const close = async (): Promise<void> => {
    await removeAddress(dataFolder, token);
    const closed = once(server, "close");
    server.close();
    server.closeIdleConnections();
    await closed;
  };
  try {
    await writeAddress(dataFolder, { url, token });
  } catch (error) {
    await close();
    throw error;
  }
  return { url, [Symbol.asyncDispose]: close };
}

async function answer(
  app: (request: EndpointRequest) => Promise<EndpointAnswer>,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { method = "GET", url: target = "/", headers } = request;
  const { status, headers: answered, body } = await app({ method, target, headers, body: request });
  // What is left of an unread body would be taken for the next request.
  if (!request.complete) response.setHeader("connection", "close");
  response.writeHead(status, answered).end(body);
}
