// PostgreSQL URLs as people write them: a malformed one is found before any part of it is printed.
import { QuadrilleError } from "../../../errors.ts";

/**
 * Throws `Q_DATABASE_URL_INVALID` for a text that is not a URL of a PostgreSQL database. A `/`, `#` or `?` in
 * a password ends the host's part early, and the rest of the password would be taken for a port or a name,
 * and printed.
 */
export function assertPostgresUrl(url: string): void {
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  const isPostgres = parsed !== undefined && /^postgres(ql)?:$/.test(parsed.protocol);
  if (isPostgres && parsed.hash === "" && !decodeURI(parsed.pathname).includes("@")) return;
  // The value stays out of the sentence: a password may be in it.
  throw new QuadrilleError(
    "Q_DATABASE_URL_INVALID",
    "The database URL cannot be read: write it as postgres://user:password@host:port/name, and in the password / as %2F, # as %23, ? as %3F, @ as %40.",
  );
}

/** Where the database is, without secrets, for messages. The URL must be one. */
export function databaseLabel(url: string): string {
  const { hostname, port, pathname } = new URL(url);
  return `PostgreSQL at ${hostname}:${port === "" ? "5432" : port}${pathname}`;
}
