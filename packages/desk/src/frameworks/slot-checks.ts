// The checks that a framework's file can ask for, by name. Each reads the filled slots and says what is
// wrong.
import { isValues, listOf, plainText, rowsOf, type Values } from "../documents/values.ts";
import type { Problem } from "../lint/lint.ts";
import type { Check } from "./framework.ts";

/**
 * What a check sees: its arguments, the filled slots (facts included), and the time in milliseconds since
 * 1970.
 */
export interface CheckSubject {
  readonly check: Check;
  readonly slots: Readonly<Record<string, unknown>>;
  readonly now: number;
}

/** A check of slots by name. */
export interface SlotCheck {
  readonly level: "error" | "warning";
  readonly says: string;
  readonly find: (subject: CheckSubject) => readonly Problem[];
}

/** The checks, by the name that a framework's file uses. */
export const slotChecks: Readonly<Record<string, SlotCheck>> = {
  "max-words": {
    level: "error",
    says: "A text has at most `limit` words.",
    find: ({ check, slots }) =>
      texts(check, slots).flatMap(({ place, text }) => {
        const count = words(text).length;
        return count > limit(check) ? [[place, `has ${count} words; ${limit(check)} are the most.`]] : [];
      }),
  },
  "min-items": {
    level: "error",
    says: "A list has at least `limit` items.",
    find: ({ check, slots }) => {
      const count = items(check, slots).length;
      return count < limit(check)
        ? [[`/${check.slot}`, `has ${count} items; ${limit(check)} are the least.`]]
        : [];
    },
  },
  "max-items": {
    level: "error",
    says: "A list has at most `limit` items.",
    find: ({ check, slots }) => {
      const count = items(check, slots).length;
      return count > limit(check)
        ? [[`/${check.slot}`, `has ${count} items; ${limit(check)} are the most.`]]
        : [];
    },
  },
  question: {
    level: "error",
    says: "A text is a question.",
    find: ({ check, slots }) =>
      texts(check, slots)
        .filter(({ text }) => !text.trim().endsWith("?"))
        .map(({ place }) => [place, "is no question: end it with a question mark."]),
  },
  statement: {
    level: "error",
    says: "A text is a statement, not a question.",
    find: ({ check, slots }) =>
      texts(check, slots)
        .filter(({ text }) => text.includes("?"))
        .map(({ place }) => [place, "asks; it must answer."]),
  },
  measured: {
    level: "warning",
    says: "A text has a figure.",
    find: ({ check, slots }) =>
      texts(check, slots)
        .filter(({ text }) => !/\d/.test(text))
        .map(({ place }) => [place, "has no figure: say how much, how many or how long."]),
  },
  differs: {
    level: "error",
    says: "Two texts are not the same.",
    find: ({ check, slots }) => differs(check, slots),
  },
  ascending: {
    level: "error",
    says: "Times or numbers rise from row to row.",
    find: ({ check, slots }) => {
      const values = rows(check, slots).map((row) => order(row[check.field ?? ""]));
      return values.flatMap((value, index): Problem[] => {
        const before = values[index - 1];
        if (before === undefined || value >= before) return [];
        return [[`/${check.slot}/${index}/${check.field}`, "comes before the entry above it: sort them."]];
      });
    },
  },
  "points-up": {
    level: "error",
    says: "A row refers to a row above it, by its number.",
    find: ({ check, slots }) =>
      rows(check, slots).flatMap((row, index): Problem[] => {
        const above = row[check.field ?? ""];
        if (typeof above !== "number" || (Number.isInteger(above) && above >= 1 && above <= index)) return [];
        return [
          [`/${check.slot}/${index}/${check.field}`, `is ${above}; it must be the number of a row above.`],
        ];
      }),
  },
  known: {
    level: "error",
    says: "A field names an entry of another list.",
    find: ({ check, slots }) => {
      const names = new Set(listed(check.other, slots));
      return rows(check, slots).flatMap((row, index): Problem[] => {
        const name = row[check.field ?? ""];
        if (typeof name !== "string" || names.has(name)) return [];
        return [
          [`/${check.slot}/${index}/${check.field}`, `names “${name}”, which is not in ${check.other}.`],
        ];
      });
    },
  },
  "needs-field": {
    level: "error",
    says: "Where one field of a row has a value, another one must be filled.",
    find: ({ check, slots }) =>
      rows(check, slots).flatMap((row, index): Problem[] => {
        const applies = check.equals === undefined || row[check.field ?? ""] === check.equals;
        if (!applies || filled(row[check.otherField ?? ""])) return [];
        const when = check.equals === undefined ? "" : ` where ${check.field} is “${check.equals}”`;
        return [[`/${check.slot}/${index}/${check.otherField}`, `is missing${when}.`]];
      }),
  },
  needs: {
    level: "error",
    says: "Where one slot is filled, another one must be.",
    find: ({ check, slots }) =>
      filled(slots[check.slot]) && !filled(slots[check.other ?? ""])
        ? [[`/${check.other}`, `is missing, and ${check.slot} needs it.`]]
        : [],
  },
  "not-all": {
    level: "error",
    says: "Not every row has the flag: where all are, none is.",
    find: ({ check, slots }) => {
      const all = rows(check, slots);
      const flagged = all.length > 1 && all.every((row) => row[check.field ?? ""] === true);
      return flagged ? [[`/${check.slot}`, `are all ${check.field}: then none is. Decide.`]] : [];
    },
  },
  "not-past": {
    level: "error",
    says: "A day or time has not passed.",
    find: ({ check, slots, now }) => {
      const value = slots[check.slot];
      if (typeof value !== "string" || Date.parse(lastMoment(value)) >= now) return [];
      return [[`/${check.slot}`, `is ${value}, which has passed.`]];
    },
  },
};

