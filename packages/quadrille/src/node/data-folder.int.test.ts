// A data folder has one owner, also after kill -9, also when numbers of processes come again.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, readdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { hostname, tmpdir } from "node:os";
import { join, relative, resolve } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { initialisedFolder } from "../../../../test/pglite-template.ts";
import { flushOf, flushOne, journalOf } from "../testing/store-samples.ts";
import { ownFolder } from "./data-folder.ts";
import { pgliteDatabase } from "../store/postgres/pglite-database.ts";
import { processStart } from "./process-start.ts";

let folder: string;
const children: ChildProcess[] = [];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "quadrille-folder-"));
});
afterEach(async () => {
  await Promise.all(children.splice(0).map(kill));
  await rm(folder, { recursive: true, force: true });
});

const setup = { name: "kitchen", lanes: 1 };

describe("a data folder", () => {
  it("keeps what was committed for the next opening", async () => {
    {
      await using database = await pgliteDatabase({ folder });
      await database.open(setup);
      await flushOne({ database, participant: setup.name }, flushOf({ head: 1, journal: [journalOf(1)] }));
    }
    await using database = await pgliteDatabase({ folder });
    expect(database.label).toBe(`PGlite at ${folder}`);
    expect((await (await database.open(setup)).recover(0)).head).toBe(1);
  });

  it("is refused to a second process, which learns whose it is", async () => {
    const owner = await otherProcess(opensFolder);
    await expect(pgliteDatabase({ folder })).rejects.toMatchObject({
      code: "Q_DATA_FOLDER_BUSY",
      message: expect.stringMatching(
        new RegExp(`${folder} is in use by process ${owner.pid}\\. Stop that`),
      ) as unknown,
    });
    expect(owner.exitCode).toBeNull();
  });

  it.each([
    ["is a file", "file", /is a file \(EEXIST\)/],
    ["lies below a file", "file/below/it", /a part of its path is a file \(ENOTDIR\)/],
    // There `mkdir` with `recursive` never ends (Node 24).
    ["is in a file system that takes none", "/proc/nope", /\(E[A-Z]+\)/],
  ])("that %s is refused in one sentence", async (_, path, reason) => {
    await writeFile(join(folder, "file"), "");
    const named = resolve(folder, path);
    await expect(pgliteDatabase({ folder: named })).rejects.toMatchObject({
      code: "Q_FOLDER_UNUSABLE",
      message: expect.stringMatching(reason) as unknown,
    });
  });

  it("whose data are no database any more is refused in one sentence, and given back", async () => {
    await mkdir(join(folder, "data"));
    await writeFile(join(folder, "data", "PG_VERSION"), "nonsense");
    await expect(pgliteDatabase({ folder })).rejects.toMatchObject({
      code: "Q_STORE_FAILED",
      message: expect.stringMatching(/PGlite cannot open the data in .*\. Move them away/) as unknown,
    });
    expect(await sockets()).toEqual([]);
  });

  it("is taken over from a process that was killed, with what it had committed", async () => {
    await initialisedFolder(folder);
    const owner = await otherProcess(commits);
    await kill(owner);
    await using database = await pgliteDatabase({ folder });
    expect((await (await database.open(setup)).recover(0)).head).toBe(1);
    expect(await owners()).toEqual([`${hostname()} ${process.pid}`]);
  });

  it("is refused while its owner is stopped, and stays as it was", async () => {
    const owner = await otherProcess(opensFolder);
    owner.kill("SIGSTOP");
    await expect(ownFolder(folder)).rejects.toMatchObject({ code: "Q_DATA_FOLDER_BUSY" });
    owner.kill("SIGCONT");
    expect(await owners()).toEqual([`${hostname()} ${owner.pid}`]);
  });

  it("belongs to the process and not to its number and host, as in containers of one machine", async () => {
    const owner = await otherProcess(opensFolder);
    const [file = ""] = await sockets();
    // As a container with another host name has it, and with a number that no process has here.
    const elsewhere = file.replace(`-${hostname()}-${owner.pid}-`, "-some-container-4194999-");
    await rename(join(folder, file), join(folder, elsewhere));
    await expect(ownFolder(folder)).rejects.toThrow(
      "process 4194999 on host some-container. Stop that process",
    );
    await kill(owner);
    await (await ownFolder(folder)).release();
    expect(await sockets()).toEqual([]);
  });

  it("may be named by a relative path", async () => {
    const owned = await ownFolder(relative(process.cwd(), folder));
    await expect(ownFolder(folder)).rejects.toMatchObject({ code: "Q_DATA_FOLDER_BUSY" });
    expect(await owners()).toEqual([`${hostname()} ${process.pid}`]);
    await owned.release();
  });

  it("may have a long path", async () => {
    const long = join(folder, "a".repeat(100), "b".repeat(100));
    const owned = await ownFolder(long);
    await expect(ownFolder(long)).rejects.toMatchObject({ code: "Q_DATA_FOLDER_BUSY" });
    await owned.release();
  });

  it("keeps its data from other users, whatever the permissions of the files in it", async () => {
    await ownFolder(folder);
    expect((await stat(join(folder, "data"))).mode & 0o777).toBe(0o700);
  });

  it("is free again when it was closed", async () => {
    const owned = await ownFolder(folder);
    await expect(ownFolder(folder)).rejects.toMatchObject({ code: "Q_DATA_FOLDER_BUSY" });
    await owned.release();
    expect(await sockets()).toEqual([]);
    await (await ownFolder(folder)).release();
  });

  it("is refused to a second opening in the same process", async () => {
    await ownFolder(folder);
    await expect(ownFolder(folder)).rejects.toThrow(`is in use by this process (${process.pid})`);
  });

  it("is refused while the owner is on another machine, and says which file to delete when that is gone", async () => {
    const name = "owner-0123abcd-other-host-7-89abcdef.sock";
    await writeFile(join(folder, name), "");
    await expect(ownFolder(folder)).rejects.toMatchObject({
      code: "Q_DATA_FOLDER_BUSY",
      message: expect.stringMatching(`process 7 on host other-host.*delete ${join(folder, name)}`) as unknown,
    });
    expect(await sockets()).toEqual([name]);
  });

  it("is taken over from a process that ended with an earlier start of this machine", async () => {
    await writeFile(join(folder, `owner-0123abcd-${hostname()}-7-89abcdef.sock`), "");
    await ownFolder(folder);
    expect(await owners()).toEqual([`${hostname()} ${process.pid}`]);
  });

  it("goes to at most one of several that ask at once", async () => {
    const asked = await Promise.allSettled([ownFolder(folder), ownFolder(folder), ownFolder(folder)]);
    expect(asked.filter(({ status }) => status === "fulfilled").length).toBeLessThanOrEqual(1);
  });
});

