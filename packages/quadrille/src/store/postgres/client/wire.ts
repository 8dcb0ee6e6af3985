// Notices between processes over LISTEN and NOTIFY, on a connection of its own: in the transaction of a
// flush, a notification cost two thirds of the throughput and a sync for each commit. Here it is a few
// milliseconds late, and one notification announces many commits.
import { Socket } from "node:net";
import { Client, type ClientConfig } from "pg";
import type { Clock } from "../../../ambient/ambient.ts";
import {
  mergedNotices,
  localNotices,
  type Notices,
  noNotice,
  type Notice,
  type Announcer,
} from "../../notices.ts";
import type { Owner, Owners, OwnerSetup } from "../../owners.ts";
import { endSessions } from "./ask-server.ts";
import { lanesChannel, LaneLocks, type LockSession } from "./lane-locks.ts";
import type { Session } from "./liveness.ts";
import { sessionOf } from "./session.ts";

const channel = "quadrille";

/** The shortest interval between notifications: under load, one covers hundreds of commits. */
const announceMs = 20;

/** The pause before a new connection after one was lost; it doubles with each failure. */
const againMs = 50;

/** The longest such pause. */
const againMsMax = 1_000;

/**
 * After this time without traffic, we check that the connection still answers: a dead one delivers nothing.
 */
const checkMs = 2_500;

/**
 * A process that is silent for this long loses its lanes, because the server ends its session. It is stopped
 * (SIGSTOP), cut off, or blocked by its own code; a healthy process sends something at every check.
 */
const silentMsMax = 5_000;

/** How long an answer may take. */
const answerMsMax = 3_000;

/** PostgreSQL takes payloads of less than 8,000 bytes. */
const payloadBytesMax = 7_900;

/** The session behind the connection. */
interface WireSession extends LockSession {
  /** How long it has been silent. */
  silentMs(): number;
}

/**
 * Notices over a PostgreSQL server, and the session that owns lanes. It connects when the first engine joins;
 * until then, and whenever the connection is lost, other processes get no notices and no lane is owned.
 */
export class Wire implements Notices, AsyncDisposable {
  readonly #config: ClientConfig;
  readonly #clock: Clock;
  /** The engines of this process, and the server as one more member. */
  readonly #local = localNotices();
  readonly #remote: Announcer;
  readonly #stop = new AbortController();
  readonly #locks = new LaneLocks();
  /** Who owns lanes. */
  readonly owners: Owners = {
    join: (setup: OwnerSetup): Owner => {
      this.#running ??= this.#run();
      return this.#locks.join(setup);
    },
  };
  #session: LockSession | undefined;
  /** The session of the last connection. */
  #last: Session | undefined;
  #running: Promise<void> | undefined;
  #waiting: Notice | undefined;
  #announcing: Promise<void> | undefined;

  constructor(config: ClientConfig, clock: Clock) {
    this.#config = config;
    this.#clock = clock;
    this.#remote = this.#local.join((notice) => this.#pass(notice));
  }

