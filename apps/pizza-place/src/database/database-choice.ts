// Which database a program uses.

/** PostgreSQL where there is a URL, else the database embedded in the process. */
export interface DatabaseChoice {
  /** Where files are kept: the embedded database, and the address of the running process. */
  readonly dataFolder: string;
  /** A PostgreSQL URL; the embedded database unless given. */
  readonly url: string | undefined;
  /** The URL is the environment variable's, so that no command needs to name it. */
  readonly isFromEnvironment: boolean;
}
