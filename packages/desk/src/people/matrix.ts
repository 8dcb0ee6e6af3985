// The stakeholder matrix: influence upwards, impact to the right, each from 1 to 5; in the terminal and as
// SVG.
import type { Stakeholder } from "./stakeholder.ts";

/** How to treat the people of a quarter of the matrix. */
export const quadrants = {
  "engage closely": { influence: "high", impact: "high" },
  "keep satisfied": { influence: "high", impact: "low" },
  "keep informed": { influence: "low", impact: "high" },
  monitor: { influence: "low", impact: "low" },
} as const;
/** How to treat a stakeholder. */
export type Quadrant = keyof typeof quadrants;

type Placed = Pick<Stakeholder, "id" | "name" | "influence" | "impact">;

/** High begins here: 4 and 5 are high, 3 is not yet. */
const highFrom = 4;

/** How to treat a stakeholder. */
export function quadrantOf({ influence, impact }: Pick<Stakeholder, "influence" | "impact">): Quadrant {
  if (influence >= highFrom) return impact >= highFrom ? "engage closely" : "keep satisfied";
  return impact >= highFrom ? "keep informed" : "monitor";
}

const levels = [1, 2, 3, 4, 5] as const;

function cellsOf<One extends Placed>(all: readonly One[]): ReadonlyMap<string, readonly One[]> {
  return Map.groupBy(all, ({ influence, impact }) => `${influence} ${impact}`);
}

/** The matrix as text, about 90 columns wide; each cell names two people and counts the others. */
export function matrixText(all: readonly Placed[]): string {
  const cells = cellsOf(all);
  const width = 16;
  const border = `           +${levels.map(() => "-".repeat(width)).join("+")}+`;
  const rows = levels.toReversed().flatMap((influence) => {
    const lines = levels.map((impact) => cellLines(cells.get(`${influence} ${impact}`) ?? []));
    return [0, 1, 2]
      .map((line) => {
        const label =
          line === 1 ? `${influence === 3 ? "influence" : "         "} ${influence}` : " ".repeat(11);
        return `${label}|${lines.map((cell) => cut(cell[line] ?? "", width).padEnd(width)).join("|")}|`;
      })
      .concat(border);
  });
  const feet = levels
    .map((impact) =>
      String(impact)
        .padStart(width / 2)
        .padEnd(width),
    )
    .join(" ");
  const counts = Object.keys(quadrants).map(
    (name) => `${name} ${all.filter((one) => quadrantOf(one) === name).length}`,
  );
  return [
    border,
    ...rows,
    `${" ".repeat(12)}${feet}`.trimEnd(),
    `${" ".repeat(50)}impact`,
    "",
    counts.join(", "),
  ].join("\n");
}

function cellLines(cell: readonly Placed[]): readonly string[] {
  const names = cell.map(({ id }) => ` ${id}`);
  return names.length <= 3 ? names : [...names.slice(0, 2), ` and ${names.length - 2} more`];
}

function cut(text: string, width: number): string {
  return text.length <= width ? text : `${text.slice(0, width - 1)}…`;
}

const cellPx = 150;
const left = 70;
const top = 64;
const tints: Readonly<Record<Quadrant, string>> = {
  "engage closely": "#dbe4ff",
  "keep satisfied": "#fff3bf",
  "keep informed": "#d3f9d8",
  monitor: "#f1f3f5",
};

/** The matrix as an SVG picture; each cell names up to five people and counts the others. */
export function matrixSvg(all: readonly Placed[], title: string): string {
  const cells = cellsOf(all);
  const side = levels.length * cellPx;
  const [width, height] = [left + side + 30, top + side + 70];
  const squares = levels.flatMap((influence) =>
    levels.map((impact) => square({ influence, impact }, cells.get(`${influence} ${impact}`) ?? [])),
  );
  const text = ([x, y]: readonly [number, number], words: string, more = ""): string =>
    `<text x="${x}" y="${y}" ${more}>${escapeXml(words)}</text>`;
  const bottom = top + side;
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="system-ui, 'Segoe UI', Helvetica, Arial, sans-serif" fill="#1f2328" font-size="13">
<title>${escapeXml(title)}</title>
<rect width="100%" height="100%" fill="#ffffff"/>
${text([left, 34], title, 'font-size="18" font-weight="600"')}
${squares.join("\n")}
${corners(bottom)}
${levels.map((level) => text([left - 18, bottom - (level - 0.5) * cellPx], String(level), 'text-anchor="middle" fill="#59636e"')).join("\n")}
${levels.map((level) => text([left + (level - 0.5) * cellPx, bottom + 22], String(level), 'text-anchor="middle" fill="#59636e"')).join("\n")}
${text([left + side / 2, bottom + 48], "impact on them", 'text-anchor="middle" font-weight="600"')}
${text([0, 0], "influence", `text-anchor="middle" font-weight="600" transform="translate(26 ${top + side / 2}) rotate(-90)"`)}
</svg>
`;
}

function corners(bottom: number): string {
  const right = left + levels.length * cellPx;
  const places: readonly (readonly [Quadrant, number, number, string])[] = [
    ["keep satisfied", left + 10, top + 20, "start"],
    ["engage closely", right - 10, top + 20, "end"],
    ["monitor", left + 10, bottom - 10, "start"],
    ["keep informed", right - 10, bottom - 10, "end"],
  ];
  return places
    .map(
      ([name, x, y, anchor]) =>
        `<text x="${x}" y="${y}" text-anchor="${anchor}" fill="#59636e" font-size="11" font-weight="600" letter-spacing="0.6">${name.toUpperCase()}</text>`,
    )
    .join("\n");
}

function square(
  at: { readonly influence: number; readonly impact: number },
  people: readonly Placed[],
): string {
  const x = left + (at.impact - 1) * cellPx;
  const y = top + (levels.length - at.influence) * cellPx;
  const shown = people.length <= 5 ? people : people.slice(0, 4);
  const rest = people.length - shown.length;
  const names = [...shown.map(({ name }) => name), ...(rest > 0 ? [`and ${rest} more`] : [])];
  const lines = names.map(
    (name, index) => `<tspan x="${x + 10}" y="${y + 42 + index * 18}">${escapeXml(cut(name, 20))}</tspan>`,
  );
  return `<rect x="${x}" y="${y}" width="${cellPx}" height="${cellPx}" fill="${tints[quadrantOf(at)]}" stroke="#ffffff" stroke-width="3"/><text>${lines.join("")}</text>`;
}

function escapeXml(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}
