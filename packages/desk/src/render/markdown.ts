// Markdown as HTML for mails (styles on the elements, as mail programs want them) and as plain text.
import MarkdownIt, { type Token } from "markdown-it";

// Raw HTML is not passed on, and bare addresses do not become links.
const parser = new MarkdownIt({ html: false, linkify: false, typographer: false });

const ink = "#1f2328";
const quiet = "#59636e";
const rule = "#d1d9e0";

const styles: Readonly<Record<string, string>> = {
  h1: `font-size:22px;line-height:1.3;margin:0 0 16px;color:${ink}`,
  h2: `font-size:15px;line-height:1.4;margin:26px 0 8px;padding-bottom:4px;border-bottom:1px solid ${rule};color:${ink}`,
  h3: `font-size:14px;line-height:1.4;margin:18px 0 6px;color:${quiet}`,
  p: "margin:0 0 12px",
  ul: "margin:0 0 12px;padding-left:22px",
  ol: "margin:0 0 12px;padding-left:22px",
  li: "margin:0 0 5px",
  blockquote:
    "margin:18px 0;padding:12px 16px 2px;background:#f0f4ff;border-left:4px solid #3b5bdb;border-radius:4px",
  table: "border-collapse:collapse;width:100%;margin:0 0 14px;font-size:14px",
  th: `text-align:left;padding:6px 10px 6px 0;border-bottom:2px solid ${rule};color:${quiet};font-weight:600`,
  td: `text-align:left;vertical-align:top;padding:7px 10px 7px 0;border-bottom:1px solid ${rule}`,
};

/** Markdown as a fragment of HTML, each element with its style. */
function toHtml(markdown: string): string {
  const tokens = parser.parse(markdown, {});
  for (const token of tokens) {
    const style = styles[token.tag];
    if (style !== undefined && token.nesting === 1) token.attrSet("style", style);
  }
  return parser.renderer.render(tokens, parser.options, {});
}

/**
 * Markdown as a whole page of HTML, readable in mail programs and on paper. `accent` is the colour of its top
 * edge.
 */
export function toHtmlPage(markdown: string, title: string, accent = "#3b5bdb"): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${parser.utils.escapeHtml(title)}</title>
</head>
<body style="margin:0;padding:24px 12px;background:#f6f8fa">
<div style="max-width:640px;margin:0 auto;padding:28px 32px;background:#ffffff;border:1px solid ${rule};border-top:5px solid ${accent};border-radius:6px;font-family:system-ui,-apple-system,'Segoe UI',Helvetica,Arial,sans-serif;font-size:15px;line-height:1.55;color:${ink}">
${toHtml(markdown).trim()}
</div>
</body>
</html>
`;
}

/**
 * Markdown as plain text: headings underlined, tables in columns, what stands in a quote marked with `>>`.
 */
export function toText(markdown: string): string {
  const lines = textLines(parser.parse(markdown, {}));
  return `${lines
    .join("\n")
    .replaceAll(/\n{3,}/g, "\n\n")
    .trim()}\n`;
}

interface Walk {
  readonly lines: string[];
  readonly lists: { ordered: boolean; count: number }[];
  quotes: number;
  heading: string | undefined;
  table: string[][] | undefined;
  item: string | undefined;
}

function textLines(tokens: readonly Token[]): readonly string[] {
  const walk: Walk = {
    lines: [],
    lists: [],
    quotes: 0,
    heading: undefined,
    table: undefined,
    item: undefined,
  };
  for (const token of tokens) visit(token, walk);
  return walk.lines;
}

function visit(token: Token, walk: Walk): void {
  switch (token.type) {
    case "heading_open":
      walk.heading = token.tag;
      return;
    case "bullet_list_open":
    case "ordered_list_open":
      walk.lists.push({ ordered: token.type === "ordered_list_open", count: 0 });
      return;
    case "bullet_list_close":
    case "ordered_list_close":
      walk.lists.pop();
      if (walk.lists.length === 0) walk.lines.push("");
      return;
    case "list_item_open":
      openItem(walk);
      return;
    case "blockquote_open":
      walk.quotes += 1;
      return;
    case "blockquote_close":
      walk.quotes -= 1;
      return;
    case "table_open":
      walk.table = [];
      return;
    case "tr_open":
      walk.table?.push([]);
      return;
    case "table_close":
      walk.lines.push(...tableLines(walk.table ?? []), "");
      walk.table = undefined;
      return;
    case "hr":
      walk.lines.push("----", "");
      return;
    case "inline":
      inline(plain(token), walk);
      return;
    default:
      return;
  }
}

function openItem(walk: Walk): void {
  const list = walk.lists.at(-1);
  if (list === undefined) return;
  list.count += 1;
  walk.item = `${"  ".repeat(walk.lists.length - 1)}${list.ordered ? `${list.count}.` : "-"} `;
}

function inline(text: string, walk: Walk): void {
  if (walk.table !== undefined) {
    walk.table.at(-1)?.push(text);
  } else if (walk.heading !== undefined) {
    walk.lines.push("", text, (walk.heading === "h1" ? "=" : "-").repeat(text.length), "");
    walk.heading = undefined;
  } else if (walk.item !== undefined) {
    walk.lines.push(walk.item + text.replaceAll("\n", `\n${" ".repeat(walk.item.length)}`));
    walk.item = undefined;
  } else {
    const mark = ">> ".repeat(walk.quotes);
    walk.lines.push(mark + text.replaceAll("\n", `\n${mark}`), "");
  }
}

function plain(token: Token): string {
  return (token.children ?? [])
    .map((child) => (child.type === "softbreak" || child.type === "hardbreak" ? "\n" : child.content))
    .join("");
}

function tableLines(rows: readonly (readonly string[])[]): readonly string[] {
  const [head, ...body] = columns(rows);
  return head === undefined
    ? []
    : [head, "-".repeat(Math.max(...[head, ...body].map((row) => row.length))), ...body];
}

/** Rows in columns as wide as their widest cell; no spaces at the ends of lines. */
export function columns(rows: readonly (readonly string[])[]): readonly string[] {
  const widths: number[] = [];
  for (const row of rows)
    row.forEach((cell, index) => (widths[index] = Math.max(widths[index] ?? 0, cell.length)));
  return rows.map((row) =>
    row
      .map((cell, index) => cell.padEnd(widths[index] ?? 0))
      .join("  ")
      .trimEnd(),
  );
}
