// The saga canvas as a table: for a terminal, and as Markdown.
import { canvasOf, type CanvasStep, type Move, type StepTrigger } from "./canvas.ts";
import type { ChoreographyJson } from "../contract/json-form.ts";

const headings = [
  "step",
  "triggered by",
  "participant",
  "command and change",
  "publishes",
  "undone by",
] as const;

/** The canvas as text, a few lines per step. */
export function drawCanvas(choreography: ChoreographyJson): string {
  const canvas = canvasOf(choreography);
  const rows = canvas.steps.map((step) => cellsOf(step));
  const widths = headings.map((heading, index) =>
    Math.max(heading.length, ...rows.flatMap((row) => (row[index] ?? []).map((line) => line.length))),
  );
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, index) => cell.padEnd(widths[index] ?? 0))
      .join("  ")
      .trimEnd();
  const rule = widths.map((width) => "─".repeat(width)).join("  ");
  const body = rows.flatMap((cells, index) => [
    ...section(canvas.steps, index),
    ...Array.from({ length: Math.max(...cells.map((cell) => cell.length)) }, (_, at) =>
      line(cells.map((cell) => cell[at] ?? "")),
    ),
  ]);
  return [canvas.name, "", line(headings), rule, ...body, ""].join("\n");
}

const titles = { usual: "", otherwise: "otherwise:", never: "not reached from any command:" } as const;

function section(steps: readonly CanvasStep[], index: number): readonly string[] {
  const reached = steps[index]?.reached ?? "usual";
  return reached === (steps[index - 1]?.reached ?? "usual") ? [] : ["", titles[reached]];
}

/** The canvas as a Markdown table. */
export function markdownCanvas(choreography: ChoreographyJson): string {
  const canvas = canvasOf(choreography);
  const row = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;
  const rows = canvas.steps.map((step) =>
    row(cellsOf(step).map((lines) => lines.join("<br>").replaceAll("|", "\\|"))),
  );
  return [`# ${canvas.name}`, "", row(headings), row(headings.map(() => "---")), ...rows, ""].join("\n");
}

/** The six cells of a step, each as lines. */
function cellsOf(step: CanvasStep): readonly (readonly string[])[] {
  return [
    [String(step.number)],
    triggerLines(step),
    [step.participant],
    [...commandLines(step), ...changeLines(step.moves)],
    step.publishes,
    [step.compensatedBy.join(", ")],
  ];
}

function triggerLines({ trigger }: CanvasStep): readonly string[] {
  const [name = ""] = trigger.names;
  switch (trigger.kind) {
    case "command":
      return ["a command"];
    case "activity":
      return ["its answer"];
    case "deadline":
      return [`time (${name})`];
    case "event":
      return [name];
    case "join":
      return joinLines(trigger);
  }
}

function joinLines({ names, needed = names.length }: StepTrigger): readonly string[] {
  if (needed < names.length) return [`${needed} of ${names.length}:`, ...names];
  return names.map((one, index) => (index === 0 ? one : `+ ${one}`));
}

function commandLines({ trigger }: CanvasStep): readonly string[] {
  return trigger.kind === "command" || trigger.kind === "activity" ? trigger.names : [];
}

/** Changes with the same target together; partial states of a join go by that name. */
function changeLines(moves: readonly Move[]): readonly string[] {
  const byTarget = Map.groupBy(moves, ({ to }) => to);
  return [...byTarget].map(([to, some]) => {
    const from = new Set(some.map((move) => (move.joining ? "joining" : move.from)));
    return `${[...from].join(", ")} → ${to}`;
  });
}
