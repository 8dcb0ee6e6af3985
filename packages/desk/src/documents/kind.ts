// What a kind of document is: its name, its folder and its schema. The kinds themselves stand beside what
// they are for.
import type { z } from "zod";

/** Every document has an id, which is also its file's name. */
export interface Named {
  readonly id: string;
}

/** A kind of document. */
export interface Kind<Doc extends Named> {
  /** In sentences: "There is no demand faster-refunds". */
  readonly name: string;
  /** Under the desk's folder. */
  readonly folder: string;
  /** What each document says in its field `schema`. A change that old files do not fit gets a new number. */
  readonly schemaName: string;
  readonly schema: z.ZodType<Doc>;
}
