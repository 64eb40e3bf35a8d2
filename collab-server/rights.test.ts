/** A right that is lost is lost at once, on open sockets too (rules CS26–CS29 of PROTOCOL.md). */
import { afterEach, describe, expect, it } from "vitest";
import * as Y from "yjs";
import { closeCodes } from "../app/document/wire.ts";
import { type CollabWorld, openCollabWorld } from "./testing/collab-world.ts";
import { seeded, seedOfRun, told, trials } from "./testing/count.ts";
import { FaultyLog } from "./testing/faulty-log.ts";
import { ManualTimers } from "./testing/manual-timers.ts";
import { statusOfUpgrade } from "./testing/plain-upgrade.ts";
import type { RawClient } from "./testing/raw-client.ts";

let world: CollabWorld;
afterEach(() => world.close());

type Person = Awaited<ReturnType<CollabWorld["person"]>>;
type Document = Awaited<ReturnType<CollabWorld["document"]>>;

/** Takes a right away and reads, in the same transaction, the newest row of the document. */
async function revoke(kind: string, person: Person, document: Document): Promise<number> {
  return world.database.db.transaction().execute(async (trx) => {
    if (kind === "role")
      await trx
        .updateTable("membership")
        .set({ role: "commenter" })
        .where("user_id", "=", person.userId)
        .execute();
    if (kind === "left")
      await trx
        .updateTable("membership")
        .set({ status: "left" })
        .where("user_id", "=", person.userId)
        .execute();
    if (kind === "session")
      await trx.updateTable("session").set({ expires_at: 0 }).where("id", "=", person.sessionId).execute();
    if (kind === "suspended")
      await trx.updateTable("user").set({ status: "suspended" }).where("id", "=", person.userId).execute();
    const { head } = await trx
      .selectFrom("log")
      .select(({ fn }) => fn.max("seq").as("head"))
      .where("document", "=", document.number)
      .executeTakeFirstOrThrow();
    return Number(head);
  });
}

async function giveBack(person: Person): Promise<void> {
  const { db } = world.database;
  await db
    .updateTable("membership")
    .set({ role: "editor", status: "active" })
    .where("user_id", "=", person.userId)
    .execute();
  await db
    .updateTable("session")
    .set({ expires_at: Number.MAX_SAFE_INTEGER })
    .where("id", "=", person.sessionId)
    .execute();
  await db.updateTable("user").set({ status: "active" }).where("id", "=", person.userId).execute();
}

const allowedCodes: Readonly<Record<string, readonly number[]>> = {
  role: [closeCodes.rightLost],
  left: [closeCodes.rightLost, closeCodes.gone],
  session: [closeCodes.signedOut],
  suspended: [closeCodes.signedOut, closeCodes.rightLost],
};
const statusAfter: Readonly<Record<string, number>> = { role: 101, left: 404, session: 401, suspended: 401 };

/** Rows of a person with a seq above `seq`. */
async function rowsAfter(seq: number, person: Person, document: Document): Promise<number> {
  const rows = await world.database.db
    .selectFrom("log")
    .innerJoin("log_source", "log_source.id", "log.source")
    .select("log.seq")
    .where("log.document", "=", document.number)
    .where("log.seq", ">", seq)
    .where("log_source.user_id", "=", person.userId)
    .execute();
  return rows.length;
}

