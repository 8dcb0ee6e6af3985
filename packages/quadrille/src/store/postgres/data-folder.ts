// One process owns a data folder: two PGlites over one folder would destroy it. A lock file beside the data names the
// owner. A process puts its own file there first and looks at the others afterwards, so of two that start at once at
// most one stays; and whoever clears a dead process's file can only hit that file, because its name is the process.
import { readdir, readFile, rm, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import { QuadrilleError } from "../../errors.ts";
import { makeFolder, unusable } from "../../make-folder.ts";
import { processStart } from "./process-start.ts";

/** A folder that this process owns. */
export interface OwnedFolder {
  /** Where the data is, in the folder. */
  readonly data: string;
  readonly release: () => Promise<void>;
}

/**
 * Takes the folder, making it when missing. Rejects with `Q_DATA_FOLDER_BUSY` while another process has it, with
 * `Q_FOLDER_UNUSABLE` where nothing can be written to it.
 */
export async function ownFolder(folder: string): Promise<OwnedFolder> {
  await makeFolder(folder);
  const own: Owner = { host: hostname(), pid: process.pid, file: join(folder, lockName(process.pid)) };
  await putLock(folder, own).catch((error: unknown) => {
    throw unusable(folder, error);
  });
  const release = (): Promise<void> => rm(own.file, { force: true });
  for (const other of await otherOwners(folder, own)) {
    if (await isAlive(other)) {
      await release();
      throw busy(folder, other);
    }
    await rm(other.file, { force: true });
  }
  return { data: join(folder, "data"), release };
}

interface Owner {
  readonly host: string;
  readonly pid: number;
  readonly file: string;
}

const lockPattern = /^owner-(?<host>.+)-(?<pid>\d+)\.lock$/;

function lockName(pid: number): string {
  return `owner-${hostname()}-${pid}.lock`;
}

/** The file of a process that had our number before us may be there; a second opening in this process is refused. */
async function putLock(folder: string, own: Owner): Promise<void> {
  const started = (await processStart(own.pid)) ?? "";
  const options = { flag: "wx" } as const;
  try {
    await writeFile(own.file, started, options);
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "EEXIST")) throw error;
    if (await isAlive(own)) throw busy(folder, own);
    await rm(own.file, { force: true });
    await writeFile(own.file, started, options);
  }
}

async function otherOwners(folder: string, own: Owner): Promise<readonly Owner[]> {
  return (await readdir(folder)).flatMap((name) => {
    const { host, pid } = lockPattern.exec(name)?.groups ?? {};
    const file = join(folder, name);
    return host === undefined || pid === undefined || file === own.file
      ? []
      : [{ host, pid: Number(pid), file }];
  });
}

/**
 * Whether the process that wrote the file still runs. Its number alone does not tell: after kill -9 another process may
 * have it, and in a container it is the same each time; so the start is compared as well. Of another host nothing is
 * known, and it counts as alive.
 */
async function isAlive({ host, pid, file }: Owner): Promise<boolean> {
  if (host !== hostname()) return true;
  const running = await processStart(pid);
  if (running === undefined) return false;
  const written = await readFile(file, "utf8").catch(() => "");
  return written === "" || written === running;
}

function busy(folder: string, { host, pid, file }: Owner): QuadrilleError {
  const here = host === hostname();
  const who =
    pid === process.pid && here ? `this process (${pid})` : `process ${pid}${here ? "" : ` on host ${host}`}`;
  const advice = here
    ? "Stop that process, or use another folder."
    : `Stop it there, or use another folder. When that host is gone for good, delete ${file}.`;
  return new QuadrilleError("Q_DATA_FOLDER_BUSY", `The data folder ${folder} is in use by ${who}. ${advice}`);
}
