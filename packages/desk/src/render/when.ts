// Times and days as people read them: always with date and zone.
import { DeskError } from "../desk-error.ts";

/** A time zone of the IANA database, such as Europe/London. */
export type Zone = string;

const formats = new Map<string, Intl.DateTimeFormat>();

/** `Thu 26 Nov 2026, 10:12 GMT` */
export function whenText(time: string, zone: Zone): string {
  const { weekday, day, month, year, clock } = parts(time, zone);
  return `${weekday} ${day} ${month} ${year}, ${clock}`;
}

/** `10:12 GMT`; with the day before it when it is not the day of `beside`. */
export function clockText(time: string, zone: Zone, beside?: string): string {
  const { day, month, clock } = parts(time, zone);
  if (beside === undefined || dayOf(time, zone) === dayOf(beside, zone)) return clock;
  return `${day} ${month}, ${clock}`;
}

/** `Tue 1 Dec 2026` from `2026-12-01`. */
export function dayText(day: string): string {
  const { weekday, day: date, month, year } = parts(`${day}T12:00:00Z`, "UTC");
  return `${weekday} ${date} ${month} ${year}`;
}

/** The day, `2026-11-26`, that a time falls on in the zone. */
export function dayOf(time: string, zone: Zone): string {
  const found = fields(time, zone, { year: "numeric", month: "2-digit", day: "2-digit" });
  return `${found["year"]}-${found["month"]}-${found["day"]}`;
}

/** A time in milliseconds since 1970 as ISO 8601 without fractions, `2026-11-26T10:12:00Z`. */
export function isoText(ms: number): string {
  return new Date(ms).toISOString().replace(/\.\d{3}Z$/, "Z");
}

/** How long, in the two largest units: `2 hours 5 minutes`. */
export function spanText(ms: number): string {
  const minutes = Math.max(0, Math.round(ms / 60_000));
  const [days, hours, rest] = [Math.floor(minutes / 1_440), Math.floor(minutes / 60) % 24, minutes % 60];
  const units = [count(days, "day"), count(hours, "hour"), count(rest, "minute")].filter(
    (unit) => unit !== "",
  );
  return units.slice(0, 2).join(" ") || "0 minutes";
}

/** Throws `D_INVALID` when the zone is unknown. */
export function expectZone(zone: Zone, where: string): void {
  try {
    format(zone, { year: "numeric" });
  } catch (error) {
    const message = `${where} is not a time zone: ${JSON.stringify(zone)}; give one such as Europe/London or UTC.`;
    throw new DeskError("D_INVALID", message, { cause: error });
  }
}

function parts(time: string, zone: Zone) {
  const found = fields(time, zone, {
    weekday: "short",
    day: "numeric",
    month: "short",
    year: "numeric",
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
    timeZoneName: "short",
  });
  const { weekday = "", day = "", month = "", year = "", hour = "", minute = "", timeZoneName = "" } = found;
  return { weekday, day, month, year, clock: `${hour}:${minute} ${timeZoneName}` };
}

function fields(
  time: string,
  zone: Zone,
  options: Intl.DateTimeFormatOptions,
): Readonly<Record<string, string | undefined>> {
  const all = format(zone, options).formatToParts(new Date(time));
  return Object.fromEntries(all.map(({ type, value }) => [type, value]));
}

function format(zone: Zone, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = `${zone} ${Object.keys(options).join()}`;
  const made = formats.get(key) ?? new Intl.DateTimeFormat("en-GB", { ...options, timeZone: zone });
  formats.set(key, made);
  return made;
}

function count(amount: number, unit: string): string {
  return amount === 0 ? "" : `${amount} ${unit}${amount === 1 ? "" : "s"}`;
}
