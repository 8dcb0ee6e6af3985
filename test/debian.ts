// Brings the Debian packages that some tests need (`spin`, `gcc`, `chromium`, `nats-server`), where the test
// may install them.
import { spawnSync } from "node:child_process";

/** Access to the machine; a test gives its own. */
export interface Machine {
  readonly isRoot: boolean;
  /** Runs a program to its end and gives its exit code, 127 where it does not exist. */
  readonly run: (program: string, args: readonly string[]) => number;
}

/**
 * Makes sure that each package's command is there. The command is the package's name, or what follows a colon
 * (`golang-go:go`). Installs what is missing when run as root on Debian; otherwise throws one sentence that
 * says what to do.
 */
export function ensureDebian(packages: readonly string[], machine: Machine = thisMachine): void {
  const missing = packages.filter((name) => !hasCommand(commandOf(name), machine)).map(packageOf);
  if (missing.length === 0) return;
  const install = `apt-get update && apt-get install -y ${missing.join(" ")}`;
  const canInstall = machine.isRoot && hasCommand("apt-get", machine);
  if (!canInstall) {
    throw new Error(
      `The commands of ${missing.join(", ")} are missing and cannot be installed from here: run \`${install}\` as root.`,
    );
  }
  const installed =
    machine.run("apt-get", ["update"]) === 0 &&
    machine.run("apt-get", ["install", "-y", "--no-install-recommends", ...missing]) === 0;
  if (!installed || !packages.every((name) => hasCommand(commandOf(name), machine))) {
    throw new Error(
      `Installing ${missing.join(", ")} failed: run \`${install}\` as root and read its output.`,
    );
  }
}

function packageOf(name: string): string {
  return name.split(":")[0] ?? name;
}

function commandOf(name: string): string {
  return name.split(":")[1] ?? packageOf(name);
}

function hasCommand(command: string, machine: Machine): boolean {
  return machine.run("sh", ["-c", `command -v "$1"`, "sh", command]) === 0;
}

const thisMachine: Machine = {
  isRoot: process.getuid?.() === 0,
  run: (program, args) => {
    const environment = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
    return spawnSync(program, args, { stdio: "ignore", env: environment }).status ?? 127;
  },
};
