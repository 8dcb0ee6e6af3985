// The operator's endpoint over a real socket: who may ask, what comes back, what the address file says and
// when it goes.
import { mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { QuadrilleError } from "../errors.ts";
import { addressFile, type OperatorAddress, readAddress } from "./address.ts";
import type { Operations, SagaReport } from "./api.ts";
import { operatorEndpoint, type OperatorEndpoint } from "./endpoint.ts";
import { endpointApp } from "./endpoint-app.ts";
import { remoteOperations } from "./remote-operations.ts";

const report: SagaReport = {
  sagaId: "s/1?",
  choreography: "Orders",
  causedBy: [],
  caused: [],
  states: { Order: "APPROVED" },
  end: "approved",
  time: { now: 5, kind: "stepped" },
  beganAt: 1,
  enteredAt: 2,
  timeline: [],
  expected: [],
};
const asked: unknown[] = [];
const operations: Operations = {
  sagas: async (query) => {
    asked.push(query);
    return [report];
  },
  time: async () => report.time,
  sagaIds: async (prefix, limit) =>
    ["order-1", "order-2"].filter((id) => id.startsWith(prefix)).slice(0, limit),
  saga: async (sagaId) => (sagaId === report.sagaId ? report : undefined),
  parked: async (query) => {
    asked.push(query);
    if (query.participant === "Broken") throw new Error("a secret of the program");
    return [];
  },
  redrive: async (participant, id) => {
    asked.push({ participant, id });
    if (id === "none") throw new QuadrilleError("Q_PARKED_UNKNOWN", "No such message.");
    if (id === "waiting") throw new QuadrilleError("Q_PARKED_REFUSED", "It waits.");
    if (id === "busy") throw new QuadrilleError("Q_STORE_FAILED", "Busy.", { retryable: true });
  },
  redriveAll: async (filter) => {
    asked.push(filter);
    return 7;
  },
  discard: async (participant, id, reason) => void asked.push({ participant, id, reason }),
};

let folder = "";
let endpoint: OperatorEndpoint;
let address: OperatorAddress;
const logged: string[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "quadrille-endpoint-"));
  endpoint = await operatorEndpoint({
    operations,
    dataFolder: folder,
    log: (line) => void logged.push(line),
  });
  const read = await readAddress(folder);
  if (read === undefined) throw new Error("no address");
  address = read;
});
afterAll(async () => {
  await endpoint[Symbol.asyncDispose]();
  await rm(folder, { recursive: true });
});

describe("the address file", () => {
  it("is readable by its owner alone, and says where and who", async () => {
    expect((await stat(join(folder, addressFile))).mode & 0o777).toBe(0o600);
    expect(address).toMatchObject({ url: endpoint.url, pid: process.pid });
    expect(address.token).toMatch(/^[\w-]{43}$/);
  });

  it("counts for nothing when its process is gone, or it is not ours", async () => {
    const other = await mkdtemp(join(tmpdir(), "quadrille-endpoint-"));
    const put = (text: string) => writeFile(join(other, addressFile), text);
    expect(await readAddress(other)).toBeUndefined();
    await put(JSON.stringify({ ...address, pid: 2 ** 22 + 1 }));
    expect(await readAddress(other)).toBeUndefined();
    await put(JSON.stringify({ ...address, started: "another start" }));
    expect(await readAddress(other)).toBeUndefined();
    for (const text of ["", "{", "null", "7", '{"url":"nowhere"}']) {
      await put(text);
      expect(await readAddress(other)).toBeUndefined();
    }
    await put(JSON.stringify(address));
    expect(await readAddress(other)).toEqual(address);
    await rm(other, { recursive: true });
  });

  it("goes with the endpoint, unless a later one has replaced it", async () => {
    const other = await mkdtemp(join(tmpdir(), "quadrille-endpoint-"));
    const first = await operatorEndpoint({ operations, dataFolder: other });
    const second = await operatorEndpoint({ operations, dataFolder: other });
    await first[Symbol.asyncDispose]();
    expect((await readAddress(other))?.url).toBe(second.url);
    await second[Symbol.asyncDispose]();
    await expect(readFile(join(other, addressFile))).rejects.toMatchObject({ code: "ENOENT" });
    await rm(other, { recursive: true });
  });
});

