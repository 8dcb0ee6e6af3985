// The minutes as Markdown, with the sections of the template.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fill } from "../render/template.ts";
import { dayText, whenText, type Zone } from "../render/when.ts";
import type { Invited, Minutes, Point } from "./minutes.ts";

const template = readFileSync(join(import.meta.dirname, "minutes.mustache"), "utf8");

/** The Markdown of the minutes; times in the zone. */
export function renderMinutes(minutes: Minutes, zone: Zone): string {
  const people = [...minutes.attendees, ...minutes.absent];
  const nameOf = (id: string): string => people.find((person) => person.id === id)?.name ?? id;
  const { followUp } = minutes;
  return fill(template, {
    title: minutes.title,
    at: whenText(minutes.at, zone),
    place: minutes.place,
    attendees: invitedText(minutes.attendees),
    absent: invitedText(minutes.absent),
    meetingOwner: nameOf(minutes.meetingOwner),
    documentOwner: nameOf(minutes.documentOwner),
    points: [
      ...points("Decision", minutes.decisions),
      ...points("Key Information", minutes.information),
      ...points("Key Question", minutes.questions),
      ...points("Open issue", minutes.openIssues),
    ],
    hasActions: minutes.actions.length > 0,
    actions: minutes.actions.map(({ description, owner, due, priority, status }) => ({
      description,
      owner: nameOf(owner),
      due: dayText(due),
      priority,
      status,
    })),
    followUp: followUp === undefined ? "" : whenText(followUp.at, zone),
    purpose: followUp?.purpose,
    nextSteps: minutes.nextSteps,
    hasNoNextSteps: minutes.nextSteps.length === 0 && followUp === undefined,
    distribution: minutes.distribution.to.map(nameOf).join(", ") || "not decided",
    channel: minutes.distribution.channel,
    storedAt: minutes.distribution.storedAt,
  });
}

function invitedText(people: readonly Invited[]): string {
  return people.map(({ name, role }) => `${name} (${role})`).join(", ") || "none";
}

function points(prefix: string, all: readonly Point[]) {
  return all.map(({ text, effect }) => ({ prefix, text, effect: effect ?? "" }));
}
