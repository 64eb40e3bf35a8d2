/** Letters against a real SMTP server and a real folder. */
import { mkdtempSync, readdirSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { SMTPServer } from "smtp-server";
import { afterEach, describe, expect, it } from "vitest";
import { traversalCorpus } from "../testing/traversal-corpus.ts";
import { createOutboxMail } from "./outbox-mail.ts";
import { createSmtpMail } from "./smtp-mail.ts";

const closers: (() => void | Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

type Received = { readonly recipients: readonly string[]; readonly from: string; readonly raw: string };

/** A mail server that takes everything, or nobody, or nothing. */
async function smtpServer(refuses?: "recipient") {
  const received: Received[] = [];
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ["STARTTLS", "AUTH"],
    onRcptTo: (_address, _session, callback) =>
      callback(refuses === "recipient" ? new Error("no such person") : null),
    onData(stream, session, callback) {
      const chunks: Buffer[] = [];
      stream.on("data", (chunk: Buffer) => chunks.push(chunk));
      stream.on("end", () => {
        const { mailFrom, rcptTo } = session.envelope;
        received.push({
          from: mailFrom ? mailFrom.address : "",
          recipients: rcptTo.map(({ address }) => address),
          raw: Buffer.concat(chunks).toString(),
        });
        callback();
      });
    },
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  closers.push(() => new Promise<void>((resolve) => server.close(() => resolve())));
  return { received, port: (server.server.address() as AddressInfo).port };
}

const from = "Two-Way <no-reply@plans.example.org>";
const letter = {
  to: "ann@college.example",
  subject: "Join “Bridge & Beam”",
  text: "Hello <b>Ann</b>,\n\nopen this link:\nhttps://plans.example.org/invitation#abc\n\nTwo-Way",
};

describe("letters by SMTP", () => {
  it("[S10] arrive once, at the one address, with a text and an HTML part", async () => {
    const { received, port } = await smtpServer();
    const mail = createSmtpMail({ url: `smtp://127.0.0.1:${port}`, from, onFailure: () => {} });
    expect(await mail.send(letter)).toEqual({ ok: true, value: null });
    expect(received).toHaveLength(1);
    expect(received[0]?.recipients).toEqual(["ann@college.example"]);
    expect(received[0]?.from).toBe("no-reply@plans.example.org");
    const raw = received[0]?.raw.replaceAll("=\r\n", "") ?? "";
    expect(raw).toContain("text/plain");
    expect(raw).toContain("&lt;b&gt;Ann&lt;/b&gt;");
    expect(raw).toContain('<a href=3D"https://plans.example.org/invitation#abc">');
  });

  it("[S3] a line break or a second address in a field adds no header and no recipient", async () => {
    const { received, port } = await smtpServer();
    const mail = createSmtpMail({ url: `smtp://127.0.0.1:${port}`, from, onFailure: () => {} });
    await mail.send({ ...letter, subject: "Hello\r\nBcc: eve@evil.example" });
    await mail.send({ ...letter, to: "ann@college.example, eve@evil.example" });
    await mail.send({ ...letter, to: "ann@college.example\r\nBcc: eve@evil.example" });
    expect(received.length).toBeGreaterThan(0);
    for (const { recipients, raw } of received) {
      expect(recipients).not.toContain("eve@evil.example");
      expect(raw).not.toMatch(/^Bcc:/im);
    }
  });

  it("refuse in a sentence, and say only a code, when the server will not take them", async () => {
    const { port } = await smtpServer("recipient");
    const codes: string[] = [];
    const mail = createSmtpMail({
      url: `smtp://127.0.0.1:${port}`,
      from,
      onFailure: (code) => codes.push(code),
    });
    const sent = await mail.send(letter);
    expect(!sent.ok && sent.refusal.code).toBe("mail-not-sent");
    expect(codes).toEqual(["EENVELOPE"]);
  });
});

describe("letters in a folder", () => {
  it("[S8] are listed newest first, and no user's text is in a file's name", async () => {
    const folder = mkdtempSync(join(tmpdir(), "two-way-outbox-"));
    closers.push(() => rmSync(folder, { recursive: true }));
    let now = 1_000;
    const mail = createOutboxMail({ folder, now: () => now });
    await mail.send({ ...letter, to: "../../etc/passwd" });
    now = 2_000;
    await mail.send({ ...letter, subject: "Hello\nTo: eve@evil.example" });
    const kept = await mail.kept();
    expect(kept.map(({ at }) => at)).toEqual([2_000, 1_000]);
    expect(kept[0]).toMatchObject({
      to: letter.to,
      subject: "Hello To: eve@evil.example",
      text: letter.text,
    });
    for (const name of readdirSync(folder)) {
      expect(name).toMatch(/^\d{15}-[\w-]{36}\.txt$/);
      expect(statSync(join(folder, name)).mode & 0o077).toBe(0);
    }
  });

  it("[S8] with a traversal text in every part are files of their own folder, and give back no other file", async () => {
    const outer = mkdtempSync(join(tmpdir(), "two-way-outbox-"));
    closers.push(() => rmSync(outer, { recursive: true }));
    const folder = join(outer, "outbox");
    const canary = join(outer, "canary.txt");
    writeFileSync(canary, "To: nobody\nSubject: nothing\n\nBrackenwhistle");
    const corpus = traversalCorpus({ canary, database: join(outer, "two-way.db") });
    let now = 0;
    const mail = createOutboxMail({ folder, now: () => now });
    for (const text of corpus) {
      now += 1;
      await mail.send({ to: text, subject: text, text });
    }
    // Names that look like a letter's, but for a step out of the folder.
    symlinkSync(canary, join(folder, "000000000009999-canary.txt"));
    const names = readdirSync(folder).filter((name) => !name.includes("canary"));
    expect(names.filter((name) => !/^\d{15}-[0-9a-f-]{36}\.txt$/.test(name))).toEqual([]);
    expect(names).toHaveLength(corpus.length);
    expect(readdirSync(outer).sort()).toEqual(["canary.txt", "outbox"]);
    const kept = await mail.kept();
    expect(kept.map(({ text }) => text)).toEqual(corpus.slice(-kept.length).reverse());
    expect(kept.map(({ text }) => text).join()).not.toContain("Brackenwhistle");
    console.log(`[S8] ${corpus.length} letters of the corpus, no seed: ${names.length} files, 0 elsewhere`);
  });
});