  join(hear: (notice: Notice) => void): Announcer {
    this.#running ??= this.#run();
    return this.#local.join(hear);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort();
    await Promise.all([this.#running, this.#announcing]);
  }

  /** Without a connection the notice is dropped: the others poll. */
  #pass(notice: Notice): void {
    if (this.#session === undefined) return;
    this.#waiting = this.#waiting === undefined ? notice : mergedNotices(this.#waiting, notice);
    this.#announcing ??= this.#announce();
  }

  async #announce(): Promise<void> {
    while (this.#waiting !== undefined && !this.#stop.signal.aborted) {
      const payload = payloadOf(this.#waiting);
      this.#waiting = undefined;
      await this.#session?.query("select pg_notify($1, $2)", [channel, payload]).catch(() => undefined);
      await this.#clock.sleep(announceMs, this.#stop.signal);
    }
    this.#announcing = undefined;
  }

  async #run(): Promise<void> {
    let pauseMs = againMs;
    while (!this.#stop.signal.aborted) {
      const wasConnected = await this.#connected();
      pauseMs = wasConnected ? againMs : Math.min(2 * pauseMs, againMsMax);
      await this.#clock.sleep(pauseMs, this.#stop.signal);
    }
  }

  /** Connects, and resolves when the connection is lost: whether there was one. It never rejects. */
  async #connected(): Promise<boolean> {
    // A socket of our own: the driver closes one that is idle only when the server takes its leave.
    const socket = new Socket();
    const client = new Client({
      ...this.#config,
      connectionTimeoutMillis: answerMsMax,
      query_timeout: answerMsMax,
      stream: () => socket,
    });
    const lost = new AbortController();
    client.on("error", () => lost.abort());
    client.on("end", () => lost.abort());
    const close = (): void => void socket.destroy();
    this.#stop.signal.addEventListener("abort", close);
    try {
      await client.connect();
      const session = await this.#listen(client, lost);
      this.#session = session;
      this.#locks.use(session);
      const over = AbortSignal.any([this.#stop.signal, lost.signal]);
      while (!over.aborted) {
        await this.#clock.sleep(checkMs / 2, over);
        if (!over.aborted && session.silentMs() >= checkMs / 2) await session.query("select 1", []);
      }
    } catch {
      // It is tried again.
    } finally {
      this.#stop.signal.removeEventListener("abort", close);
      close();
    }
    const wasConnected = this.#session !== undefined;
    this.#session = undefined;
    if (wasConnected) this.#locks.use(undefined);
    return wasConnected;
  }

  async #listen(client: Client, lost: AbortController): Promise<WireSession> {
    const { pid, began } = await sessionOf(client);
    // The server may not know yet that the last connection is gone, and keep its locks.
    if (this.#last !== undefined) await client.query(endSessions([this.#last]));
    this.#last = { pid, began };
    client.on("notification", (heard) => {
      if (heard.processId === pid) return;
      if (heard.channel === lanesChannel) this.#locks.changed();
      else this.#remote.announce(noticeOf(heard.payload ?? ""));
    });
    // A notice may be lost, so no commit of a notification waits for the disk.
    await client.query(
      `set synchronous_commit = off; set idle_session_timeout = ${silentMsMax}; listen ${channel}; listen ${lanesChannel}`,
    );
    return sessionOn(client, pid, { lost, clock: this.#clock });
  }
}

/** One query after another. A failed one ends the session, because its effect is unknown. */
function sessionOn(
  client: Client,
  pid: number,
  { lost, clock }: { readonly lost: AbortController; readonly clock: Clock },
): WireSession {
  let last: Promise<unknown> = Promise.resolve();
  let saidAt = clock.steady();
  return {
    pid,
    silentMs: () => clock.steady() - saidAt,
    query: async (text, values) => {
      saidAt = clock.steady();
      const answer = last.then(() => client.query<Readonly<Record<string, unknown>>>(text, [...values]));
      last = answer.catch(() => lost.abort());
      return (await answer).rows;
    },
  };
}

/** As many sagas as fit. */
function payloadOf({ participants, sagaIds, isShortened, requested, answered }: Notice): string {
  const fitting: string[] = [];
  const requests = [requested, answered];
  let bytes = Buffer.byteLength(JSON.stringify([participants, 1, ...requests]));
  for (const sagaId of sagaIds) {
    bytes += Buffer.byteLength(JSON.stringify(sagaId)) + 1;
    if (bytes > payloadBytesMax) return JSON.stringify([participants, fitting, 1, ...requests]);
    fitting.push(sagaId);
  }
  return JSON.stringify([participants, fitting, Number(isShortened), ...requests]);
}

/** A payload of another version that does not parse still is a hint that something was committed. */
function noticeOf(payload: string): Notice {
  try {
    const parsed: unknown = JSON.parse(payload);
    const parts: readonly unknown[] = Array.isArray(parsed) ? parsed : [];
    return {
      participants: texts(parts[0]),
      sagaIds: texts(parts[1]),
      isShortened: parts[2] !== 0,
      requested: texts(parts[3]),
      answered: texts(parts[4]),
    };
  } catch {
    return { ...noNotice, isShortened: true };
  }
}

function texts(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((text) => typeof text === "string") : [];
}
