// An audit's report as text.
import { dollars } from "../shared/money.ts";
import type { AuditReport } from "./audit.ts";

/** The report in a few lines, the verdict first. */
export function printAudit(report: AuditReport): string {
  const lines = [
    `Audit: ${report.green ? "green" : "NOT GREEN"}. ${count(report.orders, "order")}: ${report.approved} approved, ${report.rejected} rejected, ${report.cancelled} cancelled, ${report.live} under way; ${report.revised} revised.`,
    `Approved ${dollars(report.approvedCents)}, authorized ${dollars(report.authorizedCents)}; ${count(report.authorizations, "authorization")} and ${report.declined} declined in the provider's ledger.`,
    `Cancelled ${dollars(report.cancelledCents)}, reversed ${dollars(report.reversedCents)}; ${count(report.reversals, "reversal")} in the ledger, ${report.uncleared} not cleared yet.`,
    ...report.findings.map(({ rule, orderId, message }) => `  ${rule}: order ${orderId} ${message}`),
  ];
  const unlisted = report.findingsCount - report.findings.length;
  if (unlisted > 0) lines.push(`  and ${unlisted} more`);
  return `${lines.join("\n")}\n`;
}

function count(number: number, what: string): string {
  return `${number} ${what}${number === 1 ? "" : "s"}`;
}
