// The commands that show sagas and handle parked messages.
import { type Command, InvalidArgumentError, Option } from "commander";
import type { ParkedReason, RedriveFilter } from "quadrille/operations";
import { durationMs, thrownText } from "quadrille/tooling";
import type { DataOptions } from "../read/data.ts";
import type { DoctorOptions } from "../commands/doctor.ts";
import type { MigrateCommandOptions } from "../commands/migrate.ts";
import type { SagasOptions } from "../commands/data.ts";
import { type AddCommand, choreographyOption, jsonOption, type Run } from "./command-parts.ts";
import type { Terminal } from "../terminal/terminal.ts";
import { type ExitCode, exitCodes, UserError } from "../terminal/user-error.ts";

const limitMax = 1_000;

/** Adds the commands about data to the program. */
export function dataCommands(add: AddCommand, run: Run): void {
  addLooking(add, run);
  addRepairs(add, run);
  addMigrate(add, run);
  addDoctor(add, run);
}

function addLooking(add: AddCommand, run: Run): void {
  withData(
    add("sagas", "The sagas, newest first, with the state of each participant.", [
      ["sagas --limit 5", "the five newest"],
      ["sagas --locked --idle 10m", "what has been stuck in a lock for ten minutes"],
      ["sagas --end rejected --participant Kitchen", ""],
      ["sagas --choreography Replenishment", "of one choreography of the project"],
      ["sagas --database postgres://user@host/name", "straight from PostgreSQL"],
    ]),
  )
    .addOption(limitOption())
    .option("--before <id>", "those after this one in the list: the next page")
    .addOption(new Option("--end <name>", "at this end").conflicts("underWay"))
    .option("--under-way", "at no end")
    .option("--locked", "with an entity in a lock")
    .option("--participant <name>", "with an entity of this participant")
    .option("--state <name>", "with an entity in this state")
    .addOption(
      new Option("--idle <duration>", 'in which no state was entered for this long, such as "10m"').argParser(
        duration,
      ),
    )
    .addOption(jsonOption())
    .action((options: SagasOptions) =>
      run(async (terminal) => (await import("../commands/data.ts")).sagasCommand(options, terminal)),
    );
  withData(
    add("saga <id>", "One saga: what happened, and what is expected next and from whom.", [
      ["saga 0193f2a1-7c3e-7000-8a2b-1f0c9d2e4b6a", ""],
      ["saga 0193f2a1-7c3", "the beginning of an id does where no other saga's begins so"],
    ]),
  )
    .addOption(jsonOption())
    .action((id: string, options: DataOptions & { json?: true }) =>
      run(async (terminal) => (await import("../commands/data.ts")).sagaCommand(id, options, terminal)),
    );
  withData(
    add("parked", "What is parked: deferred, to be tried again, or dead.", [
      ["parked --reason dead", "dead letters alone"],
      ["parked --participant Kitchen --json", ""],
    ]),
  )
    .option("--participant <name>", "of one participant")
    .addOption(
      new Option("--reason <reason>", "of one kind").choices([
        "deferred",
        "retrying",
        "waiting",
        "dead",
        "discarded",
      ]),
    )
    .addOption(limitOption())
    .addOption(jsonOption())
    .action(
      (options: DataOptions & { limit: number; participant?: string; reason?: ParkedReason; json?: true }) =>
        run(async (terminal) => (await import("../commands/data.ts")).parkedCommand(options, terminal)),
    );
}

