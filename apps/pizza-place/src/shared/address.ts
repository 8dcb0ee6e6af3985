// Where the running process is: a small file in the data folder, so that the audit can ask it.
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";

const Address = z.object({ url: z.url({ protocol: /^http$/, hostname: /^127\.0\.0\.1$/ }), pid: z.int() });

/** Notes the address. */
export async function writeAddress(dataFolder: string, url: string): Promise<void> {
  await mkdir(dataFolder, { recursive: true });
  await writeFile(fileIn(dataFolder), `${JSON.stringify({ url, pid: process.pid })}\n`);
}

/** Removes the address, if it is still this process's. */
export async function removeAddress(dataFolder: string): Promise<void> {
  const noted = await read(dataFolder);
  if (noted?.pid === process.pid) await rm(fileIn(dataFolder), { force: true });
}

/** The noted address, `undefined` when there is none. A process that was killed may have left one. */
export async function readAddress(dataFolder: string): Promise<string | undefined> {
  return (await read(dataFolder))?.url;
}

async function read(dataFolder: string): Promise<z.infer<typeof Address> | undefined> {
  try {
    return Address.parse(JSON.parse(await readFile(fileIn(dataFolder), "utf8")));
  } catch {
    return undefined;
  }
}

function fileIn(dataFolder: string): string {
  return join(dataFolder, "pizza-place.json");
}
