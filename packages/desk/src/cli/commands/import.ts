// What `import` does: documents that other programs wrote come into the folder, each checked against its
// schema.
import { DeskError } from "../../desk-error.ts";
import { parseDocument } from "../../documents/folder.ts";
import type { Kind, Named } from "../../documents/kind.ts";
import { oneOf } from "../../documents/lifecycle.ts";
import { isValues } from "../../documents/values.ts";
import { filledKind } from "../../frameworks/framework.ts";
import { minutesKind } from "../../minutes/minutes.ts";
import { actionKind } from "../../people/action.ts";
import { demandKind } from "../../people/demand.ts";
import { stakeholderKind } from "../../people/stakeholder.ts";
import { runKind } from "../../playbooks/run.ts";
import type { ExitCode } from "../exit-codes.ts";
import type { Session } from "../session.ts";

/** Kinds that may come from elsewhere; mails are made by the desk alone. */
const kinds: readonly Kind<Named>[] = [
  filledKind,
  minutesKind,
  actionKind,
  demandKind,
  stakeholderKind,
  runKind,
];

/** `import` */
export function importCommand(file: string, session: Session): ExitCode {
  const value = session.readJson(file);
  const all: readonly unknown[] = Array.isArray(value) ? value : [value];
  const read = all.map((each, index) => readDocument(each, all.length === 1 ? file : `${file}/${index}`));
  // Everything is checked before anything is written.
  const taken = read.find(({ kind, doc }) => session.documents.has(kind, doc.id));
  if (taken !== undefined)
    throw new DeskError(
      "D_EXISTS",
      `There is a ${taken.kind.name} ${taken.doc.id} already: nothing was added.`,
    );
  const named = Map.groupBy(read, ({ kind, doc }) => `${kind.name} ${doc.id}`);
  const twice = [...named].find(([, same]) => same.length > 1)?.[0];
  if (twice !== undefined)
    throw new DeskError("D_INVALID", `${file} has the ${twice} twice: nothing was added.`);
  for (const { kind, doc } of read) session.documents.create(kind, doc);
  const ids = read.map(({ kind, doc }) => ({ kind: kind.name, id: doc.id }));
  return session.print(
    ids,
    () =>
      `Added ${ids.length}: ${ids
        .slice(0, 8)
        .map(({ id }) => id)
        .join(", ")}${ids.length > 8 ? ", …" : ""}.`,
  );
}

function readDocument(value: unknown, where: string): { readonly kind: Kind<Named>; readonly doc: Named } {
  const schema = isValues(value) ? value["schema"] : undefined;
  const kind = kinds.find(({ schemaName }) => schemaName === schema);
  if (kind !== undefined) return { kind, doc: parseDocument(kind, value, where) };
  const names = oneOf(kinds.map(({ schemaName }) => schemaName));
  throw new DeskError(
    "D_INVALID",
    `${where} has the schema ${JSON.stringify(schema)}, which cannot be imported; ${names} can.`,
  );
}
