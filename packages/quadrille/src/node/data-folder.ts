// One process owns a data folder: two PGlite instances over one folder would destroy it. The owner listens on
// a socket in the folder. The operating system closes it with the process, also after kill -9, and a process
// that is only stopped still accepts connections. This also works across containers, where process ids and
// host names say nothing. A process creates its own socket first and looks at the others afterwards, so of
// two that start at once at most one stays.
import { readdir, rename, rm, symlink } from "node:fs/promises";
import { connect, createServer, type Server } from "node:net";
import { hostname, tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { newTag } from "../ambient/secret.ts";
import { QuadrilleError } from "../errors.ts";
import { makeFolder, makePrivateFolder, unusable } from "./make-folder.ts";
import { bootId } from "./boot-id.ts";

/** A folder that this process owns. */
export interface OwnedFolder {
  /** Where the data is, in the folder. */
  readonly data: string;
  readonly release: () => Promise<void>;
}

/**
 * Takes the folder, making it when missing. Rejects with `Q_DATA_FOLDER_BUSY` while another process has it,
 * with `Q_FOLDER_UNUSABLE` where nothing can be written to it.
 */
export async function ownFolder(folder: string): Promise<OwnedFolder> {
  const data = join(folder, "data");
  await makeFolder(folder);
  const short = await shortPath(folder);
  try {
    const boot = await bootId();
    const own = `owner-${boot}-${hostname()}-${process.pid}-${newTag()}.sock`;
    const server = await listen(short, own).catch((error: unknown) => {
      throw unusable(folder, error);
    });
    const release = async (): Promise<void> => {
      await new Promise((resolve) => server.close(resolve));
      await rm(join(folder, own), { force: true });
    };
    try {
      await clearDead({ folder, short, boot, own });
      await makePrivateFolder(data);
    } catch (error) {
      await release();
      throw error;
    }
    return { data, release };
  } finally {
    await rm(short, { force: true });
  }
}

interface FolderTaking {
  readonly folder: string;
  readonly short: string;
  readonly boot: string;
  /** This process's socket. */
  readonly own: string;
}

/** Throws if another process has the folder; removes what ended processes left in it. */
async function clearDead({ folder, short, boot, own }: FolderTaking): Promise<void> {
  for (const other of await otherOwners(folder, own)) {
    if (await isAlive(short, other, boot)) throw busy(folder, other, boot);
    await rm(join(folder, other.file), { force: true });
  }
}

interface FolderOwner {
  /** Identifies one start of one kernel. */
  readonly boot: string;
  readonly host: string;
  readonly pid: number;
  readonly file: string;
}

const ownerPattern = /^owner-(?<boot>[0-9a-f]{8})-(?<host>.+)-(?<pid>\d+)-[0-9a-f]{8}\.sock$/;

/** A socket's path may have about 100 bytes, and a folder's path more. */
async function shortPath(folder: string): Promise<string> {
  const short = join(tmpdir(), `quadrille-${newTag()}${newTag()}`);
  // A link with a relative target is resolved from the link's own folder.
  await symlink(resolve(folder), short, "dir");
  return short;
}

/**
 * The socket gets its name only once it listens, so that no other process takes it for one of an ended
 * process.
 */
async function listen(folder: string, name: string): Promise<Server> {
  const server = createServer((socket) => socket.destroy());
  const draft = join(folder, `.${name.slice(-13)}`);
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(draft, resolve);
  });
  server.unref();
  await rename(draft, join(folder, name));
  return server;
}

async function otherOwners(folder: string, own: string): Promise<readonly FolderOwner[]> {
  return (await readdir(folder)).flatMap((file) => {
    const { boot, host, pid } = ownerPattern.exec(file)?.groups ?? {};
    if (boot === undefined || host === undefined || pid === undefined || file === own) return [];
    return [{ boot, host, pid: Number(pid), file }];
  });
}

/**
 * A socket shows a live process only on this kernel. After a restart of the host it belongs to an ended one.
 */
async function isAlive(folder: string, { boot, host, file }: FolderOwner, ownBoot: string): Promise<boolean> {
  if (boot !== ownBoot) return host !== hostname();
  return new Promise((resolve) => {
    const socket = connect(join(folder, file));
    socket.once("connect", () => {
      socket.destroy();
      resolve(true);
    });
    // Refused or missing means ended. Any other error, such as too many connections, proves nothing.
    socket.once("error", (error: NodeJS.ErrnoException) =>
      resolve(error.code !== "ECONNREFUSED" && error.code !== "ENOENT"),
    );
  });
}

function busy(folder: string, { boot, host, pid, file }: FolderOwner, ownBoot: string): QuadrilleError {
  const isNear = boot === ownBoot;
  const isHere = isNear && host === hostname();
  const who =
    isHere && pid === process.pid
      ? `this process (${pid})`
      : `process ${pid}${isHere ? "" : ` on host ${host}`}`;
  const advice = isNear
    ? "Stop that process, or use another folder. Where it has only begun to start, try again in a moment."
    : `Stop it there, or use another folder. When that host is gone for good, delete ${join(folder, file)}.`;
  return new QuadrilleError("Q_DATA_FOLDER_BUSY", `The data folder ${folder} is in use by ${who}. ${advice}`);
}
