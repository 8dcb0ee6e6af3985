// News between processes over LISTEN and NOTIFY, on a connection of its own: in the transaction of a flush, a notification
// cost two thirds of the throughput and a sync for each commit. Here it is a few milliseconds late, and many commits are
// told by one.
import { Socket } from "node:net";
import { Client, type ClientConfig } from "pg";
import type { Clock } from "../../../ambient/ambient.ts";
import { joined, localNews, type News, type Notice, type Teller } from "../../news.ts";

const channel = "quadrille";

/** The most often that a process tells: under load, hundreds of commits go into one notification. */
const tellMs = 20;

/** The pause before it is tried again where the connection is lost. */
const againMs = 1_000;

/** How often it is checked that the connection still answers: nothing comes over one that is dead. */
const checkMs = 15_000;

/** How long an answer may take. */
const answerMsMax = 3_000;

/** PostgreSQL takes payloads of less than 8,000 bytes. */
const payloadBytesMax = 7_900;

/**
 * News over a PostgreSQL server. It connects when the first engine joins; until then, and whenever the connection is lost,
 * nothing is told to other processes.
 */
export class Wire implements News, AsyncDisposable {
  readonly #config: ClientConfig;
  readonly #clock: Clock;
  /** The engines of this process, and the server as one more who tells and hears. */
  readonly #local = localNews();
  readonly #remote: Teller;
  readonly #stop = new AbortController();
  #client: Client | undefined;
  #running: Promise<void> | undefined;
  #waiting: Notice | undefined;
  #telling: Promise<void> | undefined;

  constructor(config: ClientConfig, clock: Clock) {
    this.#config = config;
    this.#clock = clock;
    this.#remote = this.#local.join((notice) => this.#pass(notice));
  }

  join(hear: (notice: Notice) => void): Teller {
    this.#running ??= this.#run();
    return this.#local.join(hear);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort();
    await Promise.all([this.#running, this.#telling]);
  }

  /** Where nothing is connected, nothing is kept: the others look from time to time. */
  #pass(notice: Notice): void {
    if (this.#client === undefined) return;
    this.#waiting = this.#waiting === undefined ? notice : joined(this.#waiting, notice);
    this.#telling ??= this.#tell();
  }

  async #tell(): Promise<void> {
    while (this.#waiting !== undefined && !this.#stop.signal.aborted) {
      const payload = payloadOf(this.#waiting);
      this.#waiting = undefined;
      await this.#client?.query("select pg_notify($1, $2)", [channel, payload]).catch(() => undefined);
      await this.#clock.sleep(tellMs, this.#stop.signal);
    }
    this.#telling = undefined;
  }

  async #run(): Promise<void> {
    while (!this.#stop.signal.aborted) {
      await this.#connected().catch(() => undefined);
      await this.#clock.sleep(againMs, this.#stop.signal);
    }
  }

  /** Connects, and resolves or rejects when the connection is lost. */
  async #connected(): Promise<void> {
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
      await this.#listen(client);
      const over = AbortSignal.any([this.#stop.signal, lost.signal]);
      while (!over.aborted) {
        await this.#clock.sleep(checkMs, over);
        if (!over.aborted) await client.query("select 1");
      }
    } finally {
      this.#client = undefined;
      this.#stop.signal.removeEventListener("abort", close);
      close();
    }
  }

  async #listen(client: Client): Promise<void> {
    const { rows } = await client.query<{ pid: number }>("select pg_backend_pid() as pid");
    client.on("notification", ({ processId, payload }) => {
      if (processId !== rows[0]?.pid) this.#remote.tell(noticeOf(payload ?? ""));
    });
    // What is told may be lost, so no commit of a notification waits for the disk.
    await client.query(`set synchronous_commit = off; listen ${channel}`);
    this.#client = client;
  }
}

/** As many sagas as fit. */
function payloadOf({ participants, sagaIds, isShortened }: Notice): string {
  const told: string[] = [];
  let bytes = Buffer.byteLength(JSON.stringify([participants, 1]));
  for (const sagaId of sagaIds) {
    bytes += Buffer.byteLength(JSON.stringify(sagaId)) + 1;
    if (bytes > payloadBytesMax) return JSON.stringify([participants, told, 1]);
    told.push(sagaId);
  }
  return JSON.stringify([participants, told, Number(isShortened)]);
}

/** What another version may have told otherwise is a hint that something was committed. */
function noticeOf(payload: string): Notice {
  try {
    const parsed: unknown = JSON.parse(payload);
    const told: readonly unknown[] = Array.isArray(parsed) ? parsed : [];
    return { participants: texts(told[0]), sagaIds: texts(told[1]), isShortened: told[2] !== 0 };
  } catch {
    return { participants: [], sagaIds: [], isShortened: true };
  }
}

function texts(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((text) => typeof text === "string") : [];
}