describe("a request", () => {
  const get = (path: string, headers: Readonly<Record<string, string>> = {}) =>
    fetch(`${endpoint.url}${path}`, { headers: { authorization: `Bearer ${address.token}`, ...headers } });
  const post = (path: string, body: string) =>
    fetch(`${endpoint.url}${path}`, {
      method: "POST",
      body,
      headers: { authorization: `Bearer ${address.token}` },
    });

  it.each(["", "Bearer", "Bearer wrong", "bearer "])(
    "without the token is turned away: %j",
    async (authorization) => {
      const response = await get("/sagas", { authorization });
      expect(response.status).toBe(401);
      expect(response.headers.get("www-authenticate")).toBe("Bearer");
      expect(response.headers.get("content-type")).toBe("application/problem+json");
      expect(await response.json()).toEqual({
        type: "about:blank",
        title: "Unauthorized",
        status: 401,
        detail: "The bearer token is missing or wrong.",
      });
    },
  );

  it("by another name than a loopback address is turned away, also with the token", async () => {
    const nothing = Readable.from([]);
    const app = endpointApp({ operations, token: "t", log: () => {} });
    const ask = async (host: string): Promise<number> =>
      (
        await app({
          method: "GET",
          target: "/sagas",
          headers: { authorization: "Bearer t", host },
          body: nothing,
        })
      ).status;
    expect(await ask("127.0.0.1:4040")).toBe(200);
    expect(await ask("localhost:4040")).toBe(200);
    for (const host of ["evil.example", "127.0.0.1.evil.example", ""]) expect(await ask(host)).toBe(403);
  });

  it.each([
    ["/sagas?limit=0", 400, "limit"],
    ["/sagas?limit=many", 400, "limit"],
    ["/saga", 400, "query parameter id"],
    ["/saga-ids?limit=5", 400, "query parameter prefix"],
    ["/saga?id=unknown", 404, "No participant knows the saga unknown"],
    ["/parked?reason=lost", 400, "deferred, retrying"],
    ["/elsewhere", 404, "There is no /elsewhere here."],
    ["//[", 404, "There is no"],
  ])("that makes no sense is refused: %s", async (path, status, detail) => {
    const response = await get(path);
    expect([response.status, await response.text()]).toEqual([status, expect.stringContaining(detail)]);
  });

  it.each([
    ["", 400, "not a JSON object"],
    ["[", 400, "not a JSON object"],
    ["{}", 400, "participant is missing"],
    ['{"participant":"Order"}', 400, "id is missing"],
    ['{"participant":"Order","id":"none"}', 404, "Q_PARKED_UNKNOWN"],
    ['{"participant":"Order","id":"waiting"}', 409, "Q_PARKED_REFUSED"],
    ['{"participant":"Order","id":"busy"}', 503, "Q_STORE_FAILED"],
    [`{"id":"${"x".repeat(70_000)}"}`, 413, "65536 bytes"],
  ])("to fix something says what is wrong with it: %.40s", async (body, status, detail) => {
    const response = await post("/redrive", body);
    expect([response.status, await response.text()]).toEqual([status, expect.stringContaining(detail)]);
  });

  it("to redrive a group says which reasons there are", async () => {
    const response = await post("/redrive-all", '{"reason":"discarded"}');
    expect([response.status, await response.text()]).toEqual([
      400,
      expect.stringContaining("neither dead nor retrying"),
    ]);
  });

  it("that the program fails at shows nothing of the program, and the log shows all", async () => {
    const response = await get("/parked?participant=Broken");
    expect(response.status).toBe(500);
    expect(await response.text()).not.toContain("secret");
    expect(logged.join()).toContain("a secret of the program");
  });
});

describe("the operations of a running process", () => {
  it("are the same from afar", async () => {
    const remote = remoteOperations(address, fetch);
    expect(await remote.sagaIds("order", 1)).toEqual(["order-1"]);
    asked.length = 0;
    expect(await remote.sagas({ limit: 2, before: "a b" })).toEqual([report]);
    expect(await remote.saga("s/1?")).toEqual(report);
    expect(await remote.saga("unknown")).toBeUndefined();
    expect(await remote.parked({ limit: 3, participant: "Order", reason: "dead" })).toEqual([]);
    await remote.redrive("Order", "Kitchen/0/1/0");
    expect(await remote.redriveAll({ participant: "Order", trigger: "charge", reason: "dead" })).toBe(7);
    await remote.discard("Order", "Kitchen/0/1/0", "no use");
    expect(asked).toEqual([
      { limit: 2, before: "a b" },
      { limit: 3, participant: "Order", reason: "dead" },
      { participant: "Order", id: "Kitchen/0/1/0" },
      { participant: "Order", trigger: "charge", reason: "dead", callAgain: false },
      { participant: "Order", id: "Kitchen/0/1/0", reason: "no use" },
    ]);
  });

  it("fail as they fail there", async () => {
    const remote = remoteOperations(address, fetch);
    await expect(remote.redrive("Order", "none")).rejects.toMatchObject({
      code: "Q_PARKED_UNKNOWN",
      message: "No such message.",
    });
    await expect(remote.redrive("Order", "busy")).rejects.toMatchObject({
      code: "Q_STORE_FAILED",
      retryable: true,
    });
    const wrong = remoteOperations({ ...address, token: "wrong" }, fetch);
    await expect(wrong.sagas({ limit: 1 })).rejects.toMatchObject({
      message: "The bearer token is missing or wrong.",
    });
    const gone = remoteOperations({ ...address, url: "http://127.0.0.1:1" }, fetch);
    await expect(gone.sagas({ limit: 1 })).rejects.toMatchObject({ code: "Q_STORE_UNREACHABLE" });
  });
});
