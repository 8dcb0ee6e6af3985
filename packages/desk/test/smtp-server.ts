// A real SMTP server on a free port of the loopback, which keeps what it takes and refuses the addresses in
// `refused`.
import PostalMime, { type Email } from "postal-mime";
import { SMTPServer } from "smtp-server";

/** A message as it arrived. */
export interface Arrived {
  readonly from: string;
  readonly to: readonly string[];
  readonly raw: string;
  readonly mail: Email;
}

/** A server that runs until the end of the scope. */
export class TestSmtpServer implements AsyncDisposable {
  readonly #taken: Omit<Arrived, "mail">[] = [];
  /** Addresses that are refused. */
  readonly refused: Set<string> = new Set();
  /** Runs after a message was taken and before the client hears of it. */
  afterTaking: () => void = () => {};
  readonly #server: SMTPServer = new SMTPServer({
    authOptional: true,
    disabledCommands: ["STARTTLS", "AUTH"],
    onRcptTo: ({ address }, _session, callback) =>
      callback(this.refused.has(address) ? new Error("There is no such mailbox") : undefined),
    onData: (stream, { envelope }, callback) => {
      const chunks: Buffer[] = [];
      stream.on("data", (chunk: Buffer) => chunks.push(chunk));
      stream.on("end", () => {
        const { mailFrom, rcptTo } = envelope;
        this.#taken.push({
          from: mailFrom === false ? "" : mailFrom.address,
          to: rcptTo.map(({ address }) => address),
          raw: Buffer.concat(chunks).toString(),
        });
        this.afterTaking();
        callback();
      });
    },
  });

  /** What it took, read by a parser of mails. */
  arrived(): Promise<readonly Arrived[]> {
    return Promise.all(this.#taken.map(async (one) => ({ ...one, mail: await PostalMime.parse(one.raw) })));
  }

  /** Starts it and gives its URL. */
  async start(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, "127.0.0.1", resolve));
    const address = this.#server.server.address();
    return `smtp://127.0.0.1:${typeof address === "object" && address !== null ? address.port : 0}`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await new Promise<void>((resolve) => this.#server.close(resolve));
  }
}
