/** Too much, too deep, too slow: it costs its sender only (rules CS38–CS45 of PROTOCOL.md). */
import { monitorEventLoopDelay } from "node:perf_hooks";
import { afterEach, describe, expect, it } from "vitest";
import * as Y from "yjs";
import { closeCodes, limits } from "../app/document/wire.ts";
import { documentBytesMax } from "../app/domain/documents.ts";
import { hashedCheckpoint } from "../db/update-log/checkpoint-hash.ts";
import { deleteSetOf } from "../db/update-log/delete-set.ts";
import { type CollabWorld, openCollabWorld } from "./testing/collab-world.ts";
import { told, trials } from "./testing/count.ts";
import { ManualTimers } from "./testing/manual-timers.ts";
import type { RawClient } from "./testing/raw-client.ts";

let world: CollabWorld;
afterEach(() => world.close());

type Document = Awaited<ReturnType<CollabWorld["document"]>>;

async function openPage(person: { cookie: string }, document: Document): Promise<RawClient> {
  const client = world.client(person, document, { isPage: false });
  client.connect();
  await client.until(() => client.isOpen, "open");
  return client;
}

/** What a follower does now and then: the garbage-collected state as a new checkpoint. */
async function makeCheckpoint(document: Document): Promise<void> {
  const doc = new Y.Doc();
  const rows = await world.rows(document);
  for (const { bytes } of rows) Y.applyUpdate(doc, bytes);
  const state = Y.encodeStateAsUpdate(doc);
  await world.database.db
    .insertInto("checkpoint")
    .values(
      hashedCheckpoint(
        { documentId: document.id, schemaNumber: 1 },
        {
          document: document.number,
          seq: rows.length,
          epoch: document.epoch,
          log_id: 0,
          state,
          state_vector: Y.encodeStateVector(doc),
          delete_set: deleteSetOf(state),
          pieces: new Uint8Array(0),
          at: 0,
        },
      ),
    )
    .execute();
  world.collab.checkpointMade(document.id);
}

