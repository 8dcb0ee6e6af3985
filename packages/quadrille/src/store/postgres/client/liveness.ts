// Detects a half-open connection: the network drops everything, or the server's process hangs. TCP does not
// report that for hours. A slow statement does not prove it, because of large flushes, locks and slow disks.
// So the server is asked over another connection what the session is doing.
import type { Client, ClientBase } from "pg";
import type { Clock } from "../../../ambient/ambient.ts";

/** A server's session behind a connection. */
export interface Session {
  readonly pid: number;
  /** When it began, as the server writes it: process ids come again. */
  readonly began: string;
}

/**
 * The sessions that are executing a statement, as the server reports. Rejects if the server cannot be
 * reached.
 */
export type AskServer = (sessions: readonly Session[]) => Promise<ReadonlySet<number> | "no verdict">;

/** Without an answer to a statement for this long, the server is asked. */
const silentMsMax = 3_000;

/** How often statements without an answer are checked. */
const lookMs = 1_000;

interface SentStatement {
  readonly client: ClientBase;
  readonly at: number;
  /** The server has reported once that the session is idle: the answer may be on its way. */
  isSuspect: boolean;
}

/** Watches the statements of one pool. */
export class Liveness {
  readonly #clock: Clock;
  readonly #ask: AskServer;
  readonly #sessions = new WeakMap<ClientBase, Session>();
  readonly #sent = new Set<SentStatement>();
  readonly #answeredAt = new WeakMap<ClientBase, number>();
  #lost: Session[] = [];
  #lostAt = Number.NEGATIVE_INFINITY;
  #isLooking = false;

  constructor(clock: Clock, ask: AskServer) {
    this.#clock = clock;
    this.#ask = ask;
  }

  /** Says which session a new connection has. */
  began(client: ClientBase, session: Session): void {
    this.#sessions.set(client, session);
  }

  /**
   * Sessions whose connections were given up since the last time: the server may still keep them, with their
   * locks.
   */
  takeLost(): readonly Session[] {
    const lost = this.#lost;
    this.#lost = [];
    return lost;
  }

  /** Whether a connection that was idle has answered since another one was lost, or is new. */
  isTrusted(client: ClientBase): boolean {
    return (this.#answeredAt.get(client) ?? Number.POSITIVE_INFINITY) >= this.#lostAt;
  }

  /**
   * Waits for what is under way on a connection. Rejects as a lost connection does when the server does not
   * answer.
   */
  async answered<T>(client: ClientBase, work: Promise<T>): Promise<T> {
    const sent = { client, at: this.#clock.steady(), isSuspect: false };
    this.#sent.add(sent);
    if (!this.#isLooking) void this.#look();
    try {
      return await work;
    } finally {
      this.#sent.delete(sent);
      this.#answeredAt.set(client, this.#clock.steady());
    }
  }

  /** The session of a connection that has begun here. */
  sessionOf(client: ClientBase): Session | undefined {
    return this.#sessions.get(client);
  }

  /**
   * Gives up a connection with a statement under way: the driver closes the socket at once, the statement
   * rejects and the pool drops the connection. The server's session is ended over the next new connection.
   */
  close(client: ClientBase): void {
    this.#lostAt = this.#clock.steady();
    const session = this.#sessions.get(client);
    if (session !== undefined) this.#lost.push(session);
    void endOf(client);
  }

  /** Gives up all connections that wait for an answer. */
  giveUp(): void {
    for (const { client } of this.#sent) this.close(client);
  }

  /** It never rejects, and ends when no statement is under way. */
  async #look(): Promise<void> {
    this.#isLooking = true;
    const { signal } = new AbortController();
    while (this.#sent.size > 0) {
      await this.#clock.sleep(lookMs, signal);
      const before = this.#clock.steady() - silentMsMax;
      const silent = [...this.#sent].filter(({ at }) => at < before);
      if (silent.length > 0) await this.#judge(silent);
    }
    this.#isLooking = false;
  }

  async #judge(silent: readonly SentStatement[]): Promise<void> {
    const sessions = silent.flatMap(({ client }) => this.#sessions.get(client) ?? []);
    const working = await this.#ask(sessions).catch(() => "unreachable" as const);
    if (working === "no verdict") return;
    for (const sent of silent) {
      // It may have been answered meanwhile.
      if (!this.#sent.has(sent)) continue;
      const pid = this.#sessions.get(sent.client)?.pid;
      const isSilent = working === "unreachable" || pid === undefined || !working.has(pid);
      if (isSilent && (sent.isSuspect || working === "unreachable")) this.close(sent.client);
      sent.isSuspect = isSilent;
    }
  }
}

/** Closes a connection: with a statement under way at once, without waiting for the server. */
export function endOf(client: ClientBase): Promise<void> {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- every ClientBase is a Client; its types leave `end` out
  return (client as unknown as Client).end();
}
