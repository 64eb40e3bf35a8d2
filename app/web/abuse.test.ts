/**
 * The built server under abuse, as a process of its own, with a real mail server beside
 * it: scanners of links, replayed cookies, forged addresses and hosts, and secrets that
 * must not be found anywhere afterwards.
 */
import { randomUUID } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { request } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import type { Kysely } from "kysely";
import { SMTPServer } from "smtp-server";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import * as Y from "yjs";
import { statusOfUpgrade } from "../../collab-server/testing/plain-upgrade.ts";
import { RawClient } from "../../collab-server/testing/raw-client.ts";
import { openDatabase } from "../../db/open.ts";
import { createPasswords } from "../../db/passwords.ts";
import type { Schema } from "../../db/schema.ts";
import { type RunningApp, startApp } from "../../e2e/running-app.ts";
import { schemaNumber } from "../document/schema-version.ts";
import { closeCodes } from "../document/wire.ts";
import { signInLimits } from "../operations/sign-in.ts";
import { allowances } from "../operations/spend-allowance.ts";
import { insertPeople } from "../operations/testing/people-scene.ts";
import { allRoutes, pathFor } from "./testing/route-scene.ts";

type Letter = { readonly to: readonly string[]; readonly text: string };
const password = "lanterns over water";

let app: RunningApp;
let db: Kysely<Schema>;
let smtp: SMTPServer;
let scene: Awaited<ReturnType<typeof insertPeople>>;
const letters: Letter[] = [];
const arrivals: (() => void)[] = [];
/** What must not be found in logs and files: each was sent in the course of these tests. */
const secrets: string[] = [];

beforeAll(async () => {
  smtp = new SMTPServer({
    authOptional: true,
    disabledCommands: ["STARTTLS", "AUTH"],
    onData(stream, session, callback) {
      const chunks: Buffer[] = [];
      stream.on("data", (chunk: Buffer) => chunks.push(chunk));
      stream.on("end", () => {
        const raw = Buffer.concat(chunks).toString().replaceAll("=\r\n", "").replaceAll("=3D", "=");
        letters.push({ to: session.envelope.rcptTo.map(({ address }) => address), text: raw });
        callback();
        for (const arrived of arrivals.splice(0)) arrived();
      });
    },
  });
  await new Promise<void>((resolve) => smtp.listen(0, "127.0.0.1", resolve));
  const { port } = smtp.server.address() as AddressInfo;
  app = await startApp({
    environment: { DEMO: "no", SMTP_URL: `smtp://127.0.0.1:${port}`, TRUST_PROXY: "1" },
  });
  db = openDatabase(join(app.dataFolder, "two-way.db"));
  scene = await insertPeople(db, Date.now());
  const hash = await createPasswords().hash(password);
  await db.updateTable("user").set({ password_hash: hash }).where("kind", "=", "person").execute();
});
afterAll(async () => {
  await db.destroy();
  await app.remove();
  await new Promise<void>((resolve) => smtp.close(() => resolve()));
});

type Sent = {
  readonly status: number;
  readonly body: string;
  readonly headers: Headers;
  readonly cookie: string;
};
async function send(
  path: string,
  options: {
    method?: string;
    fields?: Record<string, string>;
    cookie?: string;
    headers?: Record<string, string>;
  } = {},
): Promise<Sent> {
  const response = await fetch(`${app.url}${path}`, {
    method: options.method ?? (options.fields ? "POST" : "GET"),
    headers: { Origin: app.url, ...(options.cookie ? { Cookie: options.cookie } : {}), ...options.headers },
    body: options.fields ? new URLSearchParams(options.fields) : undefined,
    redirect: "manual",
  });
  const body = await response.text();
  const cookie = /^(__Host-two-way=[\w-]*)/.exec(response.headers.get("set-cookie") ?? "")?.[1] ?? "";
  if (cookie.length > 20) secrets.push(cookie.split("=")[1] ?? "");
  return { status: response.status, body, headers: response.headers, cookie };
}
/** From an address that the one trusted proxy names, so that tests do not use up each other's tries. */
const from = (address: string) => ({ "X-Forwarded-For": address });
const enter = (person: string, headers = from("198.51.100.7"), cookie?: string) =>
  send("/sign-in", { fields: { email: `${person}@example.org`, password }, headers, cookie });

