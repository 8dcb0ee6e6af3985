// A transport that behaves as badly as its promise allows: it repeats, delays, delivers less, wakes without
// reason or not at all. For tests and simulations: it decorates any transport and decides by the given
// randomness.
import type { Delivery, Reading, Transport } from "./transport.ts";

/** How often each fault happens: 0 never, 1 always. */
export interface TransportFaults {
  /** A read starts up to `repeatRowsMax` positions too early. */
  readonly repeat: number;
  readonly repeatRowsMax: number;
  /** A read delivers nothing, as if the rows were still on their way. */
  readonly delay: number;
  /** A read delivers some of the rows only. */
  readonly shorten: number;
  /** A wake-up is swallowed. */
  readonly loseWake: number;
  /** A wake-up comes twice. */
  readonly repeatWake: number;
}

/**
 * Decorates `transport` with `faults`; `random` gives numbers in [0, 1). Its watchers may be woken for
 * nothing.
 */
export function unreliableTransport(
  transport: Transport,
  faults: TransportFaults,
  random: () => number,
): Transport {
  const happens = (probability: number): boolean => random() < probability;
  const upTo = (most: number): number => Math.floor(random() * (most + 1));
  return {
    read: async (reading: Reading): Promise<Delivery> => {
      if (happens(faults.delay)) return { rows: [], isPartial: true };
      const early = happens(faults.repeat) ? Math.min(upTo(faults.repeatRowsMax), reading.after) : 0;
      const after = reading.after - early;
      const whole = await transport.read({ ...reading, after, limit: reading.limit + early });
      if (!happens(faults.shorten)) return whole;
      return { rows: whole.rows.slice(0, upTo(whole.rows.length)), isPartial: true };
    },
    watch: (source, wake) =>
      transport.watch(source, () => {
        if (happens(faults.loseWake)) return;
        wake();
        if (happens(faults.repeatWake)) wake();
      }),
  };
}
