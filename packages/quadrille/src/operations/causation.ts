// How sagas of several choreographies are connected: what caused one, and what it has caused.
import type { Causation, SagaReport } from "./api.ts";
import type { StoredMember } from "./list-sagas.ts";

/** What the participants have written down of a saga's causes and consequences. */
export async function causationOf(
  members: readonly StoredMember[],
  sagaId: string,
): Promise<Pick<SagaReport, "causedBy" | "caused">> {
  const found = await Promise.all(
    members.map(async ({ table, choreography, store }) => {
      const [before, after] = await Promise.all([
        store.origins({ sagaId }),
        store.origins({ causedBy: sagaId }),
      ]);
      const takenBy = table.name;
      return {
        causedBy: before.map(
          ({ event, cause, causedBy }): Causation => ({ ...causedBy, event, cause, takenBy }),
        ),
        caused: after.map((one): Causation => {
          const { event, cause, sagaId: caused } = one;
          return { choreography: choreography.name, sagaId: caused, event, cause, takenBy };
        }),
      };
    }),
  );
  return {
    causedBy: found.flatMap(({ causedBy }) => causedBy),
    caused: found.flatMap(({ caused }) => caused),
  };
}
