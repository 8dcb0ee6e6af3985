// What `npm run audit` does: prints whether the ledger and the orders agree.
import { auditHelp, readAuditOptions } from "../start/options.ts";

/** Gives the exit code: 0 if they agree. Rejects with a `UserError` where there is nothing to audit. */
export async function auditPlace(args: readonly string[]): Promise<number> {
  const options = readAuditOptions(args, process.env);
  if (options === "help") {
    process.stdout.write(auditHelp);
    return 0;
  }
  const { makeReport } = await import("./make-report.ts");
  const { printAudit } = await import("../../audit/print.ts");
  const report = await makeReport(options);
  process.stdout.write(options.json ? `${JSON.stringify(report, undefined, 2)}\n` : printAudit(report));
  return report.green ? 0 : 1;
}
