/** The thread behind the histories: copies, crashes, repairs, checkpoints, and what ends it. */
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import * as Y from "yjs";
import { plainText } from "../../app/document/plain-text.ts";
import { depthOf, readDocument } from "../../app/document/read-fragment.ts";
import type { DocumentId } from "../../app/domain/ids.ts";
import { unpackText } from "../../db/exports/packed-text.ts";
import { openTestDatabase } from "../../db/testing/open-test-database.ts";
import { told, trials } from "../testing/count.ts";
import { openHistories, type RunningHistories } from "./histories.ts";
import { type FollowWorld, openFollowWorld, tenOClock, textOfBlock } from "./testing/plan-world.ts";
import { paragraph } from "./testing/random-plan.ts";
import { type Heard, heardNothing, historiesOptions, value } from "./testing/running-histories.ts";

let world: FollowWorld;
let histories: RunningHistories;
let heard: Heard;
let now = tenOClock;

beforeEach(async () => {
  world = await openFollowWorld();
  now = tenOClock;
  heard = heardNothing();
  histories = await openHistories(historiesOptions(world, () => now, heard));
});
afterEach(async () => {
  await histories.close();
  await world.close();
});

describe("the worker", () => {
  it("writes the first text of a copy, without history, while the loop that asked goes on", async () => {
    const pieces = trials(30_000, 6_000);
    const document = await world.document({
      type: "doc",
      content: Array.from({ length: pieces }, (_, i) => ({
        type: "paragraph",
        content: [{ type: "text", text: `Outcome ${i}: the learner measures, records and explains.` }],
      })),
    });
    const writer = await world.writer(document, "provider");
    textOfBlock(writer.doc, 0).insert(0, "Written later. ");
    textOfBlock(writer.doc, 1).delete(0, 8);
    await writer.send(now);
    let turns = 0;
    const turning = setInterval(() => {
      turns += 1;
    }, 1);
    const copy = value(await histories.firstTextOfCopy(document.id as DocumentId, 4711));
    clearInterval(turning);

    const doc = new Y.Doc();
    Y.applyUpdate(doc, copy.update);
    expect([...doc.store.clients.keys()]).toEqual([4711]);
    expect(copy.stateVector).toEqual(Y.encodeStateVector(doc));
    const original = readDocument(writer.doc).json;
    const copied = readDocument(doc).json;
    expect(copy.body).toBe(plainText(original));
    expect(plainText(copied)).toBe(copy.body);
    const ids = [original, copied].flatMap(({ content = [] }) =>
      content.map(({ attrs }) => attrs?.["blockId"]),
    );
    expect(new Set(ids).size).toBe(2 * pieces);
    told(
      "copy",
      pieces,
      "none",
      `paragraphs copied, ${copy.update.length} bytes; the asking loop had ${turns} turns`,
    );
    expect(turns).toBeGreaterThan(20);
  });

  it("is started again after it died; what was asked of it is answered, and nothing is missing", async () => {
    const document = await world.document();
    const writer = await world.writer(document, "provider");
    textOfBlock(writer.doc, 1).insert(0, "Before. ");
    await writer.send(now);
    const asked = histories.packPresent(document.id as DocumentId);
    const crashed = histories.crash();
    await Promise.allSettled([asked, crashed]);
    textOfBlock(writer.doc, 1).insert(0, "After. ");
    await writer.send(now);
    // Asked while nobody is there to answer: it waits for the next worker.
    const present = value(await histories.packPresent(document.id as DocumentId));
    expect(JSON.stringify(unpackText(present))).toContain("After. Before. ");
    await histories.caughtUp();
    const day = await world.database.db.selectFrom("activity_day").select("characters_added").execute();
    expect(day).toEqual([{ characters_added: 15 }]);
  });

  it("[D26] goes on with the other documents where one cannot be followed, and says which", async () => {
    const [bad, other] = [await world.document(), await world.document()];
    const sqlite = world.sqlite();
    sqlite.exec(`create trigger refused before insert on document_text when new.document_id = '${bad.id}'
      begin select raise(abort, 'words of people'); end`);
    await histories.caughtUp();
    const found = () => sqlite.prepare("select document_id from document_text order by rowid").pluck().all();
    expect(found()).toEqual([other.id]);
    expect(heard.asides).toEqual([
      { document: bad.number, part: "search", fault: expect.stringMatching(/^SQLITE_/) },
    ]);
    expect(JSON.stringify(heard.asides)).not.toContain("words of people");
    sqlite.exec("drop trigger refused");
    await histories.crash();
    await histories.caughtUp();
    expect(found()).toEqual([other.id, bad.id]);
  });

  it("closes while its worker is away, and answers whoever waits for it", async () => {
    const document = await world.document();
    await histories.crash();
    const asked = histories.packPresent(document.id as DocumentId);
    const answered = expect(asked).rejects.toThrow("closed");
    await histories.close();
    await answered;
  });

  it("[W6] stores a repair of what many edits nested too deep, as an edit of the server's own", async () => {
    const document = await world.document();
    const writer = await world.writer(document, "provider");
    let parent: Y.XmlFragment = writer.doc.getXmlFragment("default");
    for (let level = 0; level < 80; level++) {
      const quote = new Y.XmlElement("blockquote");
      quote.insert(0, [paragraph(`level ${level + 1}`)]);
      parent.push([quote]);
      parent = quote;
      await writer.send(now);
    }
    const head = world.log.headSeq(document.number);
    await histories.caughtUp();
    await expect.poll(() => world.log.headSeq(document.number), { timeout: 20_000 }).toBe(head + 1);
    await writer.receive();
    expect(depthOf(writer.doc)).toBe(64);
  });

  it("makes a checkpoint before it says that the last person's leaving was dealt with", async () => {
    const document = await world.document();
    const writer = await world.writer(document, "provider");
    textOfBlock(writer.doc, 1).insert(0, "Secret");
    await writer.send(now);
    textOfBlock(writer.doc, 1).delete(0, 6);
    await writer.send(now);
    await histories.left(document.id);
    const stored = await world.log.load(document.id);
    expect(stored?.tail).toEqual([]);
    expect(Buffer.from(stored?.checkpoint.state ?? []).includes("Secret")).toBe(false);
  });

  it("refuses to start on a file that is no database", async () => {
    const empty = await openTestDatabase();
    await empty.close();
    await expect(
      openHistories({ ...historiesOptions(world, () => now, heard), path: "/nowhere/two-way.db" }),
    ).rejects.toThrow();
  });

  it("[D26][B12] a document that ends the worker is left aside the second time, and the others go on", async () => {
    await histories.close();
    const heavy = await world.document();
    const writer = await world.writer(heavy, "provider");
    const text = textOfBlock(writer.doc, 1);
    writer.doc.transact(() => {
      for (let i = 0; i < 400_000; i++) text.insertEmbed(0, {});
    });
    await writer.send(tenOClock);
    const other = await world.document();
    const colleague = await world.writer(other, "employer");
    textOfBlock(colleague.doc, 1).insert(0, "Still followed. ");
    await colleague.send(tenOClock);

    histories = await openHistories({ ...historiesOptions(world, () => now, heard), memoryMb: 96 });
    const isThrough = () =>
      histories.caughtUp().then(
        () => true,
        () => false,
      );
    while (!(await isThrough())) expect(heard.troubles.length).toBeLessThan(4);
    expect(heard.troubles.filter((message) => message.includes("memory"))).toHaveLength(2);
    expect(heard.asides).toContainEqual({
      document: heavy.number,
      part: "reading",
      fault: "the worker ended over it",
    });
    expect(heard.asides.filter(({ document }) => document === other.number)).toEqual([]);
    const drawn = await histories.drawPresent(other.id as DocumentId);
    expect(JSON.stringify(drawn)).toContain("Still followed. ");
  });
});
