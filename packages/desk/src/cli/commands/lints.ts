// What `lints` does: all lints there are, by what they look at.
import { lintRegistry } from "../../lint-registry.ts";
import { columns } from "../../render/markdown.ts";
import type { ExitCode } from "../exit-codes.ts";
import type { Session } from "../session.ts";

/** `lints` */
export function lintsCommand(session: Session): ExitCode {
  const rows = Object.entries(lintRegistry).flatMap(([on, lints]) =>
    Object.entries(lints).map(([name, { level, says }]) => ({ on, name, level, says })),
  );
  return session.print(rows, () =>
    columns(rows.map(({ on, name, level, says }) => [on, name, level, says])).join("\n"),
  );
}
