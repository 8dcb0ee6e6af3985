// The map of a choreography: for a terminal, one column per participant and one line per event; and as a
// Mermaid flowchart.
import { isElsewhere, withElsewhere } from "../contract/json/elsewhere.ts";
import { canvasOf } from "./canvas.ts";
import { graphOf, type Graph } from "./graph.ts";
import type { ChoreographyJson } from "../contract/json-form.ts";

/** One line of the map: a command or an event from one producer. */
interface Line {
  readonly label: string;
  /** The producer's column; for a command there is none. */
  readonly from: number | undefined;
  readonly to: readonly number[];
  readonly note: string;
}

/** The map as text: who publishes (`●`) and who takes (`▶`, `◀`) what, in the order of the canvas. */
export function drawMap(given: ChoreographyJson): string {
  const choreography = withElsewhere(given);
  const graph = graphOf(choreography);
  const lines = linesOf(choreography, graph);
  const labelWidth = Math.max(0, ...lines.map(({ label }) => label.length)) + 2;
  const columns = columnsOf(graph.participants, labelWidth);
  const head = columns.reduce((text, { name, start }) => text.padEnd(start) + name, "").trimEnd();
  const drawn = lines.map((line) =>
    drawLine(
      line,
      columns.map(({ at }) => at),
    ),
  );
  return [graph.name, "", head, ...drawn, "", "● publishes   ▶ ◀ takes   ▷ is public", ""].join("\n");
}

interface MapColumn {
  readonly name: string;
  /** Where the name begins. */
  readonly start: number;
  /** Where the column's line runs: the middle of the name. */
  readonly at: number;
}

function columnsOf(names: readonly string[], indent: number): readonly MapColumn[] {
  const columns: MapColumn[] = [];
  let start = indent + 3;
  for (const name of names) {
    columns.push({ name, start, at: start + Math.floor(name.length / 2) });
    start += Math.max(name.length, 8) + 3;
  }
  return columns;
}

function linesOf(choreography: ChoreographyJson, graph: Graph): readonly Line[] {
  const column = (name: string): number => graph.participants.indexOf(name);
  const { steps } = canvasOf(choreography);
  const drawn = new Set<string>();
  return steps.flatMap(({ participant, trigger, publishes }) => {
    const lines: Line[] = [];
    const isFromElsewhere = isElsewhere(
      choreography.participants[participant] ?? { initial: "", states: {} },
    );
    if (trigger.kind === "command" && !isFromElsewhere) {
      const [label = ""] = trigger.names;
      lines.push({
        label,
        from: undefined,
        to: [column(participant)],
        note: budgetNote(choreography, label),
      });
    }
    for (const event of publishes) {
      const id = JSON.stringify([participant, event]);
      if (!drawn.has(id)) lines.push(eventLine(graph, { event, participant, column }));
      drawn.add(id);
    }
    return lines;
  });
}

function eventLine(
  graph: Graph,
  {
    event,
    participant,
    column,
  }: { readonly event: string; readonly participant: string; readonly column: (name: string) => number },
): Line {
  const edges = graph.edges.filter((edge) => edge.event === event && edge.producer === participant);
  const open = graph.open.find((one) => one.event === event && one.producer === participant);
  const openNote = open?.public === true ? "▷" : "no subscriber";
  const note = open === undefined ? "" : openNote;
  return {
    label: event,
    from: column(participant),
    to: edges.map(({ subscriber }) => column(subscriber)),
    note,
  };
}

function budgetNote({ commands }: ChoreographyJson, command: string): string {
  const budget = commands[command] ?? 1;
  return budget === 1 ? "" : `(${budget === "unbounded" ? "any number of times" : `${budget} times`})`;
}

function drawLine({ label, from, to, note }: Line, columns: readonly number[]): string {
  const cells = Array.from<string>({ length: (columns.at(-1) ?? 0) + 1 }).fill(" ");
  for (const at of columns) cells[at] = "│";
  const ends = [...to, from ?? -1].map((index) => columns[index] ?? 0);
  const left = from === undefined ? 0 : Math.min(...ends);
  for (let at = left; at <= Math.max(...ends); at++) cells[at] = cells[at] === "│" ? "┼" : "─";
  for (const index of to) cells[columns[index] ?? 0] = from !== undefined && index < from ? "◀" : "▶";
  if (from !== undefined) cells[columns[from] ?? 0] = to.includes(from) ? "◉" : "●";
  const begin = ` ${label} `;
  const rest = cells.join("").slice(begin.length);
  return `${begin}${rest}${note === "" ? "" : `  ${note}`}`.trimEnd();
}

/** The map as a Mermaid flowchart. */
export function mermaidMap(given: ChoreographyJson): string {
  const choreography = withElsewhere(given);
  const graph = graphOf(choreography);
  const id = (name: string): string => `p${graph.participants.indexOf(name)}`;
  const pairs = Map.groupBy(graph.edges, ({ producer, subscriber }) => `${id(producer)} ${id(subscriber)}`);
  const outside = Map.groupBy(
    graph.open.filter((one) => one.public),
    ({ producer }) => id(producer),
  );
  return [
    "flowchart LR",
    ...graph.participants.map((name) => `  ${id(name)}["${escaped(name)}"]`),
    ...graph.commands.map(
      ({ command, participant }, index) => `  c${index}(["${escaped(command)}"]) --> ${id(participant)}`,
    ),
    ...[...pairs].map(([pair, edges]) => {
      const [from, to] = pair.split(" ");
      return `  ${from} -- "${edges.map(({ event }) => escaped(event)).join("<br>")}" --> ${to}`;
    }),
    ...[...outside].map(([from, events]) => {
      return `  ${from} -. "${events.map(({ event }) => escaped(event)).join("<br>")}" .-> outside((outside))`;
    }),
    "",
  ].join("\n");
}

/** Text inside a quoted Mermaid label. */
function escaped(text: string): string {
  return text
    .replaceAll("&", "#amp;")
    .replaceAll('"', "#quot;")
    .replaceAll("<", "#lt;")
    .replaceAll(">", "#gt;");
}
