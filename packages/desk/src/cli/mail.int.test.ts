// Mails as users send them: into a folder and through a real SMTP server, and what arrived is read back.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import PostalMime from "postal-mime";
import { describe, expect, it } from "vitest";
import { openFacts, resolvedFacts } from "../../test/facts.ts";
import { DeskBench } from "../../test/run-desk.ts";
import { TestSmtpServer } from "../../test/smtp-server.ts";
import type { Facts } from "../mail/facts.ts";

const leaders = [
  { name: "Head of Support", address: "support@example.org" },
  { name: "Head of Kitchens", address: "kitchens@example.org" },
];

function written(bench: DeskBench, name: string, facts: Facts): string {
  writeFileSync(
    join(bench.cwd, name),
    JSON.stringify({ ...facts, recipients: { leaders, technical: leaders } }),
  );
  return name;
}

const at = (time: string): readonly string[] => ["--now", `2026-11-26T${time}:00Z`];

describe("through a server", () => {
  it("arrive in one thread, as text and HTML, and say that a program sent them", async () => {
    await using server = new TestSmtpServer();
    const url = await server.start();
    using bench = new DeskBench();
    const open = written(bench, "open.json", openFacts);
    const alert = await bench.run(["mail", "alert", open, "--smtp", url, ...at("10:12")]);
    expect(alert).toMatchObject({
      code: 0,
      out: "Sent Alert 1 of Thu 26 Nov 2026, 10:12 UTC to support@example.org, kitchens@example.org (orders-wait-leaders-1).\n",
    });
    await bench.run(["mail", "update", open, "--smtp", url, ...at("10:20")]);
    const done = written(bench, "done.json", resolvedFacts);
    await bench.run(["mail", "resolution", done, "--smtp", url, ...at("10:30")]);

    const mails = (await server.arrived()).map(({ mail }) => mail);
    expect(mails.map(({ subject }) => subject)).toEqual([
      "URGENT: Orders Wait for the Kitchen - Order System",
      "UPDATE: Order System Orders Wait for the Kitchen - Investigation Ongoing",
      "RESOLVED: Order System Orders Wait for the Kitchen - Incident Report",
    ]);
    const ids = [1, 2, 3].map((number) => `<orders-wait-leaders-${number}@example.org>`);
    expect(mails.map(({ messageId }) => messageId)).toEqual(ids);
    expect(mails.map(({ inReplyTo }) => inReplyTo)).toEqual([undefined, ids[0], ids[1]]);
    expect(mails.map(({ references }) => references)).toEqual([undefined, ids[0], `${ids[0]} ${ids[1]}`]);
    for (const { headers, html, text, to, from } of mails) {
      expect(headers.find(({ key }) => key === "auto-submitted")?.value).toBe("auto-generated");
      expect(to).toMatchObject(leaders);
      expect(from).toMatchObject({ name: "Incident desk", address: "desk@example.org" });
      expect(text).toContain("Dear Head of Support and Head of Kitchens,");
      expect(html).toContain("Dear Head of Support and Head of Kitchens,");
    }
    expect(mails[0]?.date).toBe("2026-11-26T10:12:00.000Z");
    expect((await server.arrived())[0]).toMatchObject({
      from: "desk@example.org",
      to: leaders.map(({ address }) => address),
    });
  });

  it("that refuses one address: the others get it once, and a repetition goes to that one alone", async () => {
    await using server = new TestSmtpServer();
    const url = await server.start();
    using bench = new DeskBench();
    const open = written(bench, "open.json", openFacts);
    server.refused.add("kitchens@example.org");
    const first = await bench.run(["mail", "alert", open, "--smtp", url, ...at("10:12")]);
    expect(first.code).toBe(1);
    expect(first.err).toBe(
      "orders-wait-leaders-1 did not reach everybody: refused: kitchens@example.org. Nothing is lost; try again with: mail send orders-wait-leaders-1\n",
    );
    server.refused.clear();
    expect((await bench.run(["mail", "send", "orders-wait-leaders-1", "--smtp", url])).code).toBe(0);
    expect((await server.arrived()).map(({ to }) => to)).toEqual([
      ["support@example.org"],
      ["kitchens@example.org"],
    ]);
    expect(new Set((await server.arrived()).map(({ mail }) => mail.messageId)).size).toBe(1);
    const again = await bench.run(["mail", "send", "orders-wait-leaders-1", "--smtp", url]);
    expect(again).toMatchObject({
      code: 1,
      err: "orders-wait-leaders-1 is SENT; send needs DRAFTED, APPROVED or FAILED.\n",
    });
    expect(await server.arrived()).toHaveLength(2);
  });

  it("that is not there: the mail is kept as failed, with the reason", async () => {
    using bench = new DeskBench();
    const open = written(bench, "open.json", openFacts);
    const ran = await bench.run(["mail", "alert", open, "--smtp", "smtp://127.0.0.1:9", ...at("10:12")]);
    expect(ran.code).toBe(1);
    expect(ran.err).toMatch(/^orders-wait-leaders-1 did not reach everybody: .*ECONNREFUSED.*try again with/);
    expect((await bench.run(["mail", "list"])).out).toContain("orders-wait-leaders-1  FAILED");
    const wrong = await bench.run(["mail", "send", "orders-wait-leaders-1", "--smtp", "localhost"]);
    expect(wrong).toMatchObject({ code: 2, err: '"localhost" is no SMTP address; give smtp://host:port.\n' });
  });

  it("and the program is killed before it hears the answer: the mail is not sent again by itself", async () => {
    await using server = new TestSmtpServer();
    const url = await server.start();
    using bench = new DeskBench();
    const facts = written(bench, "open.json", openFacts);
    const main = join(import.meta.dirname, "main.ts");
    const args = [
      "--conditions=quadrille-source",
      main,
      "mail",
      "alert",
      facts,
      "--smtp",
      url,
      ...at("10:12"),
    ];
    const desk = spawn(process.execPath, args, { cwd: bench.cwd, stdio: "ignore" });
    server.afterTaking = () => desk.kill("SIGKILL");
    const exit: unknown = await once(desk, "exit");
    expect(exit).toEqual([null, "SIGKILL"]);
    server.afterTaking = () => {};

    const kept = readFileSync(join(bench.cwd, "desk/mails/orders-wait-leaders-1.json"), "utf8");
    expect(JSON.parse(kept)).toMatchObject({ state: "SENDING", delivered: [] });
    const again = await bench.run(["mail", "send", "orders-wait-leaders-1", "--smtp", url]);
    expect(again.err).toMatch(
      /^orders-wait-leaders-1 was being sent when the program ended, and may have arrived/,
    );
    expect(await server.arrived()).toHaveLength(1);
    expect((await bench.run(["mail", "send", "orders-wait-leaders-1", "--smtp", url, "--again"])).code).toBe(
      0,
    );
    expect((await server.arrived()).map(({ mail }) => mail.messageId)).toEqual(
      Array(2).fill("<orders-wait-leaders-1@example.org>"),
    );
  });
});

