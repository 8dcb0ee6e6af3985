// The statements that a handler may not use: those that end its transaction, or change or end its session. A
// statement is sent alone, because the extended protocol takes no second one, so its first word identifies
// it.

const ofTransactions = ["begin", "start", "commit", "end", "rollback", "abort", "savepoint", "release"];
const ofSessions = ["set", "reset", "discard", "listen", "unlisten", "prepare", "deallocate"];
const control = new Set([...ofTransactions, ...ofSessions]);

/** White space and comments before the first word, comments nested as in PostgreSQL. */
function skipped(text: string): string {
  let rest = text.trimStart();
  for (;;) {
    if (rest.startsWith("--")) rest = afterLine(rest).trimStart();
    else if (rest.startsWith("/*")) rest = afterComment(rest).trimStart();
    else if (rest.startsWith(";")) rest = rest.slice(1).trimStart();
    else return rest;
  }
}

/** The server ends a line at either of the two. */
function afterLine(text: string): string {
  const end = text.search(/[\n\r]/);
  return end < 0 ? "" : text.slice(end);
}

function afterComment(text: string): string {
  let depth = 0;
  for (let index = 0; index < text.length; index += 1) {
    const two = text.slice(index, index + 2);
    if (two !== "/*" && two !== "*/") continue;
    depth += two === "/*" ? 1 : -1;
    index += 1;
    if (depth === 0) return text.slice(index + 1);
  }
  return "";
}

/**
 * The first words of a text that is a control statement; otherwise `undefined`. `set local` is allowed. So is
 * `copy` with a file; the driver has no stream for the others, and loses the connection.
 */
export function controlWord(text: string): string | undefined {
  const [first = "", second = ""] = skipped(text)
    .toLowerCase()
    .split(/[^a-z]+/, 2);
  if (first === "copy" && /\bstd(in|out)\b/i.test(text)) return "copy with stdin or stdout";
  if (!control.has(first)) return undefined;
  return first === "set" && second === "local" ? undefined : first;
}
