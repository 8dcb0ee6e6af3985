// The one validator: are the slots of a document what the framework asks for, and do its checks hold?
import { z } from "zod";
import { problemsOf } from "../documents/parse.ts";
import { day, text, time } from "../documents/shape.ts";
import { rowsOf, type Values, valueAt } from "../documents/values.ts";
import { type Finding, type Lints, passagesIn, runLints } from "../lint/lint.ts";
import { type Words, wordLints } from "../lint/word-lints.ts";
import type { Filled, Framework, RowField, Slot } from "./framework.ts";
import { slotCheck } from "./slot-checks.ts";

/**
 * What is handed in: facts that fill bound slots, the names of people, and the time (milliseconds since
 * 1970).
 */
export interface Given {
  readonly facts?: Values | undefined;
  readonly people: readonly string[];
  readonly now: number;
}

/** A document with its facts, and all that is wrong with it. */
export interface Checked {
  readonly slots: Values;
  readonly findings: readonly Finding[];
}

/** Checks a document against its framework; bound slots are filled from the facts. */
export function checkFilled(framework: Framework, doc: Pick<Filled, "slots">, given: Given): Checked {
  const bound = boundSlots(framework, given.facts);
  const retyped = Object.keys(bound)
    .filter((key) => doc.slots[key] !== undefined)
    .map((key) =>
      finding("retyped", `/slots/${key}`, "is bound to a fact and cannot be retyped: remove it."),
    );
  const slots = { ...doc.slots, ...bound };
  const schema = z.strictObject(
    Object.fromEntries(framework.slots.map((slot) => [slot.key, optional(slot, slotSchema(slot))])),
  );
  const result = schema.safeParse(slots);
  if (!result.success) {
    const wrong = problemsOf(result.error, slots).map(([place, says]) =>
      finding("slots", `/slots${place}`, `${says}.`),
    );
    return { slots, findings: [...retyped, ...wrong] };
  }
  return {
    slots,
    findings: [
      ...retyped,
      ...checkFindings(framework, slots, given.now),
      ...wordFindings(framework, slots, given),
    ],
  };
}

/** The values of the slots that facts fill. */
export function boundSlots(framework: Framework, facts: Values | undefined): Values {
  if (facts === undefined) return {};
  const bound = framework.slots.flatMap((slot) => {
    const value = slot.fact === undefined ? undefined : valueAt(facts, slot.fact.split("."));
    return value === undefined ? [] : [[slot.key, shaped(slot, value)] as const];
  });
  return Object.fromEntries(bound);
}

function finding(lint: string, place: string, message: string): Finding {
  return { lint, level: "error", place, message };
}

function checkFindings(framework: Framework, slots: Values, now: number): readonly Finding[] {
  return framework.checks.flatMap((check) => {
    const { level, find } = slotCheck(check.lint);
    return find({ check, slots, now }).map(([place, message]) => ({
      lint: check.lint,
      level,
      place: `/slots${place}`,
      message,
    }));
  });
}

function wordFindings(framework: Framework, slots: Values, { people }: Given): readonly Finding[] {
  const wanted: Lints<Words> = Object.fromEntries(framework.words.map((name) => [name, wordLints[name]]));
  return runLints(wanted, { passages: passagesIn(slots, "/slots"), people, plain: false });
}

/** Of a row of facts, the fields that the slot has. */
function shaped({ type, fields = [] }: Slot, value: unknown): unknown {
  if (type !== "rows" || !Array.isArray(value)) return value;
  const keys = new Set(fields.map(({ key }) => key));
  return rowsOf(value).map((row) =>
    Object.fromEntries(Object.entries(row).filter(([key, each]) => keys.has(key) && each !== undefined)),
  );
}

function optional(slot: Pick<RowField, "required">, schema: z.ZodType): z.ZodType {
  return slot.required ? schema : schema.optional();
}

function slotSchema(slot: Slot): z.ZodType {
  if (slot.type === "texts")
    return z
      .array(text)
      .min(slot.required ? 1 : 0)
      .max(100);
  if (slot.type !== "rows") return valueSchema({ ...slot, type: slot.type });
  const shape = Object.fromEntries(
    (slot.fields ?? []).map((field) => [field.key, optional(field, valueSchema(field))]),
  );
  return z
    .array(z.strictObject(shape))
    .min(slot.required ? 1 : 0)
    .max(100);
}

function valueSchema(field: RowField): z.ZodType {
  switch (field.type) {
    case "text":
      return text;
    case "number":
      return z
        .number()
        .min(field.min ?? -1e15)
        .max(field.max ?? 1e15);
    case "flag":
      return z.boolean();
    case "date":
      return day;
    case "time":
      return time;
    case "choice":
      return z.enum(field.choices ?? []);
  }
}
