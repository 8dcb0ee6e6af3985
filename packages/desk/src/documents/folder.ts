// Where documents are kept: a folder with one JSON file a document, in folders by kind, for a team to keep in
// git. Writing is whole or not at all: a temporary file is renamed into place, and a file that changed
// meanwhile is left alone.
import {
  existsSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { DeskError } from "../desk-error.ts";
import type { Kind, Named } from "./kind.ts";
import { expectSchema, parseAs, parseJson } from "./parse.ts";

/** Keeps documents. The choreographies that give documents a life bring another one. */
export interface Documents {
  /** The document of this id; `D_UNKNOWN` when there is none. */
  read<Doc extends Named>(kind: Kind<Doc>, id: string): Doc;
  /** All of a kind, by id. */
  list<Doc extends Named>(kind: Kind<Doc>): readonly Doc[];
  /** Whether there is one. */
  has<Doc extends Named>(kind: Kind<Doc>, id: string): boolean;
  /** Adds one; `D_EXISTS` when the id is taken. */
  create<Doc extends Named>(kind: Kind<Doc>, doc: Doc): void;
  /** Replaces what `read` or `list` gave; `D_CHANGED` when the file is another one by now. */
  replace<Doc extends Named>(kind: Kind<Doc>, before: Doc, after: Doc): void;
}

/** Documents in a folder. Nothing is made before the first document is. */
export class FolderDocuments implements Documents {
  readonly root: string;

  constructor(root: string) {
    this.root = root;
  }

  read<Doc extends Named>(kind: Kind<Doc>, id: string): Doc {
    const path = this.#path(kind, id);
    if (!isId(id) || !existsSync(path)) throw unknown(kind, id, this.#ids(kind));
    return this.#parse(kind, id);
  }

  list<Doc extends Named>(kind: Kind<Doc>): readonly Doc[] {
    return this.#ids(kind).map((id) => this.#parse(kind, id));
  }

  has<Doc extends Named>(kind: Kind<Doc>, id: string): boolean {
    return isId(id) && existsSync(this.#path(kind, id));
  }

  create<Doc extends Named>(kind: Kind<Doc>, doc: Doc): void {
    const path = this.#path(kind, doc.id);
    const temporary = this.#writeTemporary(kind, doc);
    try {
      // A link fails where the name is taken: of two programs that create, one wins and the other gets the
      // error.
      linkSync(temporary, path);
    } catch (error) {
      if (!isCode(error, "EEXIST")) throw folderError(path, error);
      throw new DeskError(
        "D_EXISTS",
        `There is a ${kind.name} ${doc.id} already: give another id with --id.`,
      );
    } finally {
      rmSync(temporary, { force: true });
    }
  }

  replace<Doc extends Named>(kind: Kind<Doc>, before: Doc, after: Doc): void {
    const temporary = this.#writeTemporary(kind, after);
    // Both as the schema orders their fields: a document that was put together in memory may have another
    // order.
    const had = parseDocument(kind, before, `${kind.folder}/${before.id}.json`);
    if (JSON.stringify(this.read(kind, before.id)) !== JSON.stringify(had)) {
      rmSync(temporary, { force: true });
      throw new DeskError(
        "D_CHANGED",
        `The ${kind.name} ${before.id} was changed meanwhile: run the command again.`,
      );
    }
    renameSync(temporary, this.#path(kind, before.id));
  }

  #ids<Doc extends Named>(kind: Kind<Doc>): readonly string[] {
    try {
      return readdirSync(join(this.root, kind.folder))
        .filter((name) => name.endsWith(".json"))
        .map((name) => name.slice(0, -".json".length))
        .toSorted();
    } catch (error) {
      if (isCode(error, "ENOENT")) return [];
      throw folderError(join(this.root, kind.folder), error);
    }
  }

  #parse<Doc extends Named>(kind: Kind<Doc>, id: string): Doc {
    const where = `${kind.folder}/${id}.json`;
    const doc = parseDocument(kind, parseJson(readFileSync(this.#path(kind, id), "utf8"), where), where);
    if (doc.id === id) return doc;
    throw new DeskError("D_INVALID", `${where} has the id ${doc.id}: name the file after its id.`);
  }

  #path<Doc extends Named>(kind: Kind<Doc>, id: string): string {
    return join(this.root, kind.folder, `${id}.json`);
  }

  #writeTemporary<Doc extends Named>(kind: Kind<Doc>, doc: Doc): string {
    const checked = parseDocument(kind, doc, `${kind.folder}/${doc.id}.json`);
    const temporary = join(this.root, kind.folder, `.${doc.id}.${process.pid}.tmp`);
    try {
      mkdirSync(join(this.root, kind.folder), { recursive: true });
      writeFileSync(temporary, documentText(checked));
    } catch (error) {
      throw folderError(join(this.root, kind.folder), error);
    }
    return temporary;
  }
}

/** The text of a document's file: two spaces a level and a final newline, for readable differences. */
function documentText(doc: unknown): string {
  return `${JSON.stringify(doc, null, 2)}\n`;
}

/** Checks that a value is a document of this kind. */
export function parseDocument<Doc extends Named>(kind: Kind<Doc>, value: unknown, where: string): Doc {
  expectSchema(value, kind.schemaName, where);
  return parseAs(kind.schema, value, where);
}

function isId(id: string): boolean {
  return /^[a-z0-9-]+$/.test(id);
}

function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && "code" in error && error.code === code;
}

function folderError(path: string, error: unknown): DeskError {
  const reason = error instanceof Error ? error.message : String(error);
  return new DeskError("D_FOLDER", `${path} cannot be used: ${reason}.`, { cause: error });
}

function unknown<Doc extends Named>(kind: Kind<Doc>, id: string, ids: readonly string[]): DeskError {
  return new DeskError("D_UNKNOWN", `There is no ${kind.name} ${JSON.stringify(id)}; ${known(ids)}.`);
}

/** Names up to eight ids, for an error that says what would have been right. */
export function known(ids: readonly string[]): string {
  if (ids.length === 0) return "there are none yet";
  const more = ids.length > 8 ? ` and ${ids.length - 8} more` : "";
  return `there are ${ids.slice(0, 8).join(", ")}${more}`;
}
