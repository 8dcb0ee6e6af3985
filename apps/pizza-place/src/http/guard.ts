// Keeps web pages out: the API listens on loopback and asks for no password, so requests that a browser makes
// for another site are refused.
import type { MiddlewareHandler } from "hono";
import { Problem } from "./problem.ts";

const loopback = new Set(["localhost", "127.0.0.1", "[::1]"]);

/** Refuses requests for another host (DNS rebinding) and from a page of another origin. */
export const onlyLocal: MiddlewareHandler = async (c, next) => {
  const host = c.req.header("host") ?? "";
  const origin = c.req.header("origin");
  // Browsers send this header even if a form leaves out the origin (Fetch Metadata).
  const site = c.req.header("sec-fetch-site") ?? "none";
  const isOfAnotherPage = site !== "none" && site !== "same-origin";
  const isForeign =
    isOfAnotherPage || !isLoopback(`http://${host}`) || (origin !== undefined && !isLoopback(origin));
  if (isForeign) {
    throw new Problem(403, {
      name: "not-local",
      title: "Not local",
      detail:
        "This API serves programs on this machine only, not web pages: ask it by its loopback address and without an Origin.",
    });
  }
  await next();
};

function isLoopback(url: string): boolean {
  return URL.canParse(url) && loopback.has(new URL(url).hostname);
}
