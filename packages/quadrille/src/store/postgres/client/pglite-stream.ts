// Lets `pg` talk to PGlite as if over a socket: the same driver, types, errors and prepared statements for
// both.
//
// PGlite's own `query` parses and plans each time and crosses into WebAssembly six times a query; its
// `node-postgres` entry sends each message alone and does not take statements with their own type parsers.
import { Duplex } from "node:stream";
import type { PgliteServer } from "./pglite-server.ts";
import { thrownText } from "../../../errors.ts";

/** A stand-in for a socket: what is written together goes to PGlite together, and its answer comes back. */
export function pgliteStream(server: Pick<PgliteServer, "ready" | "answer">): Duplex {
  return Object.assign(new PgliteStream(server), socketStubs);
}

class PgliteStream extends Duplex {
  readonly #server: Pick<PgliteServer, "ready" | "answer">;

  constructor(server: Pick<PgliteServer, "ready" | "answer">) {
    super();
    this.#server = server;
  }

  /** The driver asks for a connection and waits for the event. */
  connect(): this {
    void this.#connect();
    return this;
  }

  override _read(): void {}

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: (error?: Error) => void): void {
    void this.#send(chunk, done);
  }

  override _writev(chunks: readonly { readonly chunk: Buffer }[], done: (error?: Error) => void): void {
    void this.#send(Buffer.concat(chunks.map(({ chunk }) => chunk)), done);
  }

  override _final(done: () => void): void {
    this.push(null);
    done();
  }

  /** Owned by the stream: it is destroyed where there is no server. */
  async #connect(): Promise<void> {
    try {
      await this.#server.ready();
      this.emit("connect");
    } catch (error) {
      this.destroy(error instanceof Error ? error : new Error(thrownText(error)));
    }
  }

  /** Owned by the stream: it ends in `done`, whatever happens. */
  async #send(message: Buffer, done: (error?: Error) => void): Promise<void> {
    try {
      if (message[0] !== terminate) this.push(await this.#server.answer(message));
      done();
    } catch (cause) {
      done(cause instanceof Error ? cause : new Error("PGlite did not take a message", { cause }));
    }
  }
}

/**
 * The message with which a client leaves. It ends a server's process; PGlite serves the next client as well.
 */
const terminate = "X".charCodeAt(0);

/** Socket methods that the driver calls and that have no meaning here. */
const socketStubs = {
  setNoDelay: (): void => {},
  setKeepAlive: (): void => {},
  ref: (): void => {},
  unref: (): void => {},
};
