// docs/reference/errors.md: every operating error code, what it means and what to do.
import { errorAdvice, errorCodes } from "../../packages/quadrille/src/errors.ts";
import { page } from "./markdown.ts";

const trying = {
  yes: "Trying again may help.",
  no: "Trying again does not help.",
  sometimes: "Whether trying again may help, the error says: `retryable`.",
} as const;

/** `reference/errors.md`. */
export function errorsPage(): string {
  const advice = new Map(Object.entries(errorAdvice));
  const parts = Object.entries(errorCodes).flatMap(([code, means]) => {
    const { retryable, fix } = advice.get(code) ?? { retryable: "no" as const, fix: "" };
    return [`## ${code}`, means, `${trying[retryable]} ${fix}`];
  });
  return page(
    "Errors",
    `What can go wrong in operation, by code. An error has its \`code\`, says in \`message\` what happened to what and what
to do next, and in \`retryable\` whether the same call may succeed later. Match on \`code\`: it never changes its
meaning. A parked message has the code too: \`quadrille parked\` shows it. \`quadrille explain CODE\` says
what stands here.`,
    `A refusal by the business is no error but an outcome, and a command that meets a state which does not take it gets an
answer that says so. What a contract does wrong has codes of its own: see [the findings](findings/README.md).`,
    ...parts,
  );
}
