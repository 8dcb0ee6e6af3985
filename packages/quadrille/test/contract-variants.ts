// Variants of a contract that say more than a random one does: one command for all, every pair of states
// forbidden, slips that make it repeat for ever.
import { mulberry32 } from "../src/ambient/virtual.ts";
import { listMutants } from "../src/check/mutants.ts";
import type { ChoreographyJson, ForbiddenJson, ParticipantJson } from "../src/contract/json-form.ts";

/** All commands are one, whose budget everybody draws on. */
export function withOneCommand(choreography: ChoreographyJson, budget: number): ChoreographyJson {
  const merge = (participant: ParticipantJson): ParticipantJson => ({
    ...participant,
    states: Object.fromEntries(
      Object.entries(participant.states).map(([name, { commands, ...state }]) => {
        const [first] = Object.values(commands ?? {});
        return [name, first === undefined ? state : { ...state, commands: { go: first } }];
      }),
    ),
  });
  const participants = Object.fromEntries(
    Object.entries(choreography.participants).map(([name, participant]) => [name, merge(participant)]),
  );
  return { ...choreography, participants, commands: { go: budget } };
}

/** Every pair of states of two participants is forbidden: P13 then says which ones meet. */
export function withPairsForbidden(choreography: ChoreographyJson): ChoreographyJson {
  const states = Object.entries(choreography.participants).flatMap(([participant, value]) =>
    Object.keys(value.states).map((state) => ({ participant, state })),
  );
  const forbidden = states.flatMap((one, index) =>
    states.slice(index + 1).flatMap((other): ForbiddenJson[] => {
      if (one.participant === other.participant) return [];
      const together = { [one.participant]: one.state, [other.participant]: other.state };
      return [{ name: JSON.stringify(together), states: together }];
    }),
  );
  return { ...choreography, forbidden };
}

/**
 * A contract with a few slips, the same ones for the same seed; outcomes that lead elsewhere make
 * cycles.
 */
export function withSlips(choreography: ChoreographyJson, seed: number): ChoreographyJson {
  const next = mulberry32(seed);
  let slipped = choreography;
  for (let count = 1 + Math.floor(next() * 3); count > 0; count--) {
    const mutants = listMutants(slipped).filter(({ kind }) => kind === "retarget outcome" || next() < 0.3);
    slipped = mutants[Math.floor(next() * mutants.length)]?.choreography ?? slipped;
  }
  return slipped;
}
