// `quadrille explain`: what a code means, or everything a choreography says about an event, command,
// activity, deadline, participant, state, end or forbidden combination.
import {
  type EventExplanation,
  explainEvent,
  explainName,
  explanationText,
  type NameExplanation,
  nameText,
} from "quadrille/draw";
import { findingCatalog, wellFormedRules } from "quadrille/check";
import type { ChoreographyJson } from "quadrille";
import { errorAdvice, errorCodes } from "quadrille/tooling";
import { type ChoreographyOption, chosenWhole } from "../read/choreography-option.ts";
import type { Terminal } from "../terminal/terminal.ts";
import { type ExitCode, exitCodes, UserError } from "../terminal/user-error.ts";
import { visibleIn } from "../terminal/visible.ts";

/**
 * Explains a code of the checker (P…), of well-formedness (W…) or of the engine (Q_…), or else a name of the
 * choreography.
 */
export async function explainCommand(
  what: string,
  options: ChoreographyOption & { readonly json?: true },
  terminal: Terminal,
): Promise<ExitCode> {
  const code = explainCode(what);
  if (code !== undefined) {
    terminal.out(options.json === true ? `${JSON.stringify(code, undefined, 2)}\n` : codeText(code));
    return exitCodes.ok;
  }
  if (/^([PW]\d+[a-c]?|Q_\w+)$/i.test(what)) throw new UserError(`There is no code ${what}: ${codesText()}.`);
  const { file, json } = await chosenWhole(options, terminal);
  const { value, text } = explained(json, what) ?? {};
  if (value === undefined) {
    throw new UserError(
      `${file} has no event, command, activity, deadline, participant, state, end or forbidden combination ${what}, and it is no code: ${codesText()}.`,
    );
  }
  terminal.out(`${options.json === true ? JSON.stringify(value, undefined, 2) : text}\n`);
  return exitCodes.ok;
}

/** What the choreography says about a name; an event comes first. */
function explained(
  json: ChoreographyJson,
  what: string,
): { readonly value: EventExplanation | NameExplanation; readonly text: string } | undefined {
  const event = explainEvent(json, what);
  if (event !== undefined) return { value: event, text: explanationText(visibleIn(event)) };
  const name = explainName(json, what);
  return name === undefined ? undefined : { value: name, text: nameText(visibleIn(name)) };
}

interface CodeExplanation {
  readonly code: string;
  readonly severity: string;
  readonly title: string;
  readonly more: readonly string[];
}

function explainCode(what: string): CodeExplanation | undefined {
  const property = Object.entries(findingCatalog).find(([code]) => code.toUpperCase() === what.toUpperCase());
  if (property !== undefined) {
    const [code, { name, severity, holds, fix }] = property;
    return { code, severity, title: `${name}.`, more: [`Holds: ${holds}.`, fix] };
  }
  const rule = Object.entries(wellFormedRules).find(([code]) => code === what.toUpperCase());
  if (rule !== undefined)
    return { code: rule[0], severity: rule[1].severity, title: rule[1].title, more: [rule[1].fix] };
  const advice = Object.entries(errorAdvice).find(([code]) => code === what.toUpperCase());
  if (advice === undefined) return undefined;
  const [code, { retryable, fix }] = advice;
  const again = { yes: "may", no: "does not", sometimes: "may, as the error says," }[retryable];
  const [, title = ""] = Object.entries(errorCodes).find(([one]) => one === code) ?? [];
  return { code, severity: "operating error", title, more: [`Trying again ${again} help.`, fix] };
}

function codeText({ code, severity, title, more }: CodeExplanation): string {
  return [`${code} (${severity}): ${title}`, ...more.map((line) => `  ${line}`), ""].join("\n");
}

function codesText(): string {
  const [properties, rules] = [Object.keys(findingCatalog), Object.keys(wellFormedRules)];
  return `there are ${properties[0]} to ${properties.at(-1)}, ${rules[0]} to ${rules.at(-1)}, and the Q_ codes of errors`;
}
