// For tests: where data are kept that are thrown away soon.
import { readFileSync, statfsSync } from "node:fs";
import { tmpdir } from "node:os";

/** Linux's file system in memory. */
const memory = "/dev/shm";

/** More than all tests of a run have at a time. */
const roomBytes = 4 * 2 ** 30;

/**
 * A folder in memory, where there is one with room: a database makes and removes many files, which is much
 * more work on a disk. Else the system's folder for temporary files.
 */
export function quickFolder(): string {
  try {
    const { bavail, bsize } = statfsSync(memory);
    // The server's programs may have to be copied there.
    const runsPrograms = !/ \/dev\/shm \S+ \S*noexec/.test(readFileSync("/proc/mounts", "utf8"));
    return runsPrograms && bavail * bsize > roomBytes ? memory : tmpdir();
  } catch {
    return tmpdir();
  }
}
