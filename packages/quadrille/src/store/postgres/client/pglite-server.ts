// PGlite as a server that may crash. PostgreSQL panics when it cannot write its log, mostly because the disk
// is full: then it is of no use, and the next call to it never returns. What was committed stands in the
// files: PGlite is opened again over them, as PostgreSQL's server restarts after a crash.
import { QuadrilleError, thrownText } from "../../../errors.ts";

/** What is used of a PGlite. */
export interface PgliteProcess {
  execProtocolRaw(message: Uint8Array): Promise<Uint8Array>;
  close(): Promise<void>;
  /** Its file system, whose files are to be closed after a crash. */
  readonly Module?: { readonly FS: unknown };
}

/** How to open one, at first and again after a crash. */
export interface PgliteOpening {
  /** What it is, for messages. */
  readonly label: string;
  readonly open: () => Promise<PgliteProcess>;
  /** Rejects where there is no room to open it again; absent where the data are gone with a crash. */
  readonly makeSureOfRoom?: () => Promise<void>;
}

/** One PGlite after another over the same files. */
export class PgliteServer {
  readonly #opening: PgliteOpening;
  #pglite: PgliteProcess | undefined;
  /** Why the last one is of no use any more. */
  #crash = "";
  #reopening: Promise<void> | undefined;
  #isClosed = false;

  private constructor(opening: PgliteOpening, pglite: PgliteProcess) {
    this.#opening = opening;
    this.#pglite = pglite;
  }

  /** Opens the first one. Rejects as `open` does. */
  static async start(opening: PgliteOpening): Promise<PgliteServer> {
    return new PgliteServer(opening, await opening.open());
  }

  /**
   * Resolves when there is one to talk to: after a crash another one is opened. Rejects with
   * `Q_STORE_UNREACHABLE`.
   */
  async ready(): Promise<void> {
    if (this.#pglite !== undefined || this.#isClosed) return;
    this.#reopening ??= this.#reopen().finally(() => {
      this.#reopening = undefined;
    });
    await this.#reopening;
  }

  /**
   * Gives the answer to a message. Rejects with code 57P02, `crash_shutdown`, where it crashed meanwhile, or
   * has before.
   */
  async answer(message: Uint8Array): Promise<Uint8Array> {
    const pglite = this.#pglite;
    if (pglite === undefined) throw this.#crashed();
    let answer: Uint8Array;
    try {
      answer = await pglite.execProtocolRaw(message);
    } catch (error) {
      throw this.#bury(pglite, thrownText(error));
    }
    const last = isComplete(answer) ? undefined : lastWords(answer);
    if (last !== undefined) throw this.#bury(pglite, last);
    return answer;
  }

  /** Closes the present one; one that has crashed is left. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#reopening?.catch(() => undefined);
    await this.#pglite?.close();
  }

  async #reopen(): Promise<void> {
    const { open, makeSureOfRoom, label } = this.#opening;
    if (makeSureOfRoom === undefined) {
      const advice = "Its data were in memory, and are gone. Start the program again.";
      throw new QuadrilleError("Q_STORE_UNREACHABLE", `${label} has crashed: ${this.#crash}. ${advice}`);
    }
    try {
      await makeSureOfRoom();
      this.#pglite = await open();
    } catch (error) {
      const reason = thrownText(error);
      const message = `${label} has crashed (${this.#crash}) and cannot be opened again yet (${reason}). Make room on its disk; then it goes on by itself.`;
      throw new QuadrilleError("Q_STORE_UNREACHABLE", message, { retryable: true, cause: error });
    }
  }

  #bury(pglite: PgliteProcess, reason: string): Error {
    if (this.#pglite === pglite) {
      this.#pglite = undefined;
      this.#crash = reason;
      closeFiles(pglite);
    }
    return this.#crashed();
  }

  #crashed(): Error {
    return Object.assign(new Error(`PGlite has crashed: ${this.#crash}`), { code: "57P02" });
  }
}

const readyForQuery = "Z".charCodeAt(0);
const errorResponse = "E".charCodeAt(0);

/** Whether an answer ends as each one does that a living server gives: ready for the next query. */
function isComplete(answer: Uint8Array): boolean {
  return answer.at(-6) === readyForQuery && answer.at(-2) === 5;
}

/** The last message of a server that ends; `undefined` where it goes on. */
function lastWords(answer: Uint8Array): string | undefined {
  const view = new DataView(answer.buffer, answer.byteOffset, answer.byteLength);
  for (let at = 0; at + 5 <= answer.length; at += 1 + view.getUint32(at + 1)) {
    if (answer[at] !== errorResponse) continue;
    const fields = fieldsOf(answer.subarray(at + 5, at + 1 + view.getUint32(at + 1)));
    if (["PANIC", "FATAL"].includes(fields.get("V") ?? "")) return fields.get("M") ?? "it gave no reason";
  }
  return undefined;
}

/** The fields of an error, by their letters. */
function fieldsOf(body: Uint8Array): ReadonlyMap<string, string> {
  const texts = new TextDecoder().decode(body).split("\0");
  return new Map(texts.map((text) => [text.slice(0, 1), text.slice(1)]));
}

/** PGlite's own `close` would wait for ever. */
function closeFiles({ Module }: PgliteProcess): void {
  const fs = Module?.FS;
  if (!isFileSystem(fs)) return;
  for (const stream of fs.streams) {
    if (stream === null || stream === undefined) continue;
    try {
      fs.close(stream);
    } catch {
      // The others are closed all the same.
    }
  }
}

interface FileSystem {
  readonly streams: readonly unknown[];
  close(stream: unknown): void;
}

/** Emscripten's types do not name its open files. */
function isFileSystem(fs: unknown): fs is FileSystem {
  return (
    typeof fs === "object" && fs !== null && "streams" in fs && Array.isArray(fs.streams) && "close" in fs
  );
}
