// Whether there is room on a disk: tried, because a quota or a limit of the process is not seen in what is
// free.
import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";

/**
 * Resolves when a file of `bytes` bytes could be written into the folder; it is removed again. Rejects with
 * the system's error.
 */
export async function makeSureOfRoom(folder: string, bytes: number): Promise<void> {
  const tried = join(folder, "room");
  try {
    await writeFile(tried, Buffer.alloc(bytes));
  } finally {
    await rm(tried, { force: true });
  }
}
