// Reading values of unknown shape: each reader gives the value, or undefined after it has said what is wrong.
import { parseDay } from "../time/day.ts";

/** A value and where it stands. */
export interface Field {
  readonly path: string;
  readonly value: unknown;
}

/** Problems that are listed; the rest is counted. */
const problemsMax = 20;

/** Collects problems, each a sentence. */
export class Problems {
  readonly found: string[] = [];

  add(sentence: string): undefined {
    if (this.found.length < problemsMax) this.found.push(sentence);
    return undefined;
  }

  /** A text that is not empty. */
  text({ path, value }: Field): string | undefined {
    if (typeof value === "string" && value !== "") return value;
    return this.add(`${path} ${shown(value)}; give a text.`);
  }

  /** A whole number from `least` on. */
  whole({ path, value }: Field, least = 0): number | undefined {
    if (typeof value === "number" && Number.isSafeInteger(value) && value >= least) return value;
    return this.add(`${path} ${shown(value)}; give a whole number of ${least} or more.`);
  }

  /** A number from 0 on, fractions allowed. */
  amount({ path, value }: Field): number | undefined {
    if (typeof value === "number" && Number.isFinite(value) && value >= 0) return value;
    return this.add(`${path} ${shown(value)}; give a number of 0 or more.`);
  }

  /** A day, as its number. */
  day({ path, value }: Field): number | undefined {
    const day = typeof value === "string" ? parseDay(value) : undefined;
    return day ?? this.add(`${path} ${shown(value)}; give a day as YYYY-MM-DD.`);
  }

  /** The id of a supplier that is listed. */
  known({ path, value }: Field, ids: ReadonlySet<string>): string | undefined {
    if (typeof value === "string" && ids.has(value)) return value;
    return this.add(
      `${path} ${shown(value)}, which is not among the suppliers; list the supplier under suppliers.`,
    );
  }

  /** Reads the field where it is there. */
  optional<T>(field: Field, read: (field: Field) => T | undefined): T | undefined {
    return field.value === undefined ? undefined : read(field);
  }
}

/** The fields of an object by name, or undefined where it is none. */
export function objectAt({ path, value }: Field, problems: Problems): ((name: string) => Field) | undefined {
  if (typeof value !== "object" || value === null || Array.isArray(value))
    return problems.add(`${path} ${shown(value)}; give an object.`);
  const isItem = path.startsWith("item ") && !path.includes(":");
  const prefix = path === "snapshot" ? "" : `${path}${isItem ? ": " : "."}`;
  const fields: Readonly<Record<string, unknown>> = { ...value };
  return (name) => ({ path: prefix + name, value: fields[name] });
}

/** The entries of a list; empty where it is none. */
export function list({ path, value }: Field, problems: Problems): readonly Field[] {
  if (Array.isArray(value))
    return value.map((each: unknown, index) => ({ path: `${path}[${index}]`, value: each }));
  problems.add(`${path} ${shown(value)}; give a list.`);
  return [];
}

function shown(value: unknown): string {
  if (value === undefined) return "is missing";
  const text = JSON.stringify(value) ?? typeof value;
  return `is ${text.length > 60 ? `${text.slice(0, 57)}...` : text}`;
}