describe("rights on open sockets", () => {
  it("[W3][B15][CS26] no row is accepted after the revoke, and the socket closes, in 500 races against typing", async () => {
    world = await openCollabWorld();
    const seed = seedOfRun();
    const random = seeded(seed);
    const races = 500;
    const lanes = 10;
    let late = 0;
    let typed = 0;
    const slowest: number[] = [];
    await Promise.all(
      Array.from({ length: lanes }, async (_, lane) => {
        const document = await world.document("");
        const person = await world.person();
        const witness = await world.join(await world.person({ side: "employer" }), document);
        for (let race = lane; race < races; race += lanes) {
          const kind = ["role", "left", "session", "suspended"][Math.floor(random() * 4)] ?? "role";
          const page = await world.join(person, document);
          // Types as fast as frames are acked, until the line is cut.
          let isTyping = true;
          const typing = () => {
            if (!isTyping || !page.isOpen) return;
            page.type("x");
            typed++;
          };
          page.events.on("change", typing);
          for (let i = 0; i < 3; i++) typing();
          await page.until(() => page.ackedFrames > random() * 4, "some acks");
          const seq = await revoke(kind, person, document);
          const revokedAt = performance.now();
          world.collab.live.rightsChanged({ userId: person.userId });
          const { code } = await page.gone();
          slowest.push(performance.now() - revokedAt);
          isTyping = false;
          expect(allowedCodes[kind], kind).toContain(code);
          late += await rowsAfter(seq, person, document);
          const url = world.url(document, { client: page.doc.clientID });
          const again = await statusOfUpgrade(world.port, url.slice(url.indexOf("/collab/")), {
            Origin: world.origin,
            Cookie: person.cookie,
          });
          expect(again, kind).toBe(statusAfter[kind]);
          await giveBack(person);
        }
        expect(witness.closed).toBeNull();
        witness.destroy();
      }),
    );
    slowest.sort((a, b) => a - b);
    told(
      "W3",
      races,
      seed,
      `${late} rows after the revoke, ${typed} letters typed; closed after ${Math.round(slowest[races / 2] ?? 0)} ms (median), ${Math.round(slowest.at(-1) ?? 0)} ms (slowest)`,
    );
    expect(late).toBe(0);
    expect(slowest).toHaveLength(races);
  });

  it("[W3][B15][CS26] a right that ends while its person is being let in shows them no word", async () => {
    for (const slow of ["lease", "load"] as const) {
      const gate = Promise.withResolvers<void>();
      const reached = Promise.withResolvers<void>();
      world = await openCollabWorld({
        wrapLog: (log) => {
          const held = new FaultyLog(log);
          const step = held[slow].bind(held) as (...given: unknown[]) => Promise<never>;
          const slowly = async (...given: unknown[]) => {
            reached.resolve();
            await gate.promise;
            return step(...given);
          };
          return Object.assign(held, { [slow]: slowly });
        },
      });
      const document = await world.document("for members alone");
      const person = await world.person();
      const client = world.client(person, document);
      client.connect();
      await reached.promise;
      await world.database.db
        .updateTable("membership")
        .set({ status: "left", left_at: 1 })
        .where("user_id", "=", person.userId)
        .execute();
      world.collab.live.rightsChanged({ userId: person.userId as never });
      gate.resolve();
      expect((await client.gone()).code, slow).toBe(closeCodes.gone);
      expect(client.text, slow).toBe("");
      if (slow === "lease") await world.close();
    }
  });

  it("[W3][CS27] finds a lost right without any hint, by looking every five seconds", async () => {
    const timers = new ManualTimers(Date.now());
    world = await openCollabWorld({ timers, now: timers.now });
    const document = await world.document();
    const reader = await world.person();
    const page = await world.join(reader, document);
    await revoke("left", reader, document);
    timers.advance(5_000);
    expect((await page.gone()).code).toBe(closeCodes.gone);
  });

  it("[W12][CS27] on a shared computer an open editor ends after an hour without a word, and typing is use", async () => {
    const timers = new ManualTimers(Date.now());
    world = await openCollabWorld({ timers, now: timers.now });
    const { db } = world.database;
    const document = await world.document();
    const sessionOf = (sessionId: string) => db.selectFrom("session").where("id", "=", sessionId);
    const lastSeen = async ({ sessionId }: { sessionId: string }) =>
      (await sessionOf(sessionId).select("last_seen_at").executeTakeFirstOrThrow()).last_seen_at;
    const [typist, idler, owner] = [
      await world.person({ isSharedComputer: true }),
      await world.person({ isSharedComputer: true }),
      await world.person(),
    ];
    const almostAnHourAgo = timers.now() - 60 * 60_000 + 3_000;
    await db.updateTable("session").set({ last_seen_at: almostAnHourAgo }).execute();
    const typing = await world.join(typist, document);
    const idle = await world.join(idler, document);
    const own = await world.join(owner, document);
    typing.type("a");
    await typing.allAcked();
    const typedAt = timers.now();
    timers.advance(5_000);
    expect((await idle.gone()).code).toBe(closeCodes.signedOut);
    // Connecting was no use of it, and does not become one.
    expect(await lastSeen(idler)).toBe(almostAnHourAgo);
    const url = world.url(document, { client: idle.doc.clientID });
    const headers = { Origin: world.origin, Cookie: idler.cookie };
    expect(await statusOfUpgrade(world.port, url.slice(url.indexOf("/collab/")), headers)).toBe(401);
    for (const page of [typing, own]) {
      page.type("b");
      await page.allAcked();
      expect(page.closed).toBeNull();
    }
    // Noted with the first word, and not again so soon.
    expect(await lastSeen(typist)).toBe(typedAt);
  });

  it("[W3][CS26] tells a reader who may write now to come back, and archiving ends writing", async () => {
    world = await openCollabWorld();
    const document = await world.document();
    const person = await world.person({ role: "commenter" });
    const page = await world.join(person, document);
    expect(page.wasAskedForStep2).toBe(false);
    await giveBack(person);
    world.collab.live.rightsChanged({ partnershipId: world.plan.partnershipId });
    expect((await page.gone()).code).toBe(closeCodes.tryAgain);
    page.connect();
    await page.synced();
    page.type("now I may");
    await page.allAcked();
    await world.database.db
      .updateTable("document")
      .set({ archived_at: 1, archived_by: person.userId })
      .where("id", "=", document.id)
      .execute();
    world.collab.live.rightsChanged({ documentId: document.id });
    expect((await page.gone()).code).toBe(closeCodes.rightLost);
  });

  it("[D5][CS29] closes with 4411 when the history of a document was replaced, and stores nothing more of the old one", async () => {
    world = await openCollabWorld();
    const document = await world.document();
    const person = await world.person();
    const page = await world.join(person, document);
    const typist = await world.join(await world.person({ side: "employer" }), document);
    const before = (await world.rows(document)).length;
    await world.database.db
      .updateTable("document")
      .set({ epoch: "11111111-1111-4111-8111-111111111111" })
      .where("id", "=", document.id)
      .execute();
    typist.type("too late");
    expect((await typist.gone()).code).toBe(closeCodes.epochChanged);
    expect((await page.gone()).code).toBe(closeCodes.epochChanged);
    expect((await world.rows(document)).length).toBe(before);
    expect(typist.text).toContain("too late");
  });

  it("[W4][CS28] a read role cannot write a byte, whatever its messages look like", async () => {
    world = await openCollabWorld();
    const document = await world.document("Agreed text");
    const commenter = await world.person({ role: "commenter" });
    const witness = await world.join(await world.person({ side: "employer" }), document);
    const before = await world.rows(document);
    const seed = seedOfRun();
    const random = seeded(seed);
    const count = trials(10_000, 400);
    const lanes = 8;
    let closed = 0;
    const attack = async (client: RawClient) => {
      const kind = Math.floor(random() * 6);
      const doc = new Y.Doc();
      Y.applyUpdate(doc, Y.encodeStateAsUpdate(witness.doc));
      doc.clientID = client.doc.clientID;
      const known = Y.encodeStateVector(doc);
      if (kind === 1) doc.getText("default").delete(0, 3);
      else doc.getText("default").insert(0, "forged");
      const update = Y.encodeStateAsUpdate(doc, known);
      if (kind <= 1) client.sendUpdate(update);
      else if (kind === 2) client.sendStep2(update);
      else if (kind === 3) client.sendUpdate(Y.encodeStateAsUpdate(witness.doc));
      else if (kind === 4) client.sendBytes(Uint8Array.of(4 + Math.floor(random() * 120), 1, 2, 3));
      else client.sendBytes(Uint8Array.of(0, 3 + Math.floor(random() * 100), 1, 0));
      const { code } = await client.gone();
      expect(code).toBe(kind < 4 ? closeCodes.rightLost : closeCodes.badMessage);
      closed++;
    };
    await Promise.all(
      Array.from({ length: lanes }, async () => {
        for (let i = 0; i < count / lanes; i++) {
          const client = world.client(commenter, document, { isPage: false });
          client.connect();
          await client.until(() => client.isOpen, "open");
          await attack(client);
        }
      }),
    );
    expect(await world.rows(document)).toEqual(before);
    expect(witness.text).toBe("Agreed text");
    // What brings nothing unseen is no attempt to write: y-websocket sends it by itself.
    const quiet = await world.join(commenter, document);
    quiet.sendStep2(Y.encodeStateAsUpdate(quiet.doc));
    await quiet.until(() => quiet.ackedFrames === quiet.sentFrames, "taken note of");
    expect(quiet.closed).toBeNull();
    told("W4", count, seed, `${closed} connections closed, 0 rows`);
  });
});
