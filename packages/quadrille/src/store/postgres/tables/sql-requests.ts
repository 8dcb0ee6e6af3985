// Requests over SQL: commands for the owner of their lane. Statements are few, so they have no names.
import type { Requests } from "../../store.ts";
import type { SqlClient, SqlRow } from "../client/sql-client.ts";
import { writeError } from "../client/sql-errors.ts";
import { requestAnswersFromRows, requestColumns, requestFromRow, requestTable } from "../rows/request.ts";
import { rowsAsParameters } from "./rows-as-parameters.ts";

/** The requests of one schema, a quoted identifier. `named` makes a driver's error one of ours. */
export function sqlRequests(
  { query, label }: Pick<SqlClient, "query" | "label">,
  schema: string,
  named: <T>(answer: Promise<T>) => Promise<T>,
): Requests {
  const ask = (text: string, values: readonly unknown[]): Promise<readonly SqlRow[]> =>
    named(query({ text }, values));
  return {
    leave: async (requests) => {
      const { names, given, values } = rowsAsParameters(requestTable, requests);
      const text = `insert into ${schema}.request (${names}) ${given} on conflict (id) do nothing`;
      try {
        await query({ text }, values);
      } catch (error) {
        throw writeError(error, label);
      }
    },
    open: async (lanes, { rows, bytes }) => {
      const text = `select ${requestColumns} from (
          select ${requestColumns}, number,
            sum(octet_length(content::text)) over (order by number) - octet_length(content::text) as before
          from (
            select * from ${schema}.request where lane = any($1::integer[]) and answer is null
            order by number limit $2
          ) as first
        ) as page
        where before < $3 order by number`;
      return (await ask(text, [lanes, rows, bytes])).map(requestFromRow);
    },
    answers: async (ids) =>
      requestAnswersFromRows(
        await ask(`select id, answer from ${schema}.request where id = any($1::text[])`, [ids]),
      ),
    withdraw: async (ids) => {
      const text = `with gone as (delete from ${schema}.request where id = any($1::text[]) returning id, answer)
        select id, answer from gone where answer is null`;
      return [...requestAnswersFromRows(await ask(text, [ids])).keys()];
    },
    sweep: async (lane, before) => {
      const text = `delete from ${schema}.request where lane = $1 and time < $2 and answer is not null`;
      await ask(text, [lane, before]);
    },
  };
}