function addRepairs(add: AddCommand, run: Run): void {
  withData(
    add(
      "redrive [participant] [id]",
      "Offers a dead or retrying message again, first of its key, or all that fit.",
      [
        ["redrive Kitchen Order/0/17/0", "as quadrille parked shows it"],
        ["redrive --all --participant Accounting --trigger authorize", "every call of one activity"],
        ["redrive --all --reason dead --code Q_ACTIVITY_FAILED", "everything that died of that error"],
      ],
    ),
  )
    .option("--all", "all that fit the options below")
    .option("--participant <name>", "of one participant")
    .addOption(new Option("--reason <reason>", "of one kind").choices(["dead", "retrying"]))
    .option("--trigger <name>", "of one event, deadline or activity")
    .option("--code <code>", "with this error")
    .option("--call-again", "call activities again that came back, and whose handler failed")
    .action((participant: string | undefined, id: string | undefined, options: RedriveOptions) =>
      run(async (terminal) => redriveAsAsked({ participant, id }, options, terminal)),
    );
  withData(
    add("discard <participant> <id>", "Gives a message up for good, and records why.", [
      ['discard Kitchen Order/0/17/0 --reason "the order was a test"', ""],
    ]),
  )
    .addOption(new Option("--reason <text>", "why, for the record").makeOptionMandatory().argParser(notEmpty))
    .action((participant: string, id: string, options: DataOptions & { reason: string }) =>
      run(async (terminal) =>
        (await import("../commands/data.ts")).discardCommand({ participant, id }, options, terminal),
      ),
    );
}

type RedriveOptions = DataOptions & RedriveFilter & { readonly all?: true };

async function redriveAsAsked(
  { participant, id }: { readonly participant: string | undefined; readonly id: string | undefined },
  options: RedriveOptions,
  terminal: Terminal,
): Promise<ExitCode> {
  const { redriveAllCommand, redriveCommand } = await import("../commands/data.ts");
  const { participant: of, reason, trigger, code } = options;
  const filters = [of, reason, trigger, code].some((one) => one !== undefined);
  if (options.all === true && participant === undefined) return redriveAllCommand(options, terminal);
  if (participant !== undefined && id !== undefined && options.all !== true && !filters)
    return redriveCommand({ participant, id }, options, terminal);
  throw new UserError(
    "Name one message by its participant and id, or say --all, with options that narrow it down. See quadrille redrive --help.",
    exitCodes.usage,
  );
}

function addMigrate(add: AddCommand, run: Run): void {
  withData(
    add("migrate", "What the contract is to the tables: what the next start does, or why it is refused.", [
      ["migrate --database postgres://user@host/name", "look, and write nothing"],
      ["migrate --accept", "take the contract as it is; what it does not understand becomes dead letters"],
    ]),
  )
    .option("--accept", "record the contract, though something under way is not understood, or to go back")
    .addOption(jsonOption())
    .action((options: MigrateCommandOptions) =>
      run(async (terminal) => (await import("../commands/migrate.ts")).migrateCommand(options, terminal)),
    );
}

function addDoctor(add: AddCommand, run: Run): void {
  add(
    "doctor",
    "What holds a PostgreSQL database up from outside: transactions that other sessions keep open.",
    [
      [
        "doctor --database postgres://user@host/name",
        "sessions, prepared transactions and replication slots",
      ],
      ["doctor --longer-than 10m --json", ""],
    ],
  )
    .option("--database <url>", "a PostgreSQL database, also QUADRILLE_DATABASE")
    .addOption(
      new Option("--longer-than <duration>", 'open for at least this long, such as "10m"')
        .default(60_000, "1m")
        .argParser(duration),
    )
    .addOption(jsonOption())
    .action((options: DoctorOptions) =>
      run(async (terminal) => (await import("../commands/doctor.ts")).doctorCommand(options, terminal)),
    );
}

function withData(command: Command): Command {
  return command
    .option("--data-folder <folder>", "where the program keeps its data (default: .quadrille)")
    .option(
      "--database <url>",
      "a PostgreSQL database, also QUADRILLE_DATABASE (default: the running process, or the folder)",
    )
    .option("--schema-prefix <text>", "what the program's database option schemaPrefix says")
    .addOption(choreographyOption());
}

function limitOption(): Option {
  return new Option("--limit <n>", "how many at most").default(20).argParser((text) => {
    if (/^\d+$/.test(text) && Number(text) >= 1 && Number(text) <= limitMax) return Number(text);
    throw new InvalidArgumentError(`A whole number from 1 to ${limitMax} is expected.`);
  });
}

/** Milliseconds. */
function duration(text: string): number {
  try {
    return durationMs(text);
  } catch (error) {
    throw new InvalidArgumentError(`${thrownText(error)}.`);
  }
}

function notEmpty(text: string): string {
  if (text.trim() !== "") return text;
  throw new InvalidArgumentError("It must not be empty.");
}
