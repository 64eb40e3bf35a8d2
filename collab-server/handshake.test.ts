/** Who is let in: everything is decided before the 101 (rules CS1–CS9 of PROTOCOL.md). */
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { createServer, IncomingMessage } from "node:http";
import { type AddressInfo, Socket } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { schemaNumber } from "../app/document/schema-version.ts";
import { closeCodes, limits } from "../app/document/wire.ts";
import { readSession } from "../app/operations/read-session.ts";
import { httpOptions } from "./http-options.ts";
import { type CollabWorld, openCollabWorld } from "./testing/collab-world.ts";
import { seeded, seedOfRun, told, trials } from "./testing/count.ts";
import { ManualTimers } from "./testing/manual-timers.ts";
import { answerToUpgrade, everythingFrom, rawSocket, statusOfUpgrade } from "./testing/plain-upgrade.ts";

let world: CollabWorld;
afterEach(() => world.close());

const pathOf = (url: string) => url.slice(url.indexOf("/collab/"));

function statusRequest(url: string, cookie: string | null): IncomingMessage {
  const request = new IncomingMessage(new Socket());
  request.url = pathOf(url).replace("?", "/status?");
  if (cookie !== null) request.headers.cookie = cookie;
  return request;
}

describe("the handshake", () => {
  it("[W1][B17][CS3] answers every role, cookie and document as the table says, and status agrees", async () => {
    world = await openCollabWorld();
    const own = await world.document();
    const archived = await world.document();
    const { db } = world.database;
    await db
      .updateTable("document")
      .set({ archived_at: 1, archived_by: world.plan.provider.userId })
      .where("id", "=", archived.id)
      .execute();
    const otherPartnership = randomUUID();
    await db
      .insertInto("partnership")
      .columns(["id", "slug", "programme_id", "title", "state", "is_illustrative", "created_at"])
      .expression((eb) =>
        eb
          .selectFrom("partnership")
          .select([
            eb.val(otherPartnership).as("id"),
            eb.val(otherPartnership).as("slug"),
            "programme_id",
            "title",
            "state",
            "is_illustrative",
            "created_at",
          ])
          .where("id", "=", world.plan.partnershipId),
      )
      .execute();
    const foreign = await world.document();
    await db
      .updateTable("document")
      .set({ partnership_id: otherPartnership })
      .where("id", "=", foreign.id)
      .execute();
    const missing = { ...own, id: randomUUID() };

    /** own, archived, foreign, missing: HTTP status and, where let in, whether one may write. */
    const table: [string, Parameters<CollabWorld["person"]>[0], (string | number)[]][] = [
      ["leader", { role: "leader" }, ["write", "read", 404, 404]],
      ["leader of the employer", { role: "leader", side: "employer" }, ["write", "read", 404, 404]],
      ["facilitator", { role: "facilitator", side: "intermediary" }, ["write", "read", 404, 404]],
      ["editor", { role: "editor" }, ["write", "read", 404, 404]],
      ["commenter", { role: "commenter" }, ["read", "read", 404, 404]],
      ["observer", { role: "observer" }, [403, 403, 404, 404]],
      ["no member", { role: null }, [404, 404, 404, 404]],
      ["administrator", { role: null, isAdmin: true }, ["write", "read", "write", 404]],
      ["has left", { role: "editor", status: "left" }, [404, 404, 404, 404]],
      ["suspended member", { role: "leader", status: "suspended" }, [404, 404, 404, 404]],
      ["suspended account", { role: "leader", userStatus: "suspended" }, [401, 401, 401, 401]],
    ];
    let asked = 0;
    for (const [name, given, expected] of table) {
      const person = await world.person(given);
      const late = await world.person({ ...given, sessionEndsAt: 1 });
      const cookies: [string, string | null][] = [
        ["own", person.cookie],
        ["none", null],
        ["expired", late.cookie],
        ["made up", `${person.cookie.slice(0, -3)}abc`],
        ["twice", `${person.cookie}; ${person.cookie}`],
      ];
      for (const [i, document] of [own, archived, foreign, missing].entries()) {
        for (const [kind, cookie] of cookies) {
          const url = world.url(document, { client: 1_000 + asked });
          const expectation = kind === "own" ? expected[i] : 401;
          const status = await statusOfUpgrade(world.port, pathOf(url), {
            Origin: world.origin,
            ...(cookie === null ? {} : { Cookie: cookie }),
          });
          const answer = await world.collab.status(statusRequest(url, cookie));
          const label = `${name}, cookie ${kind}, document ${i}`;
          expect(status, label).toBe(typeof expectation === "string" ? 101 : expectation);
          expect(answer.open, label).toBe(status === 101);
          if (answer.open) expect(answer.canWrite, label).toBe(expectation === "write");
          asked++;
        }
      }
    }
    told("B17", asked, "none", "every answer as in the table");
    expect(asked).toBe(11 * 4 * 5);
  });

  it("[W2][CS2] lets in only pages of our own origin, letter for letter", async () => {
    world = await openCollabWorld();
    const document = await world.document();
    const person = await world.person();
    const { port } = world;
    const origins = [
      "null",
      "",
      "*",
      "http://127.0.0.1",
      `https://127.0.0.1:${port}`,
      `http://127.0.0.1:${port}/`,
      `HTTP://127.0.0.1:${port}`,
      `http://127.0.0.1.:${port}`,
      `http://127.0.0.1:${port + 1}`,
      `http://127.0.0.1:0${port}`,
      `http://localhost:${port}`,
      `http://LOCALHOST:${port}`,
      `http://localhost.:${port}`,
      `http://sub.127.0.0.1:${port}`,
      `http://127.0.0.1:${port}.evil.example`,
      `http://127.0.0.1.evil.example:${port}`,
      `http://evil.example/?http://127.0.0.1:${port}`,
      `http://evil.example#http://127.0.0.1:${port}`,
      `http://user@127.0.0.1:${port}`,
      `http://127.0.0.1:${port}@evil.example`,
      `http://[::1]:${port}`,
      `http://0.0.0.0:${port}`,
      `http://127.1:${port}`,
      `http://2130706433:${port}`,
      `http://0x7f.0.0.1:${port}`,
      `http://127.0.0.2:${port}`,
      `ws://127.0.0.1:${port}`,
      `wss://127.0.0.1:${port}`,
      "file://",
      "chrome-extension://abcdef",
      "about:blank",
      "data:text/html,x",
      "http://xn--127-0-0-1",
      `http://１２７.0.0.1:${port}`,
      `http://127。0。0。1:${port}`,
      ` http://127.0.0.1:${port}x`,
      `http://127.0.0.1:${port}, http://evil.example`,
      `http://evil.example, http://127.0.0.1:${port}`,
      `http://127.0.0.1:${port}\u00a0`,
    ];
    let refused = 0;
    const ask = (headers: Record<string, string>) =>
      statusOfUpgrade(port, pathOf(world.url(document, { client: 5 })), {
        Cookie: person.cookie,
        ...headers,
      });
    for (const origin of origins) {
      expect(await ask({ Origin: Buffer.from(origin).toString("latin1") }), origin).toBe(403);
      refused++;
    }
    expect(await ask({}), "no Origin").toBe(403);
    refused++;
    expect(await ask({ Origin: world.origin })).toBe(101);
    told("W2", refused + 1, "none", `${refused} origins refused, ours let in`);
    expect(refused).toBe(40);
  });

  it("[W1][CS1] reads nothing of a connection while its session is still being looked up", async () => {
    const timers = new ManualTimers(Date.now());
    let asked = 0;
    world = await openCollabWorld({ timers, now: timers.now, readSession: () => new Promise(() => asked++) });
    const document = await world.document();
    const before = (await world.rows(document)).length;
    const path = pathOf(world.url(document, { client: 5 }));
    const head = `GET ${path} HTTP/1.1\r\nHost: x\r\nOrigin: ${world.origin}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n`;
    const upgrades = once(world.http, "upgrade");
    const socket = await rawSocket(world.port, head);
    await upgrades;
    socket.write(Buffer.alloc(8_192, 0x82));
    const answer = everythingFrom(socket);
    timers.advance(limits.preAuthMs);
    expect(await answer).toMatch(/^HTTP\/1.1 503 /);
    expect(asked).toBe(1);
    expect((await world.rows(document)).length).toBe(before);

    // Frames in the same packet as the request: nobody honest does that.
    const early = await rawSocket(world.port, `${head}\x82\x85\x01\x02\x03\x04xxxxx`);
    expect(await everythingFrom(early)).toMatch(/^HTTP\/1.1 400 /);
  });

  it("[W7][CS4] holds out against slow, crowded and oversized upgrades; an honest one still gets in", async () => {
    world = await openCollabWorld();
    const document = await world.document();
    const person = await world.person();
    const path = pathOf(world.url(document, { client: 5 }));
    const headers = { Origin: world.origin, Cookie: person.cookie };
    const count = trials(2_000, 300);
    const from = performance.now();
    const slow = await Promise.all(
      Array.from({ length: count }, () => rawSocket(world.port, "GET /collab/ HTTP/1.1\r\nUpgrade: web")),
    );
    const dripping = await rawSocket(world.port, "GET /collab/ HTTP/1.1\r\nUpgrade: ");
    const ends = slow.map((socket) =>
      everythingFrom(socket).then((answer) => {
        // Whoever sends a little now and then has no more time than the others.
        dripping.write("w");
        return answer;
      }),
    );
    const drippingEnds = everythingFrom(dripping);
    const head = (more: string) =>
      rawSocket(
        world.port,
        `GET ${path} HTTP/1.1\r\nHost: x\r\nOrigin: ${world.origin}\r\nCookie: ${person.cookie}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n${more}Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n`,
      );
    const crowded = Array.from({ length: 2_000 }, (_, i) => `x-${i}: 1\r\n`).join("");
    const wide = `Sec-WebSocket-Protocol: ${"a,".repeat(16_000)}\r\n`;
    for (const more of [crowded, wide])
      expect(await everythingFrom(await head(more))).toMatch(/^HTTP\/1\.1 431 /);
    const startedAt = performance.now();
    expect(await statusOfUpgrade(world.port, path, headers)).toBe(101);
    const ms = Math.round(performance.now() - startedAt);
    // The server ends them by itself; nobody here has hung up.
    for (const answer of [...(await Promise.all(ends)), await drippingEnds])
      expect(answer).toMatch(/^HTTP\/1\.1 408 /);
    const seconds = ((performance.now() - from) / 1000).toFixed(1);
    told(
      "W7",
      count,
      "none",
      `honest upgrade let in after ${ms} ms beside ${count} half-sent ones, all of them ended after ${seconds} s`,
    );
  });

  it("[W7][CS4] gives the head of a request five seconds at most, looking for the late ones included", async () => {
    for (const preAuthMs of [limits.preAuthMs, 300]) {
      const { headersTimeout = 0, connectionsCheckingInterval = 0 } = httpOptions(preAuthMs);
      expect(headersTimeout).toBeGreaterThan(0);
      expect(headersTimeout + connectionsCheckingInterval).toBeLessThanOrEqual(preAuthMs);
    }
    expect(limits.preAuthMs).toBe(5_000);
    // The same with less patience: a line that never ends its head goes before one that came later.
    const server = createServer(httpOptions(300), (_, response) => response.end("whole"));
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as AddressInfo;
    const ended: string[] = [];
    const half = await rawSocket(port, "GET / HTTP/1.1\r\nHost: x\r\nX-Slow: ");
    const whole = await rawSocket(port, "GET / HTTP/1.1\r\nHost: x\r\n\r\n");
    const all = [
      everythingFrom(half).then((answer) => ended.push(answer.slice(0, 12))),
      everythingFrom(whole).then((answer) => ended.push(answer.slice(0, 12))),
    ];
    await Promise.all(all);
    // A line kept for further requests has five seconds: only the unfinished head was cut before.
    expect(ended).toEqual(["HTTP/1.1 408", "HTTP/1.1 200"]);
    server.close();
  });

  it("[W7][CS4] lets in whoever carries other sites' cookies, and status says what an upgrade would be told", async () => {
    world = await openCollabWorld();
    const document = await world.document();
    const person = await world.person();
    const url = world.url(document, { client: 5 });
    const others = Array.from({ length: 10 }, (_, i) => `other-${i}=${"x".repeat(800)}`);
    const headers = { Origin: world.origin, Cookie: [...others, person.cookie].join("; ") };
    const status = (more: Record<string, string>) => {
      const request = statusRequest(url, headers.Cookie);
      request.rawHeaders.push(...Object.entries({ ...headers, ...more }).flat());
      return world.collab.status(request);
    };
    expect(await statusOfUpgrade(world.port, pathOf(url), headers)).toBe(101);
    expect(await status({})).toMatchObject({ open: true });
    // What is no cookie counts as before, and whoever asks why is told the same.
    const wide = { "X-Added": "x".repeat(4_200) };
    expect(await statusOfUpgrade(world.port, pathOf(url), { ...headers, ...wide })).toBe(431);
    expect(await status(wide)).toMatchObject({ open: false, refusal: "request-too-large" });
    told(
      "W7",
      headers.Cookie.length,
      "none",
      "characters of cookies let in; 4,200 of another header refused",
    );
  });

  it("[W7][CS5] allows a person 20 sockets and refuses the 21st with 429", async () => {
    world = await openCollabWorld();
    const document = await world.document();
    const person = await world.person();
    const clients = [];
    for (let i = 0; i < limits.socketsPerUser; i++) clients.push(await world.join(person, document));
    const url = world.url(document, { client: 5 });
    expect(
      await statusOfUpgrade(world.port, pathOf(url), { Origin: world.origin, Cookie: person.cookie }),
    ).toBe(429);
    expect(await world.collab.status(statusRequest(url, person.cookie))).toMatchObject({
      open: false,
      refusal: "too-many-tabs",
    });
    clients[0]?.leave();
    await clients[0]?.gone();
    const other = await world.join(person, document);
    expect(other.text).toBe("A plan");
  });

  it("[W7][CS5] lets a person open 120 at once, then two a second, and says how long to wait", async () => {
    let now = Date.now();
    const opens = { atOnce: limits.opensAtOnce, perSecond: limits.opensPerSecond };
    world = await openCollabWorld({ now: () => now, opens });
    const document = await world.document();
    const [person, other] = [await world.person(), await world.person({ side: "employer" })];
    const url = world.url(document, { client: 5 });
    const ask = (who: { cookie: string }, path = pathOf(url)) =>
      answerToUpgrade(world.port, path, { Origin: world.origin, Cookie: who.cookie });
    // What is refused for another reason does not count.
    for (let i = 0; i < 10; i++)
      expect(
        (await ask(person, pathOf(world.url(document, { client: 5, epoch: randomUUID() })))).status,
      ).toBe(409);
    for (let i = 0; i < limits.opensAtOnce; i++) expect(await ask(person)).toMatchObject({ status: 101 });
    expect(await ask(person)).toEqual({ status: 429, retryAfter: "1" });
    const why = { open: false, code: closeCodes.tryAgain, refusal: "opened-too-often" };
    expect(await world.collab.status(statusRequest(url, person.cookie))).toEqual(why);
    expect(await ask(other, pathOf(world.url(document, { client: 6 })))).toMatchObject({ status: 101 });
    now += 1_000;
    expect(await world.collab.status(statusRequest(url, person.cookie))).toMatchObject({ open: true });
    for (let i = 0; i < limits.opensPerSecond; i++) expect(await ask(person)).toMatchObject({ status: 101 });
    expect(await ask(person)).toMatchObject({ status: 429 });
  });

  it("[W7][CS5] takes nothing from the twenty tabs that may be open when sixty come back after a restart", async () => {
    const opens = { atOnce: limits.opensAtOnce, perSecond: limits.opensPerSecond };
    world = await openCollabWorld({ opens });
    const document = await world.document();
    const person = await world.person();
    const tabs = Array.from({ length: 60 }, () => world.client(person, document));
    const comeBack = async () => {
      // Those that are refused try again, as pages do every few seconds.
      for (let round = 0; round < 5; round++) {
        for (const tab of tabs) if (!tab.isOpen) tab.connect();
        await Promise.all(
          tabs.map((tab) => tab.until(() => tab.isSynced || tab.refusedWith !== null, "let in or refused")),
        );
      }
      return tabs.filter((tab) => tab.isSynced).length;
    };
    expect(await comeBack()).toBe(limits.socketsPerUser);
    await world.restart();
    await Promise.all(tabs.map((tab) => tab.until(() => !tab.isOpen, "cut off")));
    expect(await comeBack()).toBe(limits.socketsPerUser);
    expect(new Set(tabs.map((tab) => tab.refusedWith ?? 101))).toEqual(new Set([101, 429]));
  });

  it("[W11][CS6] takes no address but the exact one of a document that is mine to open", async () => {
    world = await openCollabWorld();
    const document = await world.document();
    const person = await world.person();
    const query = pathOf(world.url(document, { client: 5 })).split("?")[1];
    const ask = (path: string) =>
      statusOfUpgrade(world.port, path, { Origin: world.origin, Cookie: person.cookie });
    const { id } = document;
    const tricks = [
      `/collab/${id}/`,
      `/collab/${id}/..`,
      `/collab//${id}`,
      `/collab/./${id}`,
      `/collab/x/../${id}`,
      `/collab/${id.toUpperCase()}`,
      `/collab/${id}%00`,
      `/collab/${id}%2f`,
      `/collab/%2e%2e/${id}`,
      `/collab/${encodeURIComponent(`../${id}`)}`,
      `/collab/${id.slice(0, -1)}`,
      `/collab/${id}a`,
      `/collab/${id};x`,
      `/Collab/${id}`,
      `/collab/${id.replace("-", "%2d")}`,
      `/collab/${id} `.trim().replace(id, `${id}%20`),
      `/collab/${id.replace(/-/g, "")}`,
      `/collab/{${id}}`,
      `/collab/${id}/status`,
      "/collab/",
      "/collab",
      `/${id}`,
      `/collab/${Buffer.from(id.replace("a", "ａ")).toString("latin1")}/`,
      `//collab/${id}`,
      `/collab/${id}\\`,
    ];
    // 400 is the HTTP parser's own answer to bytes that cannot stand in an address.
    for (const path of tricks) expect([400, 404], path).toContain(await ask(`${path}?${query}`));
    const seed = seedOfRun();
    const random = seeded(seed);
    const count = trials(10_000, 500);
    const hex = (length: number) =>
      Array.from({ length }, () => Math.floor(random() * 16).toString(16)).join("");
    for (let i = 0; i < count; i++) {
      const guess = `${hex(8)}-${hex(4)}-4${hex(3)}-a${hex(3)}-${hex(12)}`;
      expect(await ask(`/collab/${guess}?${query}`)).toBe(404);
    }
    expect(await ask(`/collab/${id}?${query}`)).toBe(101);
    expect(world.collab.counts().rooms).toBeLessThanOrEqual(1);
    told("W11", count + tricks.length, seed, "0 joins");
  });

  it("[D14][CS7] turns away editors of another schema, replaced histories and taken client ids", async () => {
    world = await openCollabWorld();
    const document = await world.document();
    const ann = await world.person();
    const bob = await world.person({ side: "employer" });
    const ask = async (person: { cookie: string }, options: Parameters<CollabWorld["url"]>[1]) => {
      const url = world.url(document, options);
      const status = await statusOfUpgrade(world.port, pathOf(url), {
        Origin: world.origin,
        Cookie: person.cookie,
      });
      return [status, await world.collab.status(statusRequest(url, person.cookie))];
    };
    expect(await ask(ann, { client: 7 })).toEqual([
      101,
      { open: true, canWrite: true, epoch: document.epoch, schema: schemaNumber },
    ]);
    expect(await ask(ann, { client: 7, schema: schemaNumber - 1 })).toEqual([
      409,
      { open: false, code: closeCodes.editorTooOld, refusal: "editor-too-old" },
    ]);
    expect(await ask(ann, { client: 7, epoch: randomUUID() })).toEqual([
      409,
      { open: false, code: closeCodes.epochChanged, refusal: "history-replaced" },
    ]);
    expect(await ask(bob, { client: 7 })).toEqual([
      409,
      { open: false, code: closeCodes.leaseRefused, refusal: "client-of-another" },
    ]);
    for (const schema of ["x", "", "1e3", "-1"]) expect((await ask(ann, { client: 7, schema }))[0]).toBe(400);
    expect((await ask(ann, { client: 7, also: Array.from({ length: 65 }, (_, i) => i + 10) }))[0]).toBe(400);
  });

  it("[W4][CS3] tells a page with an editor that it may only read by now, instead of letting it in as a reader", async () => {
    world = await openCollabWorld();
    const document = await world.document();
    const reader = await world.person({ role: "commenter" });
    const writer = await world.person();
    const ask = async (person: { cookie: string }, writes: boolean) => {
      const url = world.url(document, { client: 7, writes });
      const headers = { Origin: world.origin, Cookie: person.cookie };
      const status = await statusOfUpgrade(world.port, pathOf(url), headers);
      return [status, await world.collab.status(statusRequest(url, person.cookie))];
    };
    const refused = (refusal: string) => [403, { open: false, code: closeCodes.rightLost, refusal }];
    const open = (canWrite: boolean) => [
      101,
      { open: true, canWrite, epoch: document.epoch, schema: schemaNumber },
    ];
    expect(await ask(reader, true)).toEqual(refused("not-allowed"));
    expect(await ask(reader, false)).toEqual(open(false));
    await world.database.db
      .updateTable("document")
      .set({ archived_at: 1, archived_by: writer.userId })
      .where("id", "=", document.id)
      .execute();
    expect(await ask(writer, true)).toEqual(refused("document-archived"));
    expect(await ask(writer, false)).toEqual(open(false));
  });

  it("[W7][CS8] leases nothing to who may only read, however many ids they name", async () => {
    world = await openCollabWorld();
    const document = await world.document();
    const writer = await world.person();
    const reader = await world.person({ role: "commenter" });
    const leases = async () =>
      (await world.database.db.selectFrom("client_lease").select(["client_id", "user_id"]).execute()).filter(
        ({ user_id }) => user_id === reader.userId,
      );
    const ask = (person: { cookie: string }, client: number, also: readonly number[] = []) =>
      statusOfUpgrade(world.port, pathOf(world.url(document, { client, also: [...also] })), {
        Origin: world.origin,
        Cookie: person.cookie,
      });
    expect(await ask(writer, 7)).toBe(101);
    const count = 100;
    for (let n = 1; n <= count; n++)
      expect(
        await ask(
          reader,
          n * 1_000,
          Array.from({ length: 64 }, (_, i) => n * 1_000 + i + 1),
        ),
      ).toBe(101);
    expect(await leases()).toEqual([]);
    expect(await ask(reader, 7)).toBe(409);
    // What they named belongs to nobody: who may write takes it.
    expect(await ask(writer, 1_000)).toBe(101);
    await world.database.db
      .updateTable("membership")
      .set({ role: "editor" })
      .where("user_id", "=", reader.userId)
      .execute();
    expect(await ask(reader, 8, [9])).toBe(101);
    expect((await leases()).map(({ client_id }) => client_id)).toEqual([8, 9]);
    console.log(`[W7] ${count} connections of a reader with 64 ids each: 0 leases`);
  });

  it("[CS3] asks the same session reader as the pages do", async () => {
    world = await openCollabWorld();
    const person = await world.person();
    const session = await readSession({ db: world.database.db, now: Date.now }, person.cookie);
    expect(session?.userId).toBe(person.userId);
  });
});
