// Where the operator's endpoint of a running process is: one file in the data folder, readable by its owner
// alone, with the token in it. A killed process leaves its file behind, so a reader checks whether the
// process still runs.
import { readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { makeFolder } from "../node/make-folder.ts";
import { processStart } from "../node/process-start.ts";

/** How to reach a running process. */
export interface OperatorAddress {
  /** `http://127.0.0.1:41234` */
  readonly url: string;
  readonly token: string;
  readonly pid: number;
  /** Distinguishes the process from a later one with the same id. */
  readonly started: string;
}

/** The file's name in the data folder. */
export const addressFile = "operator.json";

/** Writes the file, replacing one that another process left. It appears whole and with its permissions. */
export async function writeAddress(
  dataFolder: string,
  { url, token }: Pick<OperatorAddress, "url" | "token">,
): Promise<void> {
  await makeFolder(dataFolder);
  const address: OperatorAddress = {
    url,
    token,
    pid: process.pid,
    started: (await processStart(process.pid)) ?? "",
  };
  const draft = join(dataFolder, `${addressFile}.${process.pid}`);
  await rm(draft, { force: true });
  await writeFile(draft, `${JSON.stringify(address)}\n`, { mode: 0o600, flag: "wx" });
  await rename(draft, join(dataFolder, addressFile));
}

/** Removes the file, if it still holds this token. */
export async function removeAddress(dataFolder: string, token: string): Promise<void> {
  const written = await parse(dataFolder);
  if (written?.token === token) await rm(join(dataFolder, addressFile), { force: true });
}

/** The address of the process that runs over this data folder; `undefined` when none does. */
export async function readAddress(dataFolder: string): Promise<OperatorAddress | undefined> {
  const address = await parse(dataFolder);
  if (address === undefined) return undefined;
  const started = await processStart(address.pid);
  return started === undefined || started !== address.started ? undefined : address;
}

async function parse(dataFolder: string): Promise<OperatorAddress | undefined> {
  const text = await readFile(join(dataFolder, addressFile), "utf8").catch(() => "");
  try {
    const read: unknown = JSON.parse(text);
    const fields = new Map<string, unknown>(Object.entries(read ?? {}));
    const [url, token, started] = ["url", "token", "started"].map((name) => String(fields.get(name)));
    const pid = Number(fields.get("pid"));
    return url !== undefined && URL.canParse(url) && Number.isSafeInteger(pid)
      ? { url, token: token ?? "", started: started ?? "", pid }
      : undefined;
  } catch {
    return undefined;
  }
}
