// A stakeholder: who has an interest, what they need, how they want to hear, and when they last did
// (the playbook identify, understand, engage, maintain).
import { z } from "zod";
import type { Kind } from "../documents/kind.ts";
import { type Lifecycle, type Taking, take } from "../documents/lifecycle.ts";
import { address, id, line, list, rating, record, step, text, time } from "../documents/shape.ts";

/** The areas by which stakeholders are grouped. */
export const categories = [
  "senior-management",
  "product",
  "technical",
  "customer",
  "partner",
  "other",
] as const;
/** How a stakeholder wants to hear. */
export const channels = ["mail", "chat", "call", "meeting"] as const;
/** How a stakeholder wants to hear. */
export type Channel = (typeof channels)[number];

const states = ["IDENTIFIED", "UNDERSTOOD", "ENGAGED", "DUE"] as const;
/** The states of a relation. `DUE`: the cadence has passed since the last contact. */
export type RelationState = (typeof states)[number];

/**
 * How a relation moves. In files `DUE` follows from the time; a choreography takes the step `lapse` on its
 * clock.
 */
export const relationLifecycle: Lifecycle<RelationState, "understand" | "engage" | "lapse"> = {
  initial: "IDENTIFIED",
  steps: {
    understand: { from: ["IDENTIFIED"], to: "UNDERSTOOD" },
    engage: { from: ["IDENTIFIED", "UNDERSTOOD", "ENGAGED", "DUE"], to: "ENGAGED" },
    lapse: { from: ["ENGAGED"], to: "DUE" },
  },
  ends: [],
};

const stakeholder = record({
  schema: z.literal("quadrille-desk/stakeholder/1"),
  id,
  name: line,
  role: line,
  category: z.enum(categories),
  address: address.optional(),
  /** The audience whose mails they get. */
  audience: id.optional(),
  influence: rating,
  impact: rating,
  interests: list(text),
  goals: list(text),
  needs: list(text),
  concerns: list(text),
  values: list(text),
  /** Support or resources that they can give. */
  support: text.optional(),
  decisionMaker: z.boolean(),
  communication: record({
    style: line.optional(),
    channel: z.enum(channels),
    cadenceDays: z.int().min(1).max(365),
  }),
  added: time,
  state: z.enum(states),
  /** Contacts, oldest first. */
  contacts: list(record({ at: time, by: line, channel: z.enum(channels), summary: text })),
  history: list(step),
});
/** The document of one person or group: influence, impact, and the contacts with it. */
export type Stakeholder = z.infer<typeof stakeholder>;

/** Stakeholders, in the folder `stakeholders`. */
export const stakeholderKind: Kind<Stakeholder> = {
  name: "stakeholder",
  folder: "stakeholders",
  schemaName: "quadrille-desk/stakeholder/1",
  schema: stakeholder,
};

const dayMs = 86_400_000;

/**
 * When the next contact is due: the cadence after the last one, or after they were added. Milliseconds since
 * 1970.
 */
export function contactDue({ contacts, added, communication }: Stakeholder): number {
  return Date.parse(contacts.at(-1)?.at ?? added) + communication.cadenceDays * dayMs;
}

/** The state at a time (milliseconds since 1970). */
export function relationState(stakeholder: Stakeholder, now: number): RelationState {
  const { state } = stakeholder;
  return state === "ENGAGED" && contactDue(stakeholder) < now ? "DUE" : state;
}

/** Those whose next contact is due, the longest overdue first. */
export function dueStakeholders(all: readonly Stakeholder[], now: number): readonly Stakeholder[] {
  return all.filter((each) => contactDue(each) <= now).toSorted((a, b) => contactDue(a) - contactDue(b));
}

/** Adds a contact, from which the time until the next one counts. */
export function recordContact(
  stakeholder: Stakeholder,
  { channel, summary }: { readonly channel: Channel; readonly summary: string },
  taking: Taking,
): Stakeholder {
  const engaged = take(relationLifecycle, stakeholder, { ...taking, did: "engage" });
  return {
    ...engaged,
    contacts: [...stakeholder.contacts, { at: taking.at, by: taking.by, channel, summary }],
  };
}