describe("the start of a process", () => {
  it("is the same each time one looks, and differs from another's", async () => {
    const own = await processStart(process.pid);
    expect(own).toBeDefined();
    expect(await processStart(process.pid)).toBe(own);
    expect(await processStart(process.ppid)).not.toBe(own);
    expect(await processStart(4_194_999)).toBeUndefined();
  });

  it.runIf(process.platform === "linux")(
    "is unknown once it was killed, also while its parent has not noticed",
    async () => {
      const parent = spawn("sh", ["-c", "sleep 1000 & echo $!; exec sleep 1000"], {
        stdio: ["ignore", "pipe", "inherit"],
      });
      children.push(parent);
      const [output] = (await once(parent.stdout, "data")) as [Buffer];
      const pid = Number(output.toString());
      expect(await processStart(pid)).toBeDefined();
      // The shell might still notice; what takes its place does not.
      await expect.poll(() => readFile(`/proc/${parent.pid}/comm`, "utf8")).toBe("sleep\n");
      process.kill(pid, "SIGKILL");
      await expect.poll(() => processStart(pid)).toBeUndefined();
      expect(process.kill(pid, 0)).toBe(true);
    },
  );
});

async function sockets(): Promise<readonly string[]> {
  return (await readdir(folder)).filter((name) => name.endsWith(".sock"));
}

async function owners(): Promise<readonly string[]> {
  return (await sockets()).map((name) =>
    name.replace(/^owner-[0-9a-f]{8}-(.+)-(\d+)-[0-9a-f]{8}\.sock$/, "$1 $2"),
  );
}

const source = (file: string): string => JSON.stringify(join(import.meta.dirname, file));

/** Opens the folder, and no database in it. */
const opensFolder = (): string => `
  import { ownFolder } from ${source("data-folder.ts")};
  await ownFolder(${JSON.stringify(folder)});`;

/** Opens the database in the folder and commits one row. */
const commits = (): string => `
  import { pgliteDatabase } from ${source("../store/postgres/pglite-database.ts")};
  import { flushOf, flushOne, journalOf } from ${source("../testing/store-samples.ts")};
  const database = await pgliteDatabase({ folder: ${JSON.stringify(folder)} });
  await database.open(${JSON.stringify(setup)});
  await flushOne({ database, participant: "kitchen" }, flushOf({ head: 1, journal: [journalOf(1)] }));`;

/** A process that has run the script, and goes on until it is killed. */
async function otherProcess(script: () => string): Promise<ChildProcess> {
  const text = `${script()}\nconsole.log("done"); setInterval(() => {}, 1_000);`;
  const child = spawn(process.execPath, ["--liftoff-only", "--input-type=module", "--eval", text], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  children.push(child);
  const [printed] = (await once(child.stdout, "data")) as [Buffer];
  expect(printed.toString().trim()).toBe("done");
  return child;
}

async function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, "exit");
  child.kill("SIGKILL");
  await exited;
}