it("a correction answers the mail that it corrects, and is no update", async () => {
  await using server = new TestSmtpServer();
  const url = await server.start();
  using bench = new DeskBench();
  const open = written(bench, "open.json", openFacts);
  await bench.run(["mail", "alert", open, "--smtp", url, ...at("10:12")]);
  await bench.run(["mail", "update", open, "--smtp", url, ...at("10:20")]);
  const correction = { wrong: "We wrote that payments were lost.", right: "They are held." };
  const wrong = written(bench, "wrong.json", { ...openFacts, correction });
  await bench.run(["mail", "correction", wrong, "--number", "1", "--smtp", url, ...at("10:21")]);
  const mail = (await server.arrived()).at(-1)?.mail;
  expect(mail?.subject).toContain("Alert 1 of Thu 26 Nov 2026, 10:12 UTC");
  expect(mail?.inReplyTo).toBe("<orders-wait-leaders-1@example.org>");
  expect(mail?.references).toBe("<orders-wait-leaders-2@example.org> <orders-wait-leaders-1@example.org>");
  const { out } = await bench.run(["mail", "list", ...at("10:43")]);
  expect(out.match(/(?<=UTC: )\w+/g)).toEqual(["kept", "OVERDUE", "OVERDUE"]);
});

describe("into the folder", () => {
  it("are files that mail programs open, the same bytes for the same mail", async () => {
    using bench = new DeskBench();
    await bench.run(["mail", "alert", written(bench, "open.json", openFacts), "--send", ...at("10:12")]);
    const outbox = join(bench.cwd, "desk/outbox");
    expect(readdirSync(outbox)).toEqual(["orders-wait-leaders-1.eml"]);
    const file = readFileSync(join(outbox, "orders-wait-leaders-1.eml"), "utf8");
    const mail = await PostalMime.parse(file);
    expect(mail.subject).toBe("URGENT: Orders Wait for the Kitchen - Order System");
    expect((await bench.run(["mail", "show", "orders-wait-leaders-1", "--to", "eml"])).out).toBe(file);
  });

  it("are not written when there are errors", async () => {
    using bench = new DeskBench();
    const { nextUpdate: _, ...facts } = openFacts;
    const ran = await bench.run([
      "mail",
      "alert",
      written(bench, "open.json", facts),
      "--send",
      ...at("10:12"),
    ]);
    expect(ran).toEqual({
      code: 1,
      out: "error  open.json/nextUpdate: is missing: promise one, 2026-11-26T10:42:00Z at the latest (30 minutes, for leaders). (next-update)\n",
      err: "",
    });
    expect(readdirSync(bench.cwd)).toEqual(["open.json"]);
  });

  it("show what changed since the last one", async () => {
    using bench = new DeskBench();
    const open = written(bench, "open.json", openFacts);
    await bench.run(["mail", "update", open, "--send", ...at("10:12")]);
    const next = { ...openFacts, findings: [], nextUpdate: "2026-11-26T10:50:00Z" };
    const ran = await bench.run([
      "mail",
      "update",
      written(bench, "next.json", next),
      "--diff",
      ...at("10:20"),
    ]);
    expect(ran.out.split("\n").slice(0, 2)).toEqual([
      "- - New: The printer of the kitchen does not answer.",
      "+ No new findings since the last mail.",
    ]);
  });
});