describe("limits", () => {
  it("[D17][CS38] a paste of 1 MB is taken, one of 5 or 20 MB ends its own socket and stays in the tab", async () => {
    world = await openCollabWorld();
    const person = await world.person();
    const witness = await world.join(await world.person({ side: "employer" }), await world.document(""));
    const count = trials(50, 6);
    let taken = 0;
    for (let i = 0; i < count; i++) {
      const megabytes = [1, 5, 20][i % 3] ?? 1;
      const document = await world.document("Small. ");
      const page = await world.join(person, document);
      const before = (await world.rows(document)).length;
      page.type("x".repeat(megabytes * 1_000_000));
      witness.type("w");
      if (megabytes === 1) {
        await page.allAcked();
        taken++;
      } else {
        expect((await page.gone()).code).toBe(closeCodes.tooLarge);
        expect(page.text.length).toBe("Small. ".length + megabytes * 1_000_000);
        expect((await world.rows(document)).length).toBe(before);
      }
      await witness.allAcked();
      page.destroy();
    }
    told(
      "D17",
      count,
      "none",
      `${taken} taken, ${count - taken} refused whole; the witness was served all the time`,
    );
  });

  it("[D17][CS39] tells people at 80 % of a document's size and refuses what goes beyond 100 %", async () => {
    world = await openCollabWorld();
    const document = await world.document("");
    const page = await world.join(await world.person(), document);
    const other = await world.join(await world.person({ side: "employer" }), document);
    const piece = "y".repeat(900_000);
    let pieces = 0;
    while (page.closed === null) {
      page.type(piece);
      pieces++;
      await page.until(() => page.ackedFrames >= page.sentFrames || page.closed !== null, "answered");
    }
    const sizes = page.control.filter(({ kind }) => kind === "size");
    expect(sizes).toHaveLength(2);
    expect(other.control.filter(({ kind }) => kind === "size")).toHaveLength(1);
    expect(page.closed?.code).toBe(closeCodes.tooLarge);
    expect(pieces).toBe(Math.floor(documentBytesMax / 900_000) + 1);
    // A checkpoint of what is left makes room again.
    const { length } = other.doc.getText("default");
    other.doc.getText("default").delete(0, length);
    await other.until(() => other.ackedFrames >= other.sentFrames || other.closed !== null, "deleted");
    expect(other.closed).toBeNull();
  });

  it("[D18][CS40] takes a first sync of several MB whole, and ends one above 8 MB with 1009", async () => {
    world = await openCollabWorld();
    const document = await world.document("");
    const person = await world.person();
    const offline = world.client(person, document);
    offline.doc.getText("default").insert(0, "o".repeat(4 * 1024 * 1024));
    offline.connect();
    await offline.synced();
    await offline.allAcked();
    const reader = await world.join(await world.person({ side: "employer" }), document);
    expect(reader.text.length).toBe(4 * 1024 * 1024);

    const tooMuch = world.client(person, await world.document(""));
    tooMuch.doc.getText("default").insert(0, "o".repeat(limits.firstSyncBytes + 100));
    tooMuch.connect();
    expect((await tooMuch.gone()).code).toBe(closeCodes.tooLarge);
  });

  it("[W6][B13][CS41] tiny amplifiers cost their sender a connection and nobody a pause", async () => {
    world = await openCollabWorld();
    const document = await world.document("Text");
    const before = await world.rows(document);
    const person = await world.person();
    const witness = await world.join(await world.person({ side: "employer" }), await world.document(""));
    const nested = new Y.Doc();
    nested.transact(() => {
      let parent: Y.XmlElement | Y.XmlFragment = nested.getXmlFragment("default");
      for (let i = 0; i < 20_000; i++) {
        const child = new Y.XmlElement("div");
        parent.insert(0, [child]);
        parent = child;
      }
    });
    const deep = Y.encodeStateAsUpdate(nested);
    const bombs: ((client: RawClient) => Uint8Array)[] = [
      // M5: eight bytes that claim 33 million structs.
      () => Uint8Array.of(1, 0xff, 0xff, 0xff, 0x0f, 1, 0, 0),
      // M8: words with a missing predecessor.
      (client) => {
        const doc = new Y.Doc();
        doc.clientID = client.doc.clientID;
        doc.getText("default").insert(0, "abc");
        const known = Y.encodeStateVector(doc);
        doc.getText("default").insert(3, "def");
        return Y.encodeStateAsUpdate(doc, known);
      },
      // M9: 20,000 elements inside each other.
      () => deep,
      // Deletions of everything there could ever be.
      () => Uint8Array.of(0, 1, 1, 1, 0, 0xff, 0xff, 0xff, 0x07),
    ];
    const delay = monitorEventLoopDelay({ resolution: 5 });
    const memoryBefore = process.memoryUsage().rss;
    const count = trials(1_000, 200);
    const lanes = 20;
    delay.enable();
    let sent = 0;
    await Promise.all(
      Array.from({ length: lanes }, async (_, lane) => {
        for (let i = 0; i < count / lanes; i++) {
          const client = await openPage(person, document).catch(() => null);
          const bomb = bombs[(i + lane) % bombs.length];
          if (client === null || bomb === undefined) continue;
          client.sendUpdate(bomb(client));
          sent++;
          expect((await client.gone()).code).toBe(closeCodes.badMessage);
          witness.type("w");
        }
      }),
    );
    // A page may be refused for the moment while many come and go; most must have had their turn.
    expect(sent).toBeGreaterThan(count / 2);
    await witness.allAcked();
    delay.disable();
    expect(witness.closed).toBeNull();
    expect(await world.rows(document)).toEqual(before);
    const grown = Math.round((process.memoryUsage().rss - memoryBefore) / 1_048_576);
    told(
      "W6",
      count,
      "none",
      `0 rows; longest pause of the loop ${Math.round(delay.max / 1e6)} ms (clients included), memory +${grown} MB`,
    );
  });

  it("[W8][B14][CS42] a reader that never reads is put out before it holds more than its share", async () => {
    world = await openCollabWorld();
    const document = await world.document("");
    const writer = await world.join(await world.person(), document);
    const slowPerson = await world.person({ side: "employer" });
    const count = trials(19, 4);
    const slow: RawClient[] = [];
    for (let i = 0; i < count; i++) {
      const client = await world.join(slowPerson, document);
      client.socket?.pause();
      slow.push(client);
    }
    const memoryBefore = process.memoryUsage().rss;
    let sentMegabytes = 0;
    while (world.collab.counts().connections > 1) {
      writer.type("z".repeat(950_000));
      writer.doc.getText("default").delete(0, writer.doc.getText("default").length);
      await writer.allAcked();
      sentMegabytes++;
      if (sentMegabytes % 3 === 0) await makeCheckpoint(document);
      expect(sentMegabytes).toBeLessThan(60);
    }
    const grown = Math.round((process.memoryUsage().rss - memoryBefore) / 1_048_576);
    expect(writer.closed).toBeNull();
    told(
      "W8",
      count,
      "none",
      `all put out after ${sentMegabytes} MB each (kernel buffers included), memory +${grown} MB`,
    );
    for (const client of slow) client.destroy();
  });

  it("[W8][CS43] a reader that is more than 10 s behind is put out, however little it owes", async () => {
    const timers = new ManualTimers(Date.now());
    world = await openCollabWorld({ timers, now: timers.now });
    const document = await world.document("");
    const writer = await world.join(await world.person(), document);
    const slow = await world.join(await world.person({ side: "employer" }), document);
    slow.socket?.pause();
    // Past what the kernel takes, below what is held against anybody at once.
    for (let i = 1; world.collab.counts().bufferedBytes < 1_000_000; i++) {
      writer.type("z".repeat(400_000));
      writer.doc.getText("default").delete(0, 400_000);
      await writer.allAcked();
      if (i % 6 === 0) await makeCheckpoint(document);
      expect(i).toBeLessThan(100);
    }
    let seconds = 0;
    while (world.collab.counts().connections > 1 && seconds < 20) {
      timers.advance(1_000);
      seconds++;
      const { messages } = writer;
      writer.sendBytes(Uint8Array.of(3));
      await writer.until(() => writer.messages > messages, "the writer is served");
    }
    expect(writer.closed).toBeNull();
    const put = world.reports.filter(({ event }) => event === "reader-put-out");
    expect(put.map(({ fields }) => fields["why"])).toEqual(["too far behind"]);
    told("W8", 1, "none", `put out after ${seconds} s (the line is cut a second later)`);
    slow.destroy();
  });

  it("[W8][CS44] somebody who keeps repeating a large frame is sent away, and comes back as anybody does", async () => {
    world = await openCollabWorld();
    const document = await world.document("Text");
    const person = await world.person();
    const page = await world.join(person, document);
    const updates: Uint8Array[] = [];
    page.doc.on("update", (update: Uint8Array) => updates.push(update));
    page.type("known ".repeat(10_000));
    await page.allAcked();
    const [known = new Uint8Array()] = updates;
    for (let i = 0; i < 200; i++) page.sendUpdate(known);
    expect((await page.gone()).code).toBe(closeCodes.tryAgain);
    const again = await world.join(person, document);
    again.sendUpdate(known);
    await again.allAcked();
    expect(again.closed).toBeNull();
  });

  it("[CS44] somebody who keeps asking for the whole document is sent away", async () => {
    world = await openCollabWorld();
    const document = await world.document("Text");
    const page = await openPage(await world.person(), document);
    for (let i = 0; i < 200; i++) page.sendBytes(Uint8Array.of(0, 0, 1, 0));
    expect((await page.gone()).code).toBe(closeCodes.tryAgain);
  });
});
