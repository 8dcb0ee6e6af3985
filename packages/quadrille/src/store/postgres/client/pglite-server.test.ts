// A PGlite that crashes, played by a stand-in: it is opened again where its data are in files, and reported
// where they are not.
import { describe, expect, it } from "vitest";
import { type PgliteOpening, PgliteServer } from "./pglite-server.ts";

const message = Buffer.from("Q");
const ready = Buffer.from("Z\0\0\0\x05I", "latin1");

/** What a server says of an error. */
function errorResponse(severity: string, text: string): Buffer {
  const fields = Buffer.from(`S${severity}\0V${severity}\0C53100\0M${text}\0\0`, "latin1");
  const head = Buffer.alloc(5);
  head.write("E");
  head.writeUInt32BE(fields.length + 4, 1);
  return Buffer.concat([head, fields]);
}

/** PGlites that give these answers, one list for each that is opened. */
function opening(
  ...answers: readonly (readonly (Buffer | Error)[])[]
): PgliteOpening & { readonly closed: number[] } {
  const closed: number[] = [];
  let opened = 0;
  return {
    label: "PGlite at here",
    closed,
    open: async () => {
      const number = opened;
      opened += 1;
      const left = [...(answers[number] ?? [])];
      return {
        execProtocolRaw: async () => {
          const answer = left.shift();
          if (answer === undefined) throw new Error("it was asked after it had crashed");
          if (answer instanceof Error) throw answer;
          return answer;
        },
        close: async () => void closed.push(number),
      };
    },
    makeSureOfRoom: async () => undefined,
  };
}

describe("PGlite", () => {
  it("goes on after an error", async () => {
    const failed = Buffer.concat([errorResponse("ERROR", "no"), ready]);
    const server = await PgliteServer.start(opening([failed, ready]));
    expect(await server.answer(message)).toEqual(failed);
    expect(await server.answer(message)).toEqual(ready);
  });

  it.each([
    ["panics", errorResponse("PANIC", "No space left on device")],
    [
      "panics in the middle of an answer",
      Buffer.concat([ready, errorResponse("PANIC", "No space left on device")]),
    ],
    ["traps", new Error("No space left on device")],
  ])("that %s is no longer asked, and another one is opened over its files", async (_how, crash) => {
    const answers = opening([ready, crash], [ready]);
    const server = await PgliteServer.start(answers);
    await server.answer(message);
    const lost = { code: "57P02", message: "PGlite has crashed: No space left on device" };
    await expect(server.answer(message)).rejects.toMatchObject(lost);
    await expect(server.answer(message)).rejects.toMatchObject(lost);
    await Promise.all([server.ready(), server.ready()]);
    expect(await server.answer(message)).toEqual(ready);
    await server.close();
    expect(answers.closed).toEqual([1]);
  });

  it("is not opened while there is no room, and says so", async () => {
    let isFull = true;
    const server = await PgliteServer.start({
      ...opening([errorResponse("PANIC", "could not write")], [ready]),
      makeSureOfRoom: async () => {
        if (isFull) throw new Error("there is no space left");
      },
    });
    await expect(server.answer(message)).rejects.toThrow("could not write");
    const complaint =
      "PGlite at here has crashed (could not write) and cannot be opened again yet (there is no space left).";
    await expect(server.ready()).rejects.toMatchObject({ code: "Q_STORE_UNREACHABLE", retryable: true });
    await expect(server.ready()).rejects.toThrow(complaint);
    isFull = false;
    await server.ready();
    expect(await server.answer(message)).toEqual(ready);
  });

  it("whose data are in memory is not opened again: they are gone", async () => {
    const { makeSureOfRoom: _, ...inMemory } = opening([errorResponse("FATAL", "out of memory")], [ready]);
    const server = await PgliteServer.start(inMemory);
    await expect(server.answer(message)).rejects.toThrow("out of memory");
    await expect(server.ready()).rejects.toMatchObject({ code: "Q_STORE_UNREACHABLE", retryable: false });
    await server.close();
    expect(inMemory.closed).toEqual([]);
  });
});