describe("a header", () => {
  const broken = "Late\r\nBcc: everybody@example.org";
  it.each([
    ["the system", { ...openFacts, system: broken }, "/system must have no control characters"],
    [
      "the problem",
      { ...openFacts, problem: "Late\nBcc: everybody@example.org" },
      "/problem must be one line",
    ],
    [
      "a name",
      { ...openFacts, recipients: { leaders: [{ name: broken, address: "a@example.org" }] } },
      "/recipients/leaders/0/name must",
    ],
    [
      "an address",
      {
        ...openFacts,
        recipients: { leaders: [{ name: "A", address: "a@example.org\r\nBcc: b@example.org" }] },
      },
      "/recipients/leaders/0/address must be a mail address",
    ],
  ])("cannot be forged by %s", async (_, facts, says) => {
    using bench = new DeskBench();
    writeFileSync(join(bench.cwd, "facts.json"), JSON.stringify(facts));
    const ran = await bench.run(["mail", "alert", "facts.json", "--send", ...at("10:12")]);
    expect(ran.code).toBe(2);
    expect(ran.err).toContain(says);
    expect(readdirSync(bench.cwd)).toEqual(["facts.json"]);
  });

  it("keeps what looks like markup or an address in a name as text", async () => {
    await using server = new TestSmtpServer();
    const url = await server.start();
    using bench = new DeskBench();
    const odd = 'Support", "B" <b@example.org>, <i>x</i>';
    const facts = { ...openFacts, recipients: { leaders: [{ name: odd, address: "a@example.org" }] } };
    writeFileSync(join(bench.cwd, "facts.json"), JSON.stringify(facts));
    await bench.run(["mail", "alert", "facts.json", "--smtp", url, ...at("10:12")]);
    const [arrived] = await server.arrived();
    expect(arrived?.to).toEqual(["a@example.org"]);
    expect(arrived?.mail.to).toEqual([{ name: odd, address: "a@example.org" }]);
    expect(arrived?.mail.html).not.toContain("<i>");
    expect(arrived?.mail.text).toContain(`Dear ${odd},`);
  });
});

