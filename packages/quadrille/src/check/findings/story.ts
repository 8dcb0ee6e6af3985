// Shows a path: as numbered sentences, and as a Mermaid sequence diagram in which a message has its number
// when published.
import { gaveUpChoice } from "../../contract/json-form.ts";
import { elsewhereState } from "../../contract/json/elsewhere.ts";
import { listed, type PathStep } from "../model/finding.ts";

/** A message of a path, numbered in the order of publication. */
export interface StoryMessage {
  readonly number: number;
  readonly event: string;
  readonly from: string;
  /** The subscriber's entity; empty for an event without a subscriber. */
  readonly to: string;
  readonly saga: number;
}

/** One step with the messages that it takes and publishes. */
export interface NumberedStep {
  readonly step: PathStep;
  readonly takes: StoryMessage | undefined;
  /** Older messages to the same entity that are still on their way. */
  readonly overtakes: readonly StoryMessage[];
  readonly publishes: readonly StoryMessage[];
}

/**
 * Numbers the messages of a path. Of equal messages the oldest is taken first, because a bag does not
 * distinguish them.
 */
export function numberMessages(path: readonly PathStep[]): NumberedStep[] {
  let number = 0;
  let pending: readonly StoryMessage[] = [];
  return path.map((step): NumberedStep => {
    const isMessage = step.kind === "event" || step.kind === "stuck" || step.kind === "deferred";
    const takes = isMessage ? pending.find((one) => isTakenBy(one, step)) : undefined;
    const overtakes =
      takes === undefined ? [] : pending.filter((one) => one.to === takes.to && one.number < takes.number);
    const staysThere = !step.takes || step.kind === "deferred";
    if (takes !== undefined && !staysThere) pending = pending.filter((one) => one !== takes);
    const published = step.publishes.flatMap(({ event, to }): StoryMessage[] =>
      (to.length === 0 ? [""] : to).map((entity) => ({
        number: ++number,
        event,
        from: step.entity,
        to: entity,
        saga: step.saga,
      })),
    );
    pending = [...pending, ...published];
    return { step, takes, overtakes, publishes: published };
  });
}

function isTakenBy(message: StoryMessage, step: PathStep): boolean {
  return message.event === step.trigger && message.to === step.entity && message.saga === step.saga;
}

/** The path as numbered lines, one for each step. */
export function story(path: readonly PathStep[]): string {
  return numberMessages(path)
    .map((one, index) => `${String(index + 1).padStart(String(path.length).length)}. ${sentence(one)}`)
    .join("\n");
}

const faultWords: Readonly<Record<NonNullable<PathStep["fault"]>, string>> = {
  duplicate: " (fault: the message stays, to be taken a second time)",
  lost: " (fault: the emissions are lost)",
  early: " (fault: the emissions leave, the state rolls back)",
  effect: " (fault: the outside call happened, the transaction did not)",
};

function sentence({ step, takes, overtakes, publishes }: NumberedStep): string {
  const { entity, trigger, from, to, choice, kind, fault } = step;
  const message = takes === undefined ? trigger : `${trigger} #${takes.number}`;
  const passing =
    overtakes.length === 0 ? "" : `, which overtakes ${listed(overtakes.map((one) => `#${one.number}`))}`;
  // The clause is closed by a comma where the sentence goes on; a colon closes it by itself.
  const beforeAnd = passing === "" ? "" : `${passing},`;
  const answer = choice === undefined || isOutcomeImplied(step) ? "" : ` and answers ${choice}`;
  const move = from === to ? ` and stays ${from}` : `: ${from} → ${to}`;
  const says = publishes.map((one) => `${one.event} #${one.number}${one.to === "" ? "" : ` to ${one.to}`}`);
  const counts = tallyWords(step).map((words) => `, ${words}`);
  const tail = `${says.length === 0 ? "" : `, publishes ${says.join(", ")}`}${counts.join("")}${fault === undefined ? "" : faultWords[fault]}`;
  if (from === elsewhereState) return `${entity} publishes ${says.join(", ")}`;
  if (kind === "stuck") return `${entity} in ${from} gets ${message}${beforeAnd} and cannot go on`;
  if (kind === "deferred") return `${entity} in ${from} defers ${message}`;
  const clause = answer === "" && from !== to ? passing : beforeAnd;
  return `${entity} ${doing(step, message)}${clause}${answer}${move}${tail}`;
}

/** What a step does to tallies, each in words. */
function tallyWords({ tally = {} }: PathStep): readonly string[] {
  return Object.entries(tally).flatMap(([name, change]) => {
    if (change === 0) return [];
    return [change > 0 ? `adds ${change} to ${name}` : `takes ${-change} from ${name}`];
  });
}

/** Whether the verb already says the outcome: "gives charge up". */
function isOutcomeImplied({ gaveUp, choice }: PathStep): boolean {
  return gaveUp === true && choice === gaveUpChoice;
}

function doing({ kind, trigger, gaveUp }: PathStep, message: string): string {
  if (gaveUp === true) return `gives ${trigger} up`;
  if (kind === "command") return `receives ${trigger}`;
  if (kind === "deadline") return `reaches the deadline ${trigger}`;
  return kind === "activity" ? `has the result of ${trigger}` : `takes ${message}`;
}

/** The path as a Mermaid sequence diagram: numbers at publication, arrows at delivery. */
export function sequenceDiagram(path: readonly PathStep[]): string {
  const steps = numberMessages(path);
  const entities = [
    ...new Set(steps.flatMap(({ step, publishes }) => [step.entity, ...publishes.map(({ to }) => to)])),
  ].filter((name) => name !== "");
  const id = (entity: string): string => `p${entities.indexOf(entity)}`;
  const lines = [
    "sequenceDiagram",
    ...entities.map((entity) => `  participant ${id(entity)} as ${plain(entity)}`),
  ];
  for (const one of steps) lines.push(...diagramLines(one, id));
  return `${lines.join("\n")}\n`;
}

function diagramLines(
  { step, takes, overtakes, publishes }: NumberedStep,
  id: (entity: string) => string,
): string[] {
  const { entity, trigger, kind, from, to, choice, fault } = step;
  const own = id(entity);
  const passing =
    overtakes.length === 0 ? "" : `, overtakes ${overtakes.map((one) => `#${one.number}`).join(" ")}`;
  if (from === elsewhereState)
    return [
      `  note over ${own}: publishes ${publishes.map((one) => `${plain(one.event)} #${one.number}`).join(", ")}`,
    ];
  const lines =
    takes === undefined
      ? [`  ${own}->>${own}: ${kind} ${plain(trigger)}`]
      : [
          `  ${id(takes.from)}${kind === "stuck" ? "-x" : "->>"}${own}: ${plain(trigger)} #${takes.number}${passing}`,
        ];
  const moved = from === to ? from : `${from} → ${to}`;
  const words = [kind === "stuck" ? `${from}, cannot go on` : moved];
  if (choice !== undefined) words.unshift(choice);
  if (kind === "deferred") words.push("deferred");
  if (fault !== undefined) words.push(`fault: ${fault}`);
  const says = publishes.map((one) => `${one.event} #${one.number}`);
  if (says.length > 0) words.push(`publishes ${says.join(", ")}`);
  words.push(...tallyWords(step));
  return [...lines, `  note over ${own}: ${plain(words.join(", "))}`];
}

/** Mermaid ends a text at a semicolon or a hash; both are written as entities. */
function plain(text: string): string {
  return text.replaceAll(";", "#59;").replaceAll("\n", " ");
}