function texts(
  { slot, field }: Check,
  slots: Values,
): readonly { readonly place: string; readonly text: string }[] {
  const value = slots[slot];
  if (typeof value === "string") return [{ place: `/${slot}`, text: value }];
  return listOf(value).flatMap((each, index) => {
    const text = field === undefined || !isValues(each) ? each : each[field];
    const place = field === undefined ? `/${slot}/${index}` : `/${slot}/${index}/${field}`;
    return typeof text === "string" ? [{ place, text }] : [];
  });
}

function differs(check: Check, slots: Values): readonly Problem[] {
  const { slot, field, other, otherField } = check;
  if (field === undefined) {
    return same(slots[slot], slots[other ?? ""]) ? [[`/${slot}`, `says the same as ${other}.`]] : [];
  }
  return rows(check, slots).flatMap((row, index): Problem[] =>
    same(row[field], row[otherField ?? ""])
      ? [[`/${slot}/${index}/${field}`, `says the same as ${otherField}.`]]
      : [],
  );
}

function same(one: unknown, other: unknown): boolean {
  if (typeof one !== "string" || typeof other !== "string") return false;
  return words(one.toLowerCase()).join(" ") === words(other.toLowerCase()).join(" ");
}

function rows({ slot }: Check, slots: Values): readonly Values[] {
  return rowsOf(slots[slot]);
}

function items({ slot }: Check, slots: Values): readonly unknown[] {
  return listOf(slots[slot]);
}

function listed(slot: string | undefined, slots: Values): readonly unknown[] {
  return listOf(slots[slot ?? ""]).map((each) => (isValues(each) ? each["name"] : each));
}

function filled(value: unknown): boolean {
  return value !== undefined && value !== "" && !(Array.isArray(value) && value.length === 0);
}

function words(text: string): readonly string[] {
  return text.split(/[^\p{L}\p{N}'’-]+/u).filter((word) => word !== "");
}

function limit({ limit }: Check): number {
  return limit ?? 0;
}

function order(value: unknown): number {
  return typeof value === "number" ? value : Date.parse(plainText(value));
}

/** A day has passed when it is over. */
function lastMoment(value: string): string {
  return value.length === 10 ? `${value}T23:59:59Z` : value;
}

/** The check of this name; a framework's file that names another one is refused when it is read. */
export function slotCheck(name: string): SlotCheck {
  const found = slotChecks[name];
  if (found === undefined) throw new Error(`There is no check ${name}.`);
  return found;
}