describe("consumers", () => {
  const recipients = {
    customers: [
      { name: "A customer", address: "a@example.org", consumer: "c-17" },
      { name: "B customer", address: "b@example.org", consumer: "c-18" },
    ],
  };
  const figures = ["c-17", "c-18"].map((consumer, index) => ({
    key: "yourOrders",
    label: "Your orders that wait",
    value: index + 1,
    asOf: openFacts.asOf,
    provenance: "journal of Order",
    consumer,
  }));
  const effect = { who: "Your orders that wait: {{yourOrders}}.", business: "You can cancel them." };
  const facts = { ...openFacts, effect, figures, recipients };

  it("are each written to alone, in a thread of their own, of their own orders", async () => {
    using bench = new DeskBench();
    writeFileSync(join(bench.cwd, "facts.json"), JSON.stringify(facts));
    const both = await bench.run([
      "mail",
      "alert",
      "facts.json",
      "--audience",
      "customers",
      "--send",
      ...at("10:12"),
    ]);
    expect(both).toMatchObject({
      code: 1,
      out: expect.stringContaining("a consumer is written to alone: use --consumer.") as string,
    });
    for (const consumer of ["c-17", "c-18"]) {
      await bench.run([
        "mail",
        "alert",
        "facts.json",
        "--audience",
        "customers",
        "--consumer",
        consumer,
        "--send",
        ...at("10:12"),
      ]);
    }
    const mails = await Promise.all(
      ["c-17", "c-18"].map(async (consumer) =>
        PostalMime.parse(
          readFileSync(join(bench.cwd, `desk/outbox/orders-wait-customers-${consumer}-1.eml`)),
        ),
      ),
    );
    expect(mails.map(({ to }) => to)).toEqual(
      recipients.customers.map(({ name, address }) => [{ name, address }]),
    );
    expect(mails.map(({ text }) => /Your orders that wait: (\d)/.exec(text ?? "")?.[1])).toEqual(["1", "2"]);
    expect(mails.map(({ references }) => references)).toEqual([undefined, undefined]);
    const kept = readFileSync(join(bench.cwd, "desk/mails/orders-wait-customers-c-18-1.json"), "utf8");
    expect(JSON.parse(kept)).toMatchObject({ facts: { figures: [{ consumer: "c-18" }] } });
  });
});

it("the list says whether each promise of a next mail was kept", async () => {
  using bench = new DeskBench();
  const promise = async (
    kind: string,
    [time, next]: readonly [string, string],
    status: string,
  ): Promise<void> => {
    const facts = {
      ...openFacts,
      status,
      findings: [],
      nextUpdate: `2026-11-26T${next}:00Z`,
      estimatedFix: "2026-11-26T14:00:00Z",
      asOf: `2026-11-26T${time}:00Z`,
    };
    const ran = await bench.run(["mail", kind, written(bench, "facts.json", facts), "--send", ...at(time)]);
    expect(ran.code).toBe(0);
  };
  await promise("alert", ["10:12", "10:42"], "One.");
  await promise("update", ["10:42", "11:12"], "A.");
  await promise("update", ["11:20", "11:50"], "B.");
  const states = async (now: string) =>
    (await bench.run(["mail", "list", ...at(now)])).out.match(/(?<=UTC: )\w+/g);
  expect(await states("11:50")).toEqual(["kept", "broken", "open"]);
  expect(await states("11:51")).toEqual(["kept", "broken", "OVERDUE"]);
});
