// The program: `npm run audit`. Prints whether the ledger and the orders agree.
import { auditHelp, readAuditOptions } from "./options.ts";
import { runProgram } from "./program.ts";

async function main(args: readonly string[]): Promise<number> {
  const options = readAuditOptions(args, process.env);
  if (options === "help") {
    process.stdout.write(auditHelp);
    return 0;
  }
  const { makeReport } = await import("./audit/make-report.ts");
  const { printAudit } = await import("./audit/print.ts");
  const report = await makeReport(options);
  process.stdout.write(options.json ? `${JSON.stringify(report, undefined, 2)}\n` : printAudit(report));
  return report.green ? 0 : 1;
}

await runProgram(main);
