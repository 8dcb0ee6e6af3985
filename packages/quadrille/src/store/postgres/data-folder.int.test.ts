// A data folder has one owner, also after kill -9, also when numbers of processes come again.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { hostname, tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { flushOf, journalOf } from "../../testing/store-samples.ts";
import { ownFolder } from "./data-folder.ts";
import { pgliteDatabase } from "./pglite-database.ts";
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

const setup = { name: "kitchen", lanes: 1, sources: [] };

/** Making a new PGlite takes 2 s, ten times that on a machine that is busy with other tests. */
const testMsMax = 120_000;

describe("a data folder", { timeout: testMsMax }, () => {
  it("keeps what was committed for the next opening", async () => {
    {
      await using database = await pgliteDatabase({ folder });
      await (await database.open(setup)).flush(flushOf({ head: 1, journal: [journalOf(1)] }));
    }
    await using database = await pgliteDatabase({ folder });
    expect(database.label).toBe(`PGlite at ${folder}`);
    expect((await (await database.open(setup)).recover(0)).head).toBe(1);
  });

  it("is refused to a second process, which is told whose it is", async () => {
    const owner = await ownerInAnotherProcess();
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
    await (await pgliteDatabase({ folder }))[Symbol.asyncDispose]();
    await writeFile(join(folder, "data", "PG_VERSION"), "nonsense");
    await expect(pgliteDatabase({ folder })).rejects.toMatchObject({
      code: "Q_STORE_FAILED",
      message: expect.stringMatching(/PGlite cannot open the data in .*\. Move them away/) as unknown,
    });
    expect(await locks()).toEqual([]);
  });

  it("is taken over from a process that was killed, with what it had committed", async () => {
    const owner = await ownerInAnotherProcess();
    await kill(owner);
    await using database = await pgliteDatabase({ folder });
    expect((await (await database.open(setup)).recover(0)).head).toBe(1);
    expect(await locks()).toEqual([`owner-${hostname()}-${process.pid}.lock`]);
  });

  it("is free again when it was closed", async () => {
    const owned = await ownFolder(folder);
    await expect(ownFolder(folder)).rejects.toMatchObject({ code: "Q_DATA_FOLDER_BUSY" });
    await owned.release();
    expect(await locks()).toEqual([]);
    await (await ownFolder(folder)).release();
  });

  it("is refused to a second opening in the same process", async () => {
    await ownFolder(folder);
    await expect(ownFolder(folder)).rejects.toThrow(`is in use by this process (${process.pid})`);
  });

  it("is taken over when the owner's number belongs to another process now, our own included", async () => {
    await writeFile(join(folder, `owner-${hostname()}-${process.pid}.lock`), "an earlier boot 123");
    await writeFile(join(folder, `owner-${hostname()}-${process.ppid}.lock`), "an earlier boot 456");
    // Larger than any process's number, and killed between making the file and writing to it.
    await writeFile(join(folder, `owner-${hostname()}-4194999.lock`), "");
    await ownFolder(folder);
    expect(await locks()).toEqual([`owner-${hostname()}-${process.pid}.lock`]);
  });

  it("is refused while the owner is on another host, and says which file to delete when that host is gone", async () => {
    const file = join(folder, "owner-other-host-7.lock");
    await writeFile(file, "1");
    await expect(ownFolder(folder)).rejects.toMatchObject({
      code: "Q_DATA_FOLDER_BUSY",
      message: expect.stringMatching(`process 7 on host other-host.*delete ${file}`) as unknown,
    });
    expect(await locks()).toEqual(["owner-other-host-7.lock"]);
  });

  it("goes to at most one of several that ask at once", async () => {
    await writeFile(join(folder, `owner-${hostname()}-4194999.lock`), "nobody has this number");
    const asked = await Promise.allSettled([ownFolder(folder), ownFolder(folder), ownFolder(folder)]);
    expect(asked.filter(({ status }) => status === "fulfilled").length).toBe(1);
  });
});

const patient = { timeout: 20_000 };

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
      const [said] = (await once(parent.stdout, "data")) as [Buffer];
      const pid = Number(said.toString());
      expect(await processStart(pid)).toBeDefined();
      // The shell might still notice; what takes its place does not.
      await expect.poll(() => readFile(`/proc/${parent.pid}/comm`, "utf8"), patient).toBe("sleep\n");
      process.kill(pid, "SIGKILL");
      await expect.poll(() => processStart(pid), patient).toBeUndefined();
      expect(process.kill(pid, 0)).toBe(true);
    },
  );
});

async function locks(): Promise<readonly string[]> {
  return (await readdir(folder)).filter((name) => name.endsWith(".lock"));
}

/** A process that has opened the folder and committed one row. */
async function ownerInAnotherProcess(): Promise<ChildProcess> {
  const source = (file: string): string => JSON.stringify(join(import.meta.dirname, file));
  const script = `
    import { pgliteDatabase } from ${source("pglite-database.ts")};
    import { flushOf, journalOf } from ${source("../../testing/store-samples.ts")};
    const database = await pgliteDatabase({ folder: ${JSON.stringify(folder)} });
    const store = await database.open(${JSON.stringify(setup)});
    console.log(await store.flush(flushOf({ head: 1, journal: [journalOf(1)] })));
    setInterval(() => {}, 1_000);`;
  const child = spawn(process.execPath, ["--input-type=module", "--eval", script], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  children.push(child);
  const [said] = (await once(child.stdout, "data")) as [Buffer];
  expect(said.toString().trim()).toBe("committed");
  return child;
}

async function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, "exit");
  child.kill("SIGKILL");
  await exited;
}
