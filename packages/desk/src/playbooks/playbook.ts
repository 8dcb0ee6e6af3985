// Playbooks are data: phases with a goal, actions, questions, tools and a key message. One generic run serves
// all of them.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { DeskError } from "../desk-error.ts";
import { known, parseDocument } from "../documents/folder.ts";
import type { Kind } from "../documents/kind.ts";
import { parseJson } from "../documents/parse.ts";
import { id, line, list, record, text } from "../documents/shape.ts";

const action = record({
  key: id,
  title: line,
  detail: text.optional(),
  purpose: text.optional(),
  questions: list(line).optional(),
});
/** Something to do in a phase. */
export type PlaybookAction = z.infer<typeof action>;

const phase = record({
  key: id,
  title: line,
  goal: text,
  /** The phases that are complete before this one begins. */
  after: list(id),
  /** Whether the actions are done in their order. */
  ordered: z.boolean(),
  actions: list(action, 1),
  keyMessage: text.optional(),
  questions: list(line).optional(),
  tools: list(line).optional(),
});
/** A phase of a playbook. */
export type Phase = z.infer<typeof phase>;

const playbook = record({
  schema: z.literal("quadrille-desk/playbook/1"),
  id,
  name: line,
  purpose: text,
  phases: list(phase, 1),
});
/** A file of the catalogue: phases, each with its actions. */
export type Playbook = z.infer<typeof playbook>;

const playbookKind: Kind<Playbook> = {
  name: "playbook",
  folder: "playbooks",
  schemaName: "quadrille-desk/playbook/1",
  schema: playbook,
};

/** The playbooks that come with the package, by id. */
export function readPlaybooks(): ReadonlyMap<string, Playbook> {
  const folder = join(import.meta.dirname, "catalogue");
  const all = readdirSync(folder)
    .filter((name) => name.endsWith(".json"))
    .toSorted()
    .map((name) => readPlaybook(readFileSync(join(folder, name), "utf8"), name));
  return new Map(all.map((each) => [each.id, each]));
}

/**
 * A playbook from the text of its file. `D_INVALID` where a key is used twice or `after` names no earlier
 * phase.
 */
export function readPlaybook(text: string, where: string): Playbook {
  const read = parseDocument(playbookKind, parseJson(text, where), where);
  const keys = read.phases.flatMap(({ actions }) => actions.map(({ key }) => key));
  const twice = keys.find((key, index) => keys.indexOf(key) !== index);
  if (twice !== undefined) throw new DeskError("D_INVALID", `${where}: the action ${twice} is there twice.`);
  read.phases.forEach(({ key, after }, index) => {
    const earlier = read.phases.slice(0, index).map((each) => each.key);
    const stranger = after.find((each) => !earlier.includes(each));
    if (stranger !== undefined)
      throw new DeskError("D_INVALID", `${where}: ${key} is after ${stranger}, which is no earlier phase.`);
  });
  return read;
}

/** The playbook of this id; `D_UNKNOWN` when there is none. */
export function playbookOf(playbooks: ReadonlyMap<string, Playbook>, id: string): Playbook {
  const found = playbooks.get(id);
  if (found !== undefined) return found;
  throw new DeskError(
    "D_UNKNOWN",
    `There is no playbook ${JSON.stringify(id)}; ${known([...playbooks.keys()])}.`,
  );
}
