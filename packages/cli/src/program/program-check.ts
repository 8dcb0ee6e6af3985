// The checker's commands.
import { type Command, InvalidArgumentError, Option } from "commander";
import { withBound } from "../read/check-options.ts";
import { type AddCommand, choreographyOption, jsonOption, type Run } from "./command-parts.ts";
import type { CanDeployOptions } from "../commands/can-deploy.ts";
import type { CheckCommandOptions } from "../commands/check.ts";
import type { ExportOptions } from "../commands/export.ts";
import type { MutateOptions } from "../commands/mutate.ts";

const contracts = "[contracts...]";

/** Adds the checker's commands to the program. */
export function checkCommands(add: AddCommand, run: Run): void {
  addCheck(add, run);
  addMutate(add, run);
  addCanDeploy(add, run);
  addExport(add, run);
  add("explain <what>", "What a code means, or what the choreography says about a name.", [
    ["explain P3a", "a property of the checker; also W01 and Q_ codes"],
    ["explain OrderCreated", "an event: who publishes it, who takes it in which state, what follows"],
    ["explain createOrder", "a command, an activity or a deadline: who takes it, what follows"],
    ["explain Kitchen", "a participant, state by state"],
    ["explain CREATE_PENDING", "a state: what each trigger does there"],
    ["explain rejected", "an end or a forbidden combination: the states of its participants"],
  ])
    .addOption(choreographyOption())
    .addOption(jsonOption())
    .action((what: string, options: { choreography?: string; json?: true }) =>
      run(async (terminal) =>
        (await import("../commands/explain.ts")).explainCommand(what, options, terminal),
      ),
    );
}

function addCheck(add: AddCommand, run: Run): void {
  const does = "Explores every interleaving within a bound, and says what goes wrong.";
  const command = add(
    `check ${contracts}`,
    `${does} A module is imported: keep a contract in one without side effects.`,
    [
      ["check", "the choreography of this project"],
      ["check apps/pizza-place", "a folder with a choreography.ts"],
      ["check order.json kitchen.json", "contracts of several repositories, composed"],
      ["check --faults duplicate=1 --channel fifo", "what breaks without the inbox, in ordered channels"],
      ["check shop.json --sagas 2 --shared Stock", "two orders from one stock"],
      ["check --sagas 4 --reduce always", "four orders, by stubborn sets from the beginning"],
      ["check --json", "for programs; in an npm script, npm run -s keeps npm silent"],
    ],
  );
  withBound(command.summary(does))
    .addOption(jsonOption().conflicts(["sarif", "mermaid"]))
    .addOption(new Option("--sarif", "as SARIF 2.1.0, for code hosts").conflicts("mermaid"))
    .option("--mermaid", "each path as a sequence diagram")
    .option("--watch", "check again whenever a file changes")
    .option("--verbose", "tell the paths of reports, too")
    .option("--strict", "exit 1 for warnings, too")
    .option("--assumptions", "also report what survives which fault and channel: many runs")
    .option("--allow-unexhausted", "exit 0 although the bound was hit")
    .option("--write-tests <folder>", "write each path as a test of the real handlers")
    .action((paths: string[], options: CheckCommandOptions & { watch?: true }) =>
      run(async (terminal) => {
        const { watch, ...once } = options;
        if (watch !== true) return (await import("../commands/check.ts")).checkCommand(paths, once, terminal);
        return (await import("../commands/watch.ts")).watchCheck(paths, once, terminal);
      }),
    );
}

function addMutate(add: AddCommand, run: Run): void {
  const command = add(
    `mutate ${contracts}`,
    "Changes the contract in one place at a time, and says what no check catches. Exits 1 when the contract has errors itself.",
    [
      ["mutate", "the choreography of this project"],
      ["mutate order.json --at-least 99", "exit 1 when less than 99 % are caught"],
      ["mutate order.json --channel fifo", "in the engine's order alone, and not in any"],
    ],
  );
  withBound(command)
    .addOption(
      new Option("--at-least <percent>", "exit 1 when fewer are caught").argParser((text) => {
        if (/^\d+(\.\d+)?$/.test(text) && Number(text) <= 100) return Number(text);
        throw new InvalidArgumentError("A percentage is expected.");
      }),
    )
    .addOption(jsonOption())
    .action((paths: string[], options: MutateOptions) =>
      run(async (terminal) =>
        (await import("../commands/mutate.ts")).mutateCommand(paths, options, terminal),
      ),
    );
}

function addCanDeploy(add: AddCommand, run: Run): void {
  add(
    "can-deploy <contract>",
    "Whether a new version may run beside the running ones: safe, drain first, or no.",
    [
      [
        "can-deploy kitchen-v2.json --with running/*.json",
        "from the beginning and every reachable state in flight",
      ],
      [
        "can-deploy kitchen-v2.json --with running.json --in-flight states.json",
        "from the states that the journals hold",
      ],
    ],
  )
    .requiredOption("--with <contracts...>", "the contracts that run now")
    .option(
      "--in-flight <file>",
      'states in flight: [{"states": {"Order": "APPROVED"}, "messages": [{"event": "…", "to": "…"}]}]',
    )
    .addOption(jsonOption())
    .action((path: string, options: CanDeployOptions) =>
      run(async (terminal) =>
        (await import("../commands/can-deploy.ts")).canDeployCommand(path, options, terminal),
      ),
    );
}

function addExport(add: AddCommand, run: Run): void {
  const command: Command = add(`export ${contracts}`, "The choreography in the form of another tool.", [
    ["export --promela > model.pml && spin -run model.pml", "for SPIN"],
    ["export --tla --out model", "for TLC: module and configuration"],
    ["export --asyncapi apps/pizza-place", "channels, operations, payloads"],
    ["export --json > choreography.json", "the interchange form"],
  ]);
  withBound(command)
    .option("--promela", "a model for SPIN")
    .option("--tla", "a TLA+ module, with --out its TLC configuration, too")
    .option("--asyncapi", "an AsyncAPI 3.0 document")
    .option("--mermaid", "a flowchart")
    .option("--json", "the JSON form")
    .option("-o, --out <folder>", "write files into a folder (default: to the terminal)")
    .action((paths: string[], options: ExportOptions) =>
      run(async (terminal) =>
        (await import("../commands/export.ts")).exportCommand(paths, options, terminal),
      ),
    );
}
