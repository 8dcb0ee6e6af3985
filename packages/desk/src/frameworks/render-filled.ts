// The one renderer: a filled framework as Markdown.
import { listOf, plainText, rowsOf, type Values } from "../documents/values.ts";
import { fill, type View, type ViewValue } from "../render/template.ts";
import { dayText, whenText, type Zone } from "../render/when.ts";
import type { Framework, RowField } from "./framework.ts";

/** The Markdown of a document whose slots were checked. Times are shown in the zone. */
export function renderFilled(
  framework: Framework,
  { title, slots }: { title: string; slots: Values },
  zone: Zone,
): string {
  const view: Record<string, ViewValue> = { title };
  for (const slot of framework.slots) {
    const value = slots[slot.key];
    if (slot.type === "rows") view[slot.key] = rowViews(slot.fields ?? [], value, zone);
    else if (slot.type === "texts") view[slot.key] = listOf(value).map(plainText);
    else view[slot.key] = shown(slot.type, value, zone);
    view[hasName(slot.key)] = Array.isArray(value) ? value.length > 0 : value !== undefined;
  }
  return fill(framework.template.join("\n"), view);
}

/** The name by which a template asks whether a slot is filled: `hasDetails` for `details`. */
export function hasName(key: string): string {
  return `has${key.slice(0, 1).toUpperCase()}${key.slice(1)}`;
}

// Every field is set, if only to nothing: mustache would look for a missing name in the slots around the row.
function rowViews(fields: readonly RowField[], rows: unknown, zone: Zone): readonly View[] {
  return rowsOf(rows).map((row, index) => ({
    n: index + 1,
    ...Object.fromEntries(fields.map(({ key, type }) => [key, shown(type, row[key], zone)])),
  }));
}

function shown(type: RowField["type"], value: unknown, zone: Zone): ViewValue {
  if (type === "flag") return value === true;
  const text = plainText(value);
  if (text === "") return "";
  if (type === "date") return dayText(text);
  return type === "time" ? whenText(text, zone) : text;
}
