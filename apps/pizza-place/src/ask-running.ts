// Sends a command about an order to the running pizza place, and prints its answer on one line.
import { z } from "zod";
import { readAddress } from "./address.ts";
import { dollars } from "./money.ts";
import type { OrderRequest } from "./order-options.ts";
import { UserError } from "./user-error.ts";

const Order = z.looseObject({
  orderId: z.string(),
  state: z.string(),
  totalCents: z.int().optional(),
  revision: z.int().optional(),
  reason: z.string().optional(),
  kept: z.object({ request: z.string(), reason: z.string() }).optional(),
});
const Problem = z.looseObject({ detail: z.string() });

/** What to print, and the exit code. Rejects with a {@link UserError} where no process answers. */
export async function askRunning(
  request: OrderRequest,
): Promise<{ readonly text: string; readonly exitCode: 0 | 1 }> {
  const { method, path, body, dataFolder, json } = request;
  const url = await readAddress(dataFolder);
  const sent =
    body === undefined ? {} : { body: JSON.stringify(body), headers: { "content-type": "application/json" } };
  const answer =
    url === undefined ? undefined : await fetch(`${url}${path}`, { method, ...sent }).catch(() => undefined);
  if (answer === undefined) {
    throw new UserError(
      `No pizza place runs with the data folder ${dataFolder}: run npm start, or name its folder with --data-folder.`,
      1,
    );
  }
  const found: unknown = await answer.json();
  const text = json ? JSON.stringify(found, undefined, 2) : undefined;
  if (!answer.ok) return { text: text ?? Problem.parse(found).detail, exitCode: 1 };
  return { text: text ?? lineOf(Order.parse(found)), exitCode: 0 };
}

function lineOf({ orderId, state, totalCents, revision = 0, reason, kept }: z.infer<typeof Order>): string {
  const parts = [
    `${orderId}: ${state}`,
    ...(reason === undefined ? [] : [reason]),
    ...(totalCents === undefined ? [] : [dollars(totalCents)]),
    ...(revision === 0 ? [] : [`revision ${revision}`]),
    ...(kept === undefined ? [] : [`${kept.request} was refused: ${kept.reason}`]),
  ];
  return parts.join(", ");
}
