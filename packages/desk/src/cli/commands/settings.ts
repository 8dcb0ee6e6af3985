// What `settings` does.
import { mkdirSync, writeFileSync } from "node:fs";
import { DeskError } from "../../desk-error.ts";
import type { ExitCode } from "../exit-codes.ts";
import type { CommonOptions, Session } from "../session.ts";

/** `settings` */
export function settingsCommand(
  { write }: CommonOptions & { readonly write?: true },
  session: Session,
): ExitCode {
  const text = JSON.stringify(session.settings, null, 2);
  if (write === true) {
    mkdirSync(session.folder, { recursive: true });
    try {
      writeFileSync(session.path("desk.json"), `${text}\n`, { flag: "wx" });
    } catch (error) {
      throw new DeskError("D_EXISTS", `${session.path("desk.json")} is there already: edit it.`, {
        cause: error,
      });
    }
  }
  return session.print(session.settings, () =>
    write === true ? `Made ${session.path("desk.json")}.` : text,
  );
}
