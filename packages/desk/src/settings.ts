// The desk's settings: who sends, in which zone times are shown, how often each audience hears, how demands
// are weighed. They are the file `desk.json` in the folder; without it, these defaults hold.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { expectSchema, parseAs, parseJson } from "./documents/parse.ts";
import { address, id, line, record, text } from "./documents/shape.ts";
import { expectZone } from "./render/when.ts";

const minutes = z.int().min(1).max(1_440);

/** How an audience is written to. */
const audience = record({
  /** Readers who do not know the technical words. */
  plain: z.boolean(),
  /** Consumers of the system: each hears about their own orders only. */
  ownOnly: z.boolean(),
  /** The next update comes at most so long after an alert, and after an update. */
  alertMinutes: minutes,
  updateMinutes: minutes,
});

const weight = z.number().min(0).max(10);

const settings = record({
  schema: z.literal("quadrille-desk/settings/1"),
  /** Times are shown in this zone of the IANA database. */
  zone: line,
  sender: record({ name: line, title: line, address }),
  /** Where readers can ask; the last words of a resolution report. */
  contact: text,
  audiences: z.record(id, audience).readonly(),
  /** The weights of a demand's criteria; effort and the risk of doing are subtracted. */
  weights: record({
    businessImpact: weight,
    customerValue: weight,
    urgency: weight,
    riskOfNotDoing: weight,
    effort: weight,
    riskOfDoing: weight,
  }),
  /** A demand is answered within so many days. */
  answerDays: z.int().min(1).max(365),
  /** On the plan, a demand with this score or more is important. */
  importantScore: z.number(),
  /** On the plan, what is due within so many days is urgent. */
  urgentDays: z.int().min(0).max(365),
  /** Who gets the demands that come in during an incident, so that responders do not. */
  communications: id,
});

/** The desk's settings. */
export type Settings = z.infer<typeof settings>;
/** How an audience is written to. */
export type AudienceSettings = z.infer<typeof audience>;

/**
 * What holds without a file. Periods are those of the incident playbook: 30 minutes, and hourly where an
 * incident is long.
 */
export const defaultSettings: Settings = {
  schema: "quadrille-desk/settings/1",
  zone: "UTC",
  sender: { name: "Incident desk", title: "On behalf of the team on duty", address: "desk@example.org" },
  contact: "Please reply to this mail with any question.",
  audiences: {
    leaders: { plain: true, ownOnly: false, alertMinutes: 30, updateMinutes: 30 },
    technical: { plain: false, ownOnly: false, alertMinutes: 30, updateMinutes: 60 },
    customers: { plain: true, ownOnly: true, alertMinutes: 30, updateMinutes: 60 },
  },
  weights: {
    businessImpact: 1,
    customerValue: 1,
    urgency: 1,
    riskOfNotDoing: 1,
    effort: 1,
    riskOfDoing: 0.5,
  },
  answerDays: 5,
  importantScore: 8,
  urgentDays: 3,
  communications: "communications",
};

/** Reads `desk.json` in the folder. `D_INVALID` with one sentence when it is not right. */
export function readSettings(folder: string): Settings {
  const file = join(folder, "desk.json");
  if (!existsSync(file)) return defaultSettings;
  const value = parseJson(readFileSync(file, "utf8"), "desk.json");
  expectSchema(value, defaultSettings.schema, "desk.json");
  const read = parseAs(settings, value, "desk.json");
  expectZone(read.zone, "desk.json: /zone");
  return read;
}
