// The claim to move business time: one process of a database has it at a time, like the ownership of a lane.
import { later } from "../ambient/system.ts";
import type { Owner, Owners } from "./owners.ts";
import type { TimeClaim, TimeStore } from "./time-store.ts";

/** How long a session that is still connecting is waited for. */
const connectMsMax = 3_000;

/**
 * Claims on the business time of the name `schema`, kept where lanes are owned. It counts as a lane of that
 * name.
 */
export function timeClaims(owners: Owners, schema: string): TimeStore["claim"] {
  return async () => {
    let isHeld = false;
    const changed = Promise.withResolvers<void>();
    const owner = owners.join({
      lanes: new Map([[schema, 1]]),
      onLost: () => {
        isHeld = false;
      },
      onChange: () => changed.resolve(),
    });
    const isConnected = await connected(owner, changed);
    isHeld = isConnected && (await owner.take([{ participant: schema, lane: 0 }])).length > 0;
    if (!isHeld) await owner.leave();
    const claim: TimeClaim = {
      get isHeld() {
        return isHeld;
      },
      free: async () => {
        isHeld = false;
        await owner.leave();
      },
    };
    return isHeld ? claim : undefined;
  };
}

/** Whether there is a session that locks can be kept by. */
async function connected(owner: Owner, changed: PromiseWithResolvers<void>): Promise<boolean> {
  if ((await owner.look()) !== undefined) return true;
  const late = later(connectMsMax, () => changed.resolve());
  await changed.promise;
  late.cancel();
  return (await owner.look()) !== undefined;
}
