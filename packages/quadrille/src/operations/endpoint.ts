// Serves the operator's requests of a running process on loopback, and says in the data folder where.
import { once } from "node:events";
import { createServer } from "node:http";
import { getRequestListener } from "@hono/node-server";
import { newSecret } from "../ambient/secret.ts";
import { removeAddress, writeAddress } from "./address.ts";
import type { Operations } from "./api.ts";
import { endpointApp } from "./endpoint-app.ts";

/** What an endpoint is made of. */
export interface OperatorEndpointOptions {
  readonly operations: Operations;
  /** Where the `quadrille` command looks for the running process: `.quadrille` unless it is told otherwise. */
  readonly dataFolder: string;
  /** A free one unless given. */
  readonly port?: number;
  /** Tells of errors that are the program's own. */
  readonly log?: (message: string) => void;
}

/** A serving endpoint. Disposing of it takes the address back and answers what is under way. */
export interface OperatorEndpoint extends AsyncDisposable {
  readonly url: string;
}

const loopback = "127.0.0.1";

/**
 * Serves `operations` on loopback, to those who can read the file `operator.json` in the data folder: it holds the
 * address and a token that is new with each start.
 */
export async function operatorEndpoint(options: OperatorEndpointOptions): Promise<OperatorEndpoint> {
  const { operations, dataFolder, port = 0, log = () => undefined } = options;
  const token = newSecret();
  const listener = getRequestListener(endpointApp({ operations, token, log }).fetch);
  const server = createServer((request, response) => void listener(request, response));
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
