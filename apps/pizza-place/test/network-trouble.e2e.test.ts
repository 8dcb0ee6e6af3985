// The pizza place behind a network that swallows what is sent, and at a server that takes connections and
// says nothing.
import { once } from "node:events";
import { createServer } from "node:net";
import { describe, expect, it } from "vitest";
import { freshDatabase } from "../../../test/postgres.ts";
import { asPromised, within } from "../../../test/soon.ts";
import { answersPerSecond, tcpProxy, through } from "../../../test/tcp-proxy.ts";
import { runToEnd, start, temporaryFolder } from "./child.ts";

const form = { consumerId: "consumer-0001", lines: [{ pizza: "hawaiian", size: "M", quantity: 1 }] };

async function statusOf(place: string): Promise<number> {
  return (await fetch(`${place}/health`)).status;
}

describe.concurrent("a pizza place at rest", () => {
  it("asks its server less than five times a second", async ({ expect }) => {
    const { url, drop } = await freshDatabase();
    await using proxy = await tcpProxy(Number(new URL(url).port));
    const { folder, remove } = temporaryFolder();
    const home = ["--data-folder", folder, "--database", through(url, proxy), "--port", "0"];
    const child = start("main", [...home, "--orders", "5"]);
    await child.until(/The replay is over/);
    // Until it rests: it is still busy for a while after its last order.
    await expect.poll(() => answersPerSecond(proxy)).toBeLessThan(5);
    // And not by chance: it goes on looking what others have written, and seldom.
    const perSecond = await answersPerSecond(proxy, 6);
    expect(perSecond).toBeGreaterThan(0);
    expect(perSecond).toBeLessThan(5);
    child.kill("SIGTERM");
    expect((await child.ended).code).toBe(0);
    remove();
    await drop();
  });
});

describe.concurrent("a network that swallows everything", () => {
  it("is reported by /health and by the answers within ten seconds, and SIGTERM stops within ten", async ({
    expect,
  }) => {
    const { url, drop } = await freshDatabase();
    await using proxy = await tcpProxy(Number(new URL(url).port));
    const { folder, remove } = temporaryFolder();
    const home = ["--data-folder", folder, "--database", through(url, proxy), "--port", "0"];
    const child = start("main", [...home, "--orders", "0"]);
    const place = await child.url();
    expect(await statusOf(place)).toBe(200);
    proxy.mood = "swallow";
    const begun = performance.now();
    const order = fetch(`${place}/orders`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(form),
    });
    await expect.poll(() => statusOf(place), { ...within, interval: 100 }).toBe(503);
    expect((await order).status).toBe(503);
    expect(performance.now() - begun).toBeLessThan(asPromised(10_000));
    const stopped = performance.now();
    child.kill("SIGTERM");
    const { code } = await child.ended;
    expect(performance.now() - stopped).toBeLessThan(asPromised(10_000));
    // In good order; on a machine that is too busy for that, by the limit of its time.
    expect([0, 130]).toContain(code);
    remove();
    await drop();
  });
});

describe.concurrent("a server that takes connections and says nothing", () => {
  it.each(["main", "audit-main"] as const)("is reported by %s in a sentence", async (program) => {
    const server = createServer((socket) => void socket.on("error", () => undefined)).listen(0, "127.0.0.1");
    await once(server, "listening");
    const address = server.address();
    const port = typeof address === "object" && address !== null ? address.port : 0;
    const { folder, remove } = temporaryFolder();
    const url = `postgres://someone@127.0.0.1:${port}/db`;
    const home = ["--data-folder", folder, "--database", url];
    const { code, err } = await runToEnd(
      program,
      program === "main" ? [...home, "--once", "--port", "0"] : home,
    );
    expect(code).toBe(1);
    expect(err.trim().split("\n")).toHaveLength(1);
    expect(err).toMatch(/cannot be reached|PostgreSQL at 127\.0\.0\.1/);
    remove();
    server.close();
  });
});
