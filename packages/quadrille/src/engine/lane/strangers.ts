// Events that a reader's contract does not know: skipped, and recorded so that a later version can take them.
import type { Ambient } from "../../ambient/ambient.ts";
import type { Registry } from "../../store/store.ts";
import type { Lane } from "./lane.ts";

/** What noting needs. */
interface Noting {
  readonly store: Pick<Registry, "note">;
  readonly ambient: Pick<Ambient, "log">;
}

/**
 * Records where such events were first met, before the position moves past them: a later version of the
 * contract that takes them begins there.
 */
export async function noteStrangers(
  lane: Lane,
  participant: string,
  { store, ambient }: Noting,
): Promise<void> {
  for (const { source, filter } of lane.intakes) {
    const met = filter.takeStrangers();
    if (met.length === 0) continue;
    await store.note(
      met.map(({ event, position }) => {
        return { lane: lane.number, source, event, after: position - 1, until: undefined, isUnknown: true };
      }),
    );
    const names = met.map(({ event }) => event).join(", ");
    ambient.log({
      level: "warn",
      participant,
      message:
        `${source} publishes ${names}, which the contract of ${participant} in this process does not know. ` +
        "It stays in the journal: a version of the contract that takes it begins there.",
    });
  }
}
