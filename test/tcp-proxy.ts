// A TCP proxy that behaves like a bad network: it forwards bytes, drops them while both sides believe that
// they are connected, cuts a connection, or loses the client's side while its last bytes are still on their
// way.
import { once } from "node:events";
import { connect, createServer, type Socket } from "node:net";
import { setTimeout as pause } from "node:timers/promises";

/** A proxy in front of a port of this machine. */
export interface TcpProxy extends AsyncDisposable {
  /** Where it listens. */
  readonly port: number;
  /** What happens to bytes from now on: passed on, or swallowed while neither side sees an end. */
  mood: "pass" | "swallow";
  /** How many pieces the server has sent so far: at rest, one for each statement it answers. */
  readonly answers: number;
  /** Closes both sides of every connection. */
  cut(): void;
}

/**
 * Whether these bytes are the client's last: how many milliseconds later they reach the server, which then
 * sees the end.
 */
export type LastBytes = (bytes: number) => number | undefined;

/** Starts a proxy to `targetPort` of this machine. */
export async function tcpProxy(
  targetPort: number,
  lastBytes: LastBytes = () => undefined,
): Promise<TcpProxy> {
  const pairs = new Set<readonly [client: Socket, server: Socket]>();
  let answers = 0;
  const listener = createServer((client) => {
    const server = connect(targetPort, "127.0.0.1");
    const pair = [client, server] as const;
    pairs.add(pair);
    for (const socket of pair) socket.setNoDelay(true).on("error", () => undefined);
    client.on("data", (chunk) => {
      if (proxy.mood === "swallow") return;
      const lateMs = lastBytes(chunk.length);
      if (lateMs === undefined) return void server.write(chunk);
      pairs.delete(pair);
      client.removeAllListeners("close").destroy();
      setTimeout(() => server.write(chunk), lateMs);
      // The server answers first.
      setTimeout(() => server.destroy(), lateMs + 300);
    });
    server.on("data", (chunk) => {
      answers++;
      if (proxy.mood === "pass") client.write(chunk);
    });
    client.on("close", () => proxy.mood === "pass" && pairs.delete(pair) && server.destroy());
    server.on("close", () => proxy.mood === "pass" && pairs.delete(pair) && client.destroy());
  });
  listener.listen(0, "127.0.0.1");
  await once(listener, "listening");
  const address = listener.address();
  const proxy: TcpProxy = {
    port: typeof address === "object" && address !== null ? address.port : 0,
    mood: "pass",
    get answers() {
      return answers;
    },
    cut: () => {
      for (const socket of [...pairs].flat()) socket.destroy();
      pairs.clear();
    },
    [Symbol.asyncDispose]: async () => {
      proxy.cut();
      listener.close();
      await once(listener, "close");
    },
  };
  return proxy;
}

/** How often a second the server has answered, over the next two seconds or as many as given. */
export async function answersPerSecond(proxy: TcpProxy, seconds = 2): Promise<number> {
  const [before, begun] = [proxy.answers, performance.now()];
  await pause(seconds * 1_000);
  return (proxy.answers - before) / ((performance.now() - begun) / 1_000);
}

/** The same connection string, through the proxy. */
export function through(url: string, { port }: TcpProxy): string {
  const proxied = new URL(url);
  proxied.hostname = "127.0.0.1";
  proxied.port = String(port);
  return proxied.href;
}