async function nextLetter(cause: () => Promise<unknown>): Promise<Letter & { token: string }> {
  const before = letters.length;
  const arrived = new Promise<void>((resolve) => arrivals.push(resolve));
  await cause();
  if (letters.length === before) await arrived;
  const letter = letters.at(-1) ?? { to: [], text: "" };
  const token = /#([\w-]{43})/.exec(letter.text)?.[1] ?? "";
  secrets.push(token);
  return { ...letter, token };
}

describe("the server under abuse", () => {
  it("answers a body that is no form with a sentence, wherever something may be sent", async () => {
    const { cookie } = await enter("leadera");
    const document = randomUUID();
    for (const path of [`/documents/${document}`, `/documents/${document}/images`, "/account"])
      for (const [type, body] of [
        ["application/json", "{}"],
        ["multipart/form-data", "--"],
        ["multipart/form-data; boundary=x", "--x\r\nbroken"],
      ] as const) {
        const response = await fetch(`${app.url}${path}`, {
          method: "POST",
          headers: { Origin: app.url, Cookie: cookie, "Content-Type": type },
          body,
        });
        expect([path, type, response.status]).toEqual([path, type, 422]);
      }
  });

  it("[S11] gives a cookie that only this origin, no script and no other site's form can use", async () => {
    const { status, headers } = await enter("leadera");
    expect(status).toBe(302);
    const cookie = headers.get("set-cookie") ?? "";
    expect(cookie).toMatch(/^__Host-two-way=[\w-]{43}; /);
    for (const part of ["Path=/", "HttpOnly", "Secure", "SameSite=Lax", "Max-Age="])
      expect(cookie).toContain(part);
    expect(cookie).not.toContain("Domain");
  });

  it("[W12] on a shared computer the cookie ends with the browser, and signing out leaves others' unsent words", async () => {
    const fields = { email: "leadera@example.org", password, shared: "yes" };
    const { cookie, headers } = await send("/sign-in", { fields, headers: from("198.51.100.8") });
    expect(headers.get("set-cookie")).not.toContain("Max-Age");
    const out = await send("/sign-out", { method: "POST", cookie, fields: {} });
    expect(out.headers.get("clear-site-data")).toBe('"cache"');
    expect(out.cookie).toBe("__Host-two-way=");
    const asData = await enter("leadera");
    expect(
      (await send("/sign-out.data", { cookie: asData.cookie, fields: {} })).headers.get("clear-site-data"),
    ).toBeNull();
  });

  it("[S11] an old cookie is nobody's on every page and live connection after signing out, a new sign-in or a reset", async () => {
    const signedOut = await enter("leadera");
    expect((await send("/account", { cookie: signedOut.cookie })).status).toBe(200);
    await send("/sign-out", { method: "POST", cookie: signedOut.cookie, fields: {} });
    const replaced = await enter("leadera");
    const fresh = await enter("leadera", from("198.51.100.7"), replaced.cookie);
    const beforeReset = await enter("editor");
    const letter = await nextLetter(() => send("/forgot", { fields: { email: "editor@example.org" } }));
    expect(letter.to).toEqual(["editor@example.org"]);
    const words = { token: letter.token, password: "rivers under bridges", repeated: "rivers under bridges" };
    const reset = await send("/reset", { fields: words });
    expect(reset.status).toBe(302);
    // Everywhere the answer is the one that somebody without any cookie gets.
    const missing = randomUUID();
    const names = { slug: "own-street", programme: "own-street-programme" };
    const ids = { document: missing, version: missing, user: missing, member: missing };
    const others = { organisation: missing, invitation: missing, session: missing, image: missing };
    const place = { ...names, ...ids, ...others };
    const live = (cookie: string) =>
      statusOfUpgrade(
        Number(new URL(app.url).port),
        `/collab/${missing}?schema=${schemaNumber}&epoch=${missing}&client=5`,
        { Origin: app.url, Cookie: cookie },
      );
    let asked = 0;
    let told = 0;
    for (const route of allRoutes) {
      const page = pathFor(route, place);
      for (const path of route.isResource ? [page] : [page, `${page === "/" ? "/_root" : page}.data`]) {
        const answerTo = async (cookie?: string) => {
          const { status, headers } = await send(path, { cookie });
          return [path, status, headers.get("location")];
        };
        const stranger = await answerTo();
        for (const { cookie } of [signedOut, replaced, beforeReset]) {
          expect(await answerTo(cookie)).toEqual(stranger);
          asked += 1;
        }
        if (`${await answerTo(fresh.cookie)}` !== `${stranger}`) told += 1;
      }
    }
    for (const { cookie } of [signedOut, replaced, beforeReset]) {
      expect((await send("/account", { cookie, fields: { intent: "end-others" } })).status).toBe(401);
      expect(await live(cookie)).toBe(401);
    }
    expect(await live(fresh.cookie)).toBe(404);
    // The comparison is worth something only where a living cookie is told apart.
    expect(told).toBeGreaterThan(allRoutes.length / 2);
    console.log(`[S11] ${asked} pages and their data asked for with dead cookies: nobody's on all of them`);
    expect((await send("/account", { cookie: fresh.cookie })).status).toBe(200);
    expect((await send("/account", { cookie: reset.cookie })).status).toBe(200);
    expect((await send("/reset", { fields: words })).status).toBe(410);
  });

  it("[S10] fifty GET and HEAD by scanners use no invitation up; of 200 who confirm, one joins", async () => {
    const leader = await enter("leadera");
    const letter = await nextLetter(() =>
      send("/partnerships/own-street/people", {
        cookie: leader.cookie,
        fields: {
          ...{ intent: "invite", email: "ann@college.example", role: "editor" },
          organisation: `provider ${scene.own.organisations.provider}`,
        },
      }),
    );
    for (let look = 0; look < 50; look += 1) {
      const method = look % 2 ? "HEAD" : "GET";
      for (const path of ["/invitation", `/invitation?token=${letter.token}`, "/invitation.data"])
        expect((await send(path, { method })).status).toBe(200);
    }
    const other = await enter("leaderb");
    const join = { intent: "join", token: letter.token, name: "Ann Baker", password: "harbour lights again" };
    expect((await send("/invitation", { cookie: other.cookie, fields: join })).status).toBe(403);
    const results = await Promise.all(
      Array.from({ length: 200 }, () => send("/invitation", { fields: join })),
    );
    const joined = results.filter(({ status }) => status === 302);
    expect(joined).toHaveLength(1);
    expect((await send("/partnerships/own-street/people", { cookie: joined[0]?.cookie })).status).toBe(200);
    console.log(`50 looks, 200 confirmations over HTTP: ${joined.length} joined`);
  }, 120_000);

  it("[S12] a guesser who forges X-Forwarded-For gets no new tries: the trusted proxy's word counts", async () => {
    const guesses = 300;
    const statuses: number[] = [];
    for (let guess = 0; guess < guesses; guess += 1) {
      // A proxy appends the address it sees: the forged part stands before it.
      const headers = from(`10.${guess % 250}.${guess % 7}.1, 203.0.113.50`);
      const fields = { email: "commenter@example.org", password: `guess number ${guess}` };
      statuses.push((await send("/sign-in", { fields, headers })).status);
    }
    const evaluated = statuses.filter((status) => status !== 429).length;
    console.log(`${guesses} guesses over HTTP with forged addresses: ${evaluated} evaluated`);
    expect(evaluated).toBe(signInLimits.near);
    const fields = { email: "commenter@example.org", password: "another guess" };
    const refused = await send("/sign-in", { fields, headers: from("203.0.113.50") });
    const wait = Number(refused.headers.get("retry-after"));
    expect([refused.status, wait > 0 && wait <= signInLimits.window / 1_000]).toEqual([429, true]);
    expect((await enter("commenter")).status).toBe(302);
  }, 120_000);

  it("[W7] answers who asks too often with 429 and how long to wait, and keeps what was typed in the page", async () => {
    const { cookie } = await enter("facilitator");
    const shelf = "/partnerships/own-street/pages";
    const fields = { intent: "create", kind: "page", title: "Kept under the limit" };
    const made = await send(shelf, { cookie, fields });
    const document = made.headers.get("location") ?? "";
    expect([made.status, document]).toEqual([302, expect.stringMatching(/^\/documents\//)]);

    // Everything is used up, in this window and, should it end meanwhile, in the next.
    const now = Date.now();
    for (const [what, { most, window }] of Object.entries(allowances))
      for (const windowAt of [0, window].map((later) => now - (now % window) + later))
        await db
          .insertInto("rate_limit")
          .values({ key: `${what}:${scene.users.facilitator}`, window_at: windowAt, count: most })
          .onConflict((conflict) => conflict.columns(["key", "window_at"]).doUpdateSet({ count: most }))
          .execute();
    const answers: readonly (readonly [string, Sent, string])[] = [
      ["search", await send("/search?q=kept+words", { cookie }), 'value="kept words"'],
      ["search as data", await send("/search.data?q=kept+words", { cookie }), "kept words"],
      ["a new document", await send(shelf, { cookie, fields }), 'value="Kept under the limit"'],
      ["a new document as data", await send(`${shelf}.data`, { cookie, fields }), "Kept under the limit"],
      [
        "a copy",
        await send(`${document}/organise`, { cookie, fields: { intent: "duplicate" } }),
        "Duplicate",
      ],
      ["a file", await send(`${document}/export.md`, { cookie }), "Wait "],
    ];
    for (const [name, { status, body, headers }, kept] of answers) {
      expect([name, status]).toEqual([name, 429]);
      const wait = Number(headers.get("retry-after"));
      expect([name, wait > 0 && wait <= 600]).toEqual([name, true]);
      expect(body).toContain("than we take from one person");
      expect(body).toContain(kept);
    }
    const file = new FormData();
    file.set("file", new Blob([Uint8Array.of(1)], { type: "image/png" }), "p.png");
    const sent = await fetch(`${app.url}${document}/images`, {
      method: "POST",
      headers: { Origin: app.url, Cookie: cookie },
      body: file,
    });
    expect([sent.status, Number(sent.headers.get("retry-after")) > 0]).toEqual([429, true]);
    expect(await sent.json()).toMatchObject({ refusal: { code: "too-often" } });
    // Everybody else goes on.
    const other = await enter("leaderb");
    expect((await send("/search?q=kept", { cookie: other.cookie })).status).toBe(200);
    console.log(`${answers.length + 1} answers to somebody who had used everything up: all 429, Retry-After`);
  });

  it("[S3] no forged host reaches a page, a redirect or a letter", async () => {
    const evil = "evil.example";
    const { port } = new URL(app.url);
    const names = [
      "Host",
      "X-Forwarded-Host",
      "X-Forwarded-Server",
      "X-Host",
      "Forwarded",
      "X-Original-URL",
      "X-Rewrite-URL",
      "X-Forwarded-Proto",
      "X-HTTP-Host-Override",
      "X-Forwarded-Prefix",
    ];
    const values = [evil, `${evil}:443`, `localhost:${port}@${evil}`];
    const cookie = (await enter("leaderb")).cookie;
    let count = 0;
    for (const name of names)
      for (const value of values)
        for (const path of ["/sign-in", "/account", "/forgot"]) {
          const answer = await raw(path, {
            [name]: name === "Forwarded" ? `host=${value}` : value,
            Cookie: cookie,
          });
          count += 1;
          expect(`${name} ${path} ${answer}`).not.toContain(`//${evil}`);
          expect(answer.slice(0, answer.indexOf("\n\n"))).not.toContain(evil);
        }
    const letter = await nextLetter(() =>
      send("/forgot", {
        fields: { email: "leaderb@example.org" },
        headers: { "X-Forwarded-Host": evil, "X-Forwarded-Proto": "https" },
      }),
    );
    expect(letter.text).toContain(`${app.url}/reset#`);
    expect(letter.text).not.toContain(evil);
    console.log(`${count} requests with forged hosts`);
  });

  it("[S3] wrong bodies, methods and parameters are refused without a fault of ours", async () => {
    const cookie = (await enter("leadera")).cookie;
    const wrong = [
      { headers: { "Content-Type": "application/json" }, body: "{" },
      { headers: { "Content-Type": "multipart/form-data; boundary=x" }, body: "--x\r\nbroken" },
      { headers: { "Content-Type": "text/plain" }, body: "intent=leave" },
      { headers: {}, body: "" },
    ];
    for (const path of [
      "/sign-in",
      "/account",
      "/invitation",
      "/reset",
      "/forgot",
      "/partnerships/own-street/people",
    ])
      for (const { headers, body } of wrong) {
        const response = await fetch(`${app.url}${path}`, {
          method: "POST",
          headers: { Origin: app.url, Cookie: cookie, ...(headers as Record<string, string>) },
          body,
          redirect: "manual",
        });
        expect([path, body, response.status >= 400 && response.status < 500]).toEqual([path, body, true]);
      }
    for (const path of [
      "/%00",
      "/%ff",
      "/partnerships/%2e%2e%2f%2e%2e",
      "/documents/..%2f..%2fetc%2fpasswd",
      "/__manifest?p=/&version=x",
    ]) {
      const { status } = await send(path, { cookie });
      expect([path, status < 500]).toEqual([path, true]);
    }
  });

  it("[S19] nothing secret stands in the log, and no token or cookie in any file of the data folder", async () => {
    const canaries = Array.from({ length: 50 }, () => `canary-${randomUUID()}`);
    for (let time = 0; time < 10; time += 1) await enter("leadera");
    const cookie = (await enter("leadera")).cookie;
    for (const [number, canary] of canaries.entries()) {
      const paths = [
        `/search?q=${canary}`,
        `/sign-in?to=${canary}`,
        `/reset?token=${canary}`,
        `/invitation?${canary}`,
        `/${canary}`,
      ];
      const path = paths[number % paths.length] ?? "/";
      await send(path, {
        cookie,
        headers: { "User-Agent": canary, Referer: `${app.url}/reset?token=${canary}` },
      });
      const field = ["email", "password", "token", "name"][number % 4] ?? "email";
      const place = ["/sign-in", "/reset", "/invitation", "/forgot"][number % 4] ?? "/sign-in";
      await send(place, { fields: { [field]: canary, intent: "join" }, headers: from(`192.0.2.${number}`) });
    }
    const log = app.output();
    expect(log).toContain('"event":"request"');
    const found = [...canaries, password, "leadera@example.org", ...secrets].filter(
      (secret) => secret !== "" && log.includes(secret),
    );
    expect(found).toEqual([]);
    // Tokens and sessions are on the disk as hashes alone.
    const files = readdirSync(app.dataFolder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => readFileSync(join(entry.parentPath, entry.name)).toString("latin1"));
    const kept = secrets.filter((secret) => secret !== "" && files.some((file) => file.includes(secret)));
    expect(kept).toEqual([]);
    expect(secrets.length).toBeGreaterThan(10);
    console.log(
      `50 canaries and ${secrets.length} tokens looked for in ${log.split("\n").length} log lines: 0 found`,
    );
  });

  it("[S19] no word of a document stands in the log: title, text, versions, searches, file names, frames that are refused", async () => {
    const canaries: string[] = [];
    const canary = (place: string) => {
      canaries.push(`canary-${place}-${randomUUID()}`);
      return canaries.at(-1) ?? "";
    };
    const { cookie } = await enter("leadera");
    const post = async (path: string, fields: Record<string, string>, status: number) => {
      const answer = await send(path, { cookie, fields });
      expect([path, answer.status]).toEqual([path, status]);
      return answer;
    };
    const shelf = "/partnerships/own-street/pages";
    const made = await post(shelf, { intent: "create", kind: "page", title: canary("title") }, 302);
    const address = made.headers.get("location") ?? "";
    const id = address.slice("/documents/".length);
    const { epoch } = await db
      .selectFrom("document")
      .select("epoch")
      .where("id", "=", id)
      .executeTakeFirstOrThrow();
    const writer = new RawClient({
      url: ({ doc }) =>
        `${app.url.replace("http", "ws")}/collab/${id}?schema=${schemaNumber}&epoch=${epoch}&client=${doc.clientID}`,
      headers: { Origin: app.url, Cookie: cookie },
      isPlan: true,
    });
    writer.connect();
    await writer.synced();
    const paragraph = new Y.XmlElement("paragraph");
    paragraph.insert(0, [new Y.XmlText(canary("text"))]);
    writer.doc.getXmlFragment("default").push([paragraph]);
    await writer.allAcked();
    await post(`${address}/versions`, { name: canary("version"), note: canary("note") }, 302);
    // What the followers cannot build, and what the room refuses, is told of without its words.
    const broken = new Y.XmlElement(canary("node"));
    writer.doc.getXmlFragment("default").push([broken]);
    await writer.allAcked();
    writer.sendUpdate(Buffer.from(canary("refused")));
    expect((await writer.gone()).code).toBe(closeCodes.badMessage);
    const { id: version } = await db
      .selectFrom("version")
      .select("id")
      .where("document_id", "=", id)
      .where("kind", "=", "named")
      .executeTakeFirstOrThrow();
    await post(`${address}/versions/${version}`, {}, 302);
    await post(address, { title: canary("renamed") }, 200);
    await post("/search", { q: canary("sought") }, 200);
    await post("/partnerships/own-street/profile", { title: "", aim: canary("profile") }, 422);
    const picture = new FormData();
    picture.set("file", new Blob(["no picture"], { type: "image/png" }), `${canary("file")}.png`);
    const refused = await fetch(`${app.url}${address}/images`, {
      method: "POST",
      headers: { Origin: app.url, Cookie: cookie },
      body: picture,
    });
    expect(refused.status).toBe(422);
    for (const path of ["export.html", "export.md", `versions/${version}/export.html`])
      expect((await send(`${address}/${path}`, { cookie })).status).toBe(200);
    const log = app.output();
    expect(log).toContain("update-refused");
    expect(canaries.filter((word) => log.includes(word))).toEqual([]);
    console.log(
      `[S19] ${canaries.length} words of a document looked for in ${log.split("\n").length} log lines: 0 found`,
    );
  });
});

/** As `fetch` does not allow: any header, Host among them. Status line, headers, body. */
function raw(path: string, headers: Record<string, string>): Promise<string> {
  const { port } = new URL(app.url);
  return new Promise((resolve, reject) => {
    const sent = request({ host: "127.0.0.1", port, path, headers }, (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("end", () =>
        resolve(
          `${response.statusCode} ${JSON.stringify(response.headers)}\n\n${Buffer.concat(chunks).toString()}`,
        ),
      );
    });
    sent.on("error", reject);
    sent.end();
  });
}
