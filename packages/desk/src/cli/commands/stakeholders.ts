// What the commands of stakeholders do.
import { writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { parseDocument } from "../../documents/folder.ts";
import { take } from "../../documents/lifecycle.ts";
import { slug } from "../../documents/slug.ts";
import { matrixSvg, matrixText, quadrantOf } from "../../people/matrix.ts";
import {
  type Channel,
  contactDue,
  dueStakeholders,
  recordContact,
  relationLifecycle,
  relationState,
  type Stakeholder,
  stakeholderKind,
} from "../../people/stakeholder.ts";
import { columns } from "../../render/markdown.ts";
import { isoText, spanText, whenText } from "../../render/when.ts";
import { type ExitCode, exitCodes } from "../exit-codes.ts";
import type { CommonOptions, Session } from "../session.ts";

export interface AddStakeholderOptions extends CommonOptions {
  readonly id?: string;
  readonly role: string;
  readonly category: Stakeholder["category"];
  readonly influence: number;
  readonly impact: number;
  readonly address?: string;
  readonly audience?: string;
  readonly channel: Channel;
  readonly cadence: number;
  readonly style?: string;
  readonly support?: string;
  readonly decides?: true;
  readonly interest?: readonly string[];
}

export interface LearnOptions extends CommonOptions {
  readonly goal?: readonly string[];
  readonly need?: readonly string[];
  readonly concern?: readonly string[];
  readonly value?: readonly string[];
}

/** `stakeholders list` */
export function listCommand(session: Session): ExitCode {
  const all = session.documents.list(stakeholderKind);
  const now = session.clock.now();
  return session.print(all, () =>
    all.length === 0
      ? "No stakeholders yet: add one with stakeholders add."
      : columns(
          all.map((each) => [
            each.id,
            relationState(each, now),
            quadrantOf(each),
            each.role,
            each.communication.channel,
          ]),
        ).join("\n"),
  );
}

/** `stakeholders add` */
export function addCommand(name: string, options: AddStakeholderOptions, session: Session): ExitCode {
  const taking = session.taking();
  const doc = {
    schema: "quadrille-desk/stakeholder/1",
    id: options.id ?? slug(name, (taken) => session.documents.has(stakeholderKind, taken)),
    name,
    role: options.role,
    category: options.category,
    address: options.address,
    audience: options.audience,
    influence: options.influence,
    impact: options.impact,
    interests: options.interest ?? [],
    goals: [],
    needs: [],
    concerns: [],
    values: [],
    support: options.support,
    decisionMaker: options.decides === true,
    communication: { style: options.style, channel: options.channel, cadenceDays: options.cadence },
    added: taking.at,
    state: relationLifecycle.initial,
    contacts: [],
    history: [{ at: taking.at, by: taking.by, did: "identify" }],
  };
  const stakeholder = parseDocument<Stakeholder>(stakeholderKind, doc, `the stakeholder ${doc.id}`);
  session.documents.create(stakeholderKind, stakeholder);
  return session.print(stakeholder, () => `Added ${doc.id}: ${quadrantOf(stakeholder)}.`);
}

/** `stakeholders show` */
export function showCommand(id: string, session: Session): ExitCode {
  const found = session.documents.read(stakeholderKind, id);
  return session.print(found, () => stakeholderText(found, session));
}

/** `stakeholders learn`: what they need, as they said it. */
export function learnCommand(id: string, options: LearnOptions, session: Session): ExitCode {
  const before = session.documents.read(stakeholderKind, id);
  const known =
    before.state === "IDENTIFIED"
      ? take(relationLifecycle, before, { ...session.taking(), did: "understand" })
      : before;
  const after: Stakeholder = {
    ...known,
    goals: [...before.goals, ...(options.goal ?? [])],
    needs: [...before.needs, ...(options.need ?? [])],
    concerns: [...before.concerns, ...(options.concern ?? [])],
    values: [...before.values, ...(options.value ?? [])],
  };
  session.documents.replace(stakeholderKind, before, after);
  return session.print(after, () => stakeholderText(after, session));
}

/** `stakeholders tell`: records a contact. */
export function tellCommand(
  id: string,
  { summary, channel }: CommonOptions & { readonly summary: string; readonly channel?: Channel },
  session: Session,
): ExitCode {
  const before = session.documents.read(stakeholderKind, id);
  const contact = { channel: channel ?? before.communication.channel, summary };
  const after = recordContact(before, contact, session.taking());
  session.documents.replace(stakeholderKind, before, after);
  const next = whenText(isoText(contactDue(after)), session.settings.zone);
  return session.print(after, () => `Recorded. The next contact with ${id} is due by ${next}.`);
}

/** `stakeholders matrix` */
export function matrixCommand(
  { svg }: CommonOptions & { readonly svg?: string },
  session: Session,
): ExitCode {
  const all = session.documents.list(stakeholderKind);
  if (svg !== undefined) {
    const picture = matrixSvg(all, "Stakeholders by influence and impact");
    if (svg === "-") session.terminal.out(picture);
    else writeFileSync(resolve(session.terminal.cwd, svg), picture);
    return exitCodes.ok;
  }
  return session.print(
    all.map(({ id, influence, impact }) => ({
      id,
      influence,
      impact,
      quadrant: quadrantOf({ influence, impact }),
    })),
    () => matrixText(all),
  );
}

/** `stakeholders due` */
export function dueCommand(session: Session): ExitCode {
  const now = session.clock.now();
  const due = dueStakeholders(session.documents.list(stakeholderKind), now);
  return session.print(due, () =>
    due.length === 0
      ? "No contact is due."
      : columns(
          due.map((each) => [
            each.id,
            `due for ${spanText(now - contactDue(each))}`,
            `every ${each.communication.cadenceDays} days`,
            each.communication.channel,
            each.contacts.at(-1)?.summary ?? "no contact yet",
          ]),
        ).join("\n"),
  );
}

function stakeholderText(stakeholder: Stakeholder, session: Session): string {
  const { bold } = session.terminal.colors;
  const { name, role, category, influence, impact, communication, contacts, decisionMaker } = stakeholder;
  const { zone } = session.settings;
  const now = session.clock.now();
  const lists = (["interests", "goals", "needs", "concerns", "values"] as const)
    .filter((key) => stakeholder[key].length > 0)
    .map((key) => `${key}: ${stakeholder[key].join("; ")}`);
  return [
    bold(name),
    `${role} (${category})${decisionMaker ? ", decides" : ""}`,
    `${relationState(stakeholder, now)}; influence ${influence}, impact ${impact}: ${quadrantOf(stakeholder)}`,
    `by ${communication.channel}, every ${communication.cadenceDays} days; next by ${whenText(isoText(contactDue(stakeholder)), zone)}`,
    ...lists,
    ...contacts.map(({ at, channel, summary }) => `${whenText(at, zone)}  ${channel}: ${summary}`),
  ].join("\n");
}
