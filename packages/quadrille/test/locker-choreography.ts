// A locker that sagas share: the saga that took it opens and clears it.
import { z } from "zod";
import { choreography, type Choreography } from "../src/contract/choreography.ts";
import { type Service, service } from "../src/contract/handler.ts";
import { to } from "../src/contract/outcome.ts";
import { participant } from "../src/contract/participant.ts";
import { on } from "../src/contract/reaction.ts";
import { command, type CommandType } from "../src/contract/trigger.ts";

/** Which locker. */
export interface LockerData {
  readonly locker: string;
}
const Locker = z.object({ locker: z.string() });
export const take: CommandType<"take", LockerData> = command("take", Locker);
export const open: CommandType<"open", LockerData> = command("open", Locker);
export const clear: CommandType<"clear", LockerData> = command("clear", Locker);
const by = ({ locker }: { locker: string }) => locker;
const locker = participant("Locker", {
  entity: "Locker",
  initial: "FREE",
  states: {
    FREE: [
      on(take, to("TAKEN"), { by }),
      on(open, { mine: to("OPEN").ifOwn(), no: to("FREE").ifOther() }, { by }),
    ],
    TAKEN: [
      on(open, { mine: to("OPEN").ifOwn(), no: to("TAKEN").ifOther() }, { by }),
      on(clear, to("FREE").ifOwn(), { by }),
    ],
    OPEN: [],
  },
});
export const station: Choreography = choreography("Station", {
  participants: [locker],
  ends: { any: {} },
  forbidden: { "a locker is opened": { Locker: "OPEN" } },
});

/** Opens it for the saga that took it. */
export const opens: Service = service(locker, {
  handlers: {
    FREE: { open: ({ isOwn, choose }) => (isOwn ? choose.mine() : choose.no()) },
    TAKEN: { open: ({ isOwn, choose }) => (isOwn ? choose.mine() : choose.no()) },
  },
});
/** Opens it for each saga. */
export const opensAll: Service = service(locker, {
  handlers: {
    FREE: { open: ({ choose }) => choose.mine() },
    TAKEN: { open: ({ choose }) => choose.mine() },
  },
});
