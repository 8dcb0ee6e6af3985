// The costs of several runs as a picture (SVG): how they grew over the year, and what they consist of.
import { type DayCosts, type Outcome } from "./simulate.ts";
import { dayTotal, parts, type Summary } from "./summary.ts";

/** A run to draw. */
export interface PlottedRun {
  readonly name: string;
  readonly outcome: Outcome;
  readonly summary: Summary;
}

/** What stands around the picture. */
export interface PlotTexts {
  readonly title: string;
  readonly currency: string;
}

const width = 900;
const height = 430;
const growth = { left: 70, top: 70, width: 420, height: 300 } as const;
const bars = { left: 600, top: 70, width: 270, height: 300 } as const;
/**
 * Lines have other colours than the parts, which are Okabe and Ito's, distinct for the colour-blind too.
 */
const lineColors = ["#0072b2", "#333333", "#8c6d31", "#7a4fb3"] as const;
const partColors: Readonly<Record<keyof DayCosts, string>> = {
  holding: "#56b4e9",
  waste: "#e69f00",
  shortage: "#d55e00",
  ordering: "#999999",
  premium: "#cc79a7",
};

/** Draws the runs, at least one and at most four. */
export function costPlot(runs: readonly PlottedRun[], { title, currency }: PlotTexts): string {
  const most = niceMaximum(Math.max(...runs.map(({ summary }) => summary.total)) / 100);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="system-ui, sans-serif" font-size="12">`,
    `<rect width="${width}" height="${height}" fill="#ffffff"/>`,
    text({ x: growth.left, y: 28 }, title, 'font-size="16" font-weight="600"'),
    text({ x: growth.left, y: 52 }, `cost so far, ${currency}`, 'fill="#555555"'),
    text({ x: bars.left, y: 52 }, `cost by part, ${currency}`, 'fill="#555555"'),
    grid(growth, most),
    grid(bars, most),
    ...runs.map((run, index) => line(run, index, most)),
    ...lineLabels(runs, most),
    ...runs.map((run, index) => bar(run, { index, count: runs.length, most })),
    dayLabels(runs[0]?.outcome.days.length ?? 0),
    legend(),
    "</svg>",
    "",
  ].join("\n");
}

type Box = typeof growth | typeof bars;

function grid({ left, top, width: wide, height: high }: Box, most: number): string {
  return [0, 1, 2, 3, 4]
    .map((step) => {
      const y = round(top + high - (high * step) / 4);
      const label = ((most * step) / 4).toLocaleString("en-US");
      return `<line x1="${left}" x2="${left + wide}" y1="${y}" y2="${y}" stroke="#dddddd"/>${text({ x: left - 8, y: y + 4 }, label, 'text-anchor="end" fill="#555555"')}`;
    })
    .join("\n");
}

function line({ outcome }: PlottedRun, index: number, most: number): string {
  let sum = 0;
  const last = Math.max(1, outcome.days.length - 1);
  const points = outcome.days.map((day, at) => {
    sum += dayTotal(day) / 100;
    return `${round(growth.left + (growth.width * at) / last)},${round(height0(growth, sum, most))}`;
  });
  return `<polyline fill="none" stroke="${lineColors[index] ?? "#000000"}" stroke-width="2" points="${points.join(" ")}"/>`;
}

/** Names at the ends of the lines, moved apart where they would lie on each other. */
function lineLabels(runs: readonly PlottedRun[], most: number): readonly string[] {
  const wanted = runs
    .map(({ name, summary }, index) => ({ name, index, y: height0(growth, summary.total / 100, most) + 4 }))
    .toSorted((a, b) => b.y - a.y);
  let above = Infinity;
  return wanted.map(({ name, index, y }) => {
    const place = Math.min(y, above - 15);
    above = place;
    return text(
      { x: growth.left + growth.width + 6, y: place },
      name,
      `fill="${lineColors[index] ?? "#000000"}"`,
    );
  });
}

function bar(
  { name, summary }: PlottedRun,
  { index, count, most }: { readonly index: number; readonly count: number; readonly most: number },
): string {
  const slot = bars.width / count;
  const x = bars.left + slot * index + slot * 0.2;
  let sum = 0;
  const blocks = parts.map((part) => {
    const bottom = height0(bars, sum, most);
    sum += summary.costs[part] / 100;
    const top = height0(bars, sum, most);
    return `<rect x="${round(x)}" y="${round(top)}" width="${round(slot * 0.6)}" height="${round(bottom - top)}" fill="${partColors[part]}"/>`;
  });
  const middle = x + slot * 0.3;
  const total = Math.round(sum).toLocaleString("en-US");
  return [
    ...blocks,
    text({ x: middle, y: height0(bars, sum, most) - 6 }, total, 'text-anchor="middle" font-weight="600"'),
    text({ x: middle, y: bars.top + bars.height + 18 }, name, 'text-anchor="middle"'),
  ].join("\n");
}

function dayLabels(days: number): string {
  return [0, 0.5, 1]
    .map((share) =>
      text(
        { x: growth.left + growth.width * share, y: growth.top + growth.height + 18 },
        `day ${Math.max(1, Math.round(days * share))}`,
        'text-anchor="middle" fill="#555555"',
      ),
    )
    .join("\n");
}

function legend(): string {
  return parts
    .map((part, index) => {
      const x = bars.left - 90 + index * 78;
      return `<rect x="${x}" y="${height - 24}" width="10" height="10" fill="${partColors[part]}"/>${text({ x: x + 14, y: height - 15 }, part, "")}`;
    })
    .join("\n");
}

function text(
  { x, y }: { readonly x: number; readonly y: number },
  content: string,
  attributes: string,
): string {
  const safe = content.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
  return `<text x="${round(x)}" y="${round(y)}" ${attributes}>${safe}</text>`;
}

function height0({ top, height: high }: Box, value: number, most: number): number {
  return top + high - (high * value) / most;
}

/** The next round number of which a quarter is round too. */
function niceMaximum(value: number): number {
  const power = 10 ** Math.floor(Math.log10(Math.max(1, value)));
  return ([1, 1.2, 1.6, 2, 2.4, 3, 4, 5, 6, 8, 10].find((step) => step * power >= value) ?? 10) * power;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
