// Asks a server what its sessions are doing, cancels that, and ends those whose connections were given up.
import { Client, type ClientConfig, DatabaseError } from "pg";
import type { AskServer, Session } from "./liveness.ts";

/**
 * The longest wait for a connection, and for the answer: a server that is well answers within milliseconds.
 */
const askMsMax = 2_000;

/**
 * Asks over a new connection each time: an old one may be as dead as what it is asked about. A session that
 * waits for its client is idle: it has answered, or has received only half of a message.
 */
export function askServer(config: ClientConfig): AskServer {
  return async (sessions) => {
    const client = new Client({ ...config, connectionTimeoutMillis: askMsMax, query_timeout: askMsMax });
    client.on("error", () => undefined);
    try {
      await client.connect();
      const { rows } = await client.query<{ pid: number }>(
        `select pid from pg_stat_activity
         where ${isOneOf(1)} and state = 'active' and wait_event_type is distinct from 'Client'`,
        parametersOf(sessions),
      );
      return new Set(rows.map(({ pid }) => pid));
    } catch (error) {
      // It answers, and cannot say: no connection is free, or it is starting.
      if (error instanceof DatabaseError) return "no verdict";
      throw error;
    } finally {
      void client.end().catch(() => undefined);
    }
  };
}

/**
 * Cancels what a session is doing, over a new connection. When it has resolved, the server has sent
 * the session its signal, so that no later statement is cancelled.
 */
export function canceller(config: ClientConfig): (session: Session) => Promise<void> {
  return async (session) => {
    const client = new Client({ ...config, connectionTimeoutMillis: askMsMax, query_timeout: askMsMax });
    client.on("error", () => undefined);
    try {
      await client.connect();
      const text = `select pg_cancel_backend(pid) from pg_stat_activity where ${isOneOf(1)}`;
      await client.query(text, parametersOf([session]));
    } finally {
      void client.end().catch(() => undefined);
    }
  };
}

/** The statement that ends sessions: a server keeps one whose client is gone for hours, with its locks. */
export function endSessions(sessions: readonly Session[]): { readonly text: string; values: unknown[] } {
  const text = `select pg_terminate_backend(pid) from pg_stat_activity where ${isOneOf(1)}`;
  return { text, values: parametersOf(sessions) };
}

function isOneOf(first: number): string {
  return `(pid, backend_start::text) in (select * from unnest($${first}::integer[], $${first + 1}::text[]))`;
}

function parametersOf(sessions: readonly Session[]): unknown[] {
  return [sessions.map(({ pid }) => pid), sessions.map(({ began }) => began)];
}
