// Identifies one start of one machine.
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";

/**
 * Eight hexadecimal digits, the same for all processes and containers of a kernel; only on Linux do they
 * change with each start.
 */
export async function bootId(): Promise<string> {
  const id = await readFile("/proc/sys/kernel/random/boot_id", "utf8").catch(() => "");
  return createHash("sha256").update(id.trim()).digest("hex").slice(0, 8);
}
