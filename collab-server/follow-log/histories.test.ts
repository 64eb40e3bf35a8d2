import { afterEach, beforeEach, describe, expect, it } from "vitest";
import * as Y from "yjs";
import { canonicalJson, contentHash } from "../../app/document/canonical.ts";
import { plainText } from "../../app/document/plain-text.ts";
import { depthOf, readDocument } from "../../app/document/read-fragment.ts";
import type { DocumentId, UserId, VersionId } from "../../app/domain/ids.ts";
import { unpackText } from "../../db/exports/packed-text.ts";
import { serverUserId } from "../../db/server-user.ts";
import { openTestDatabase } from "../../db/testing/open-test-database.ts";
import { seeded, seedOfRun, told, trials } from "../testing/count.ts";
import type { Damage } from "./held-documents.ts";
import { openHistories, type RunningHistories } from "./histories.ts";
import type { Aside } from "./set-aside.ts";
import { type FollowWorld, minute, openFollowWorld, tenOClock, textOfBlock } from "./testing/plan-world.ts";
import { editPlan, paragraph } from "./testing/random-plan.ts";

/** Full counts on a busy machine, ms. */
const longRun = 900_000;

let world: FollowWorld;
let histories: RunningHistories;
let now = tenOClock;
let damage: Damage[] = [];
let asides: Aside[] = [];
let notices: (readonly string[])[] = [];

beforeEach(async () => {
  notices = [];
  asides = [];
  world = await openFollowWorld();
  now = tenOClock;
  damage = [];
  histories = await openHistories({
    path: world.database.path,
    log: world.log,
    now: () => now,
    newId: () => crypto.randomUUID(),
    appendServerEdit: world.appendServerEdit(() => now),
    onDamage: (found) => damage.push(found),
    onAside: (aside) => asides.push(aside),
    onRestored: (...which) => notices.push(which),
  });
});
afterEach(async () => {
  await histories.close();
  await world.close();
});

const hashOf = (doc: Y.Doc) => {
  const { json, maps } = readDocument(doc);
  return contentHash(json, maps);
};
const by = () => ({ userId: world.world.provider.userId as UserId, side: "provider" as const });
const named = (documentId: string, name: string, seq?: number) =>
  histories.cut({ documentId: documentId as DocumentId, kind: "named", name, note: null, by: by(), seq });

/** The value of a call that must not have been refused. */
function value<T>(result: { ok: true; value: T } | { ok: false; refusal: { code: string } }): T {
  if (!result.ok) throw new Error(`Refused: ${result.refusal.code}`);
  return result.value;
}

describe("versions", () => {
  it("are cut at exactly the row that was durable when asked, numbered in order, with their authors", async () => {
    const document = await world.document();
    const college = await world.writer(document, "provider");
    const employer = await world.writer(document, "employer");
    textOfBlock(college.doc, 1).insert(0, "Safely: ");
    await college.send(now);
    const asked = named(document.id, "First");
    await employer.receive();
    textOfBlock(employer.doc, 0).insert(4, " of both");
    textOfBlock(employer.doc, 1).delete(0, 4);
    await employer.send(now + minute);
    const first = value(await asked);
    const second = value(await named(document.id, "Second"));
    await histories.caughtUp();

    const rows = await world.database.db
      .selectFrom("version")
      .select(["id", "number", "seq", "kind", "authors", "words"])
      .where("document_id", "=", document.id)
      .orderBy("number")
      .execute();
    const [created, one, two] = rows;
    expect(created).toMatchObject({ number: 1, seq: 1, kind: "created", authors: "[]" });
    expect(one).toMatchObject({ id: first.versionId, number: 2, seq: 2 });
    expect(two).toMatchObject({ id: second.versionId, number: 3, seq: 3 });
    expect(JSON.parse(one?.authors ?? "")).toEqual([
      { userId: college.userId, side: "provider", added: 8, removed: 0 },
    ]);
    expect(JSON.parse(two?.authors ?? "")).toEqual([
      { userId: employer.userId, side: "employer", added: 8, removed: 4 },
    ]);
    const text = value(await histories.packVersion(document.id as DocumentId, first.versionId));
    expect(JSON.stringify(unpackText(text))).toContain("Safely: What");
    expect(JSON.stringify(unpackText(text))).not.toContain("of both");
  });

  it("[D5] count text whose author a recovery could not verify for nobody", async () => {
    const document = await world.document();
    const keeper = await world.writer(document, "employer");
    textOfBlock(keeper.doc, 1).insert(0, "Brought back: ");
    await keeper.send(now);
    await world.database.db
      .updateTable("client_lease")
      .set({ is_verified: 0 })
      .where("client_id", "=", keeper.doc.clientID)
      .execute();
    const { versionId } = value(await named(document.id, "After the recovery"));
    const cut = await world.database.db
      .selectFrom("version")
      .select("authors")
      .where("id", "=", versionId)
      .executeTakeFirstOrThrow();
    expect(cut.authors).toBe("[]");
  });

  it("can be cut at a row long past, and read the same as then", async () => {
    const seed = seedOfRun();
    const random = seeded(seed);
    const document = await world.document();
    const writer = await world.writer(document, "provider");
    const hashes = new Map<number, string>();
    for (let i = 0; i < 60; i++) {
      editPlan(writer.doc, random);
      const sent = await writer.send(now + i);
      if (sent?.ok) hashes.set(sent.value.seq, hashOf(writer.doc));
    }
    for (const [seq, hash] of [...hashes].filter((_, index) => index % 7 === 0)) {
      const cut = value(await named(document.id, `At ${seq}`, seq));
      const read = value(await histories.packVersion(document.id as DocumentId, cut.versionId));
      expect(read.contentHash, `seed ${seed} seq ${seq}`).toBe(hash);
    }
  });

  it("refuse a version of another document and a row that is not durable", async () => {
    const document = await world.document();
    const other = await world.document();
    const cut = value(await named(document.id, "Mine"));
    for (const answer of [
      await histories.packVersion(other.id as DocumentId, cut.versionId),
      await histories.restore({ documentId: other.id as DocumentId, versionId: cut.versionId, by: by() }),
    ])
      expect(answer).toMatchObject({ ok: false, refusal: { code: "version-elsewhere" } });
    expect(await named(document.id, "Future", 99)).toMatchObject({ refusal: { code: "not-saved" } });
  });
});

describe("bringing a version back", () => {
  it("[D5] v1, v2, v1, the newest, v2: each exactly equal, each a forward edit in the same epoch", async () => {
    const seed = seedOfRun();
    const random = seeded(seed);
    const document = await world.document();
    const writer = await world.writer(document, "provider");
    const versions: { id: VersionId; hash: string }[] = [];
    for (let i = 0; i < 3; i++) {
      for (let edit = 0; edit < 15; edit++) {
        editPlan(writer.doc, random);
        await writer.send(now++);
      }
      versions.push({
        id: value(await named(document.id, `V${i}`)).versionId,
        hash: hashOf(writer.doc),
      });
    }
    for (const index of [0, 1, 0, 2, 1]) {
      const version = versions[index] as (typeof versions)[number];
      const restored = value(
        await histories.restore({ documentId: document.id as DocumentId, versionId: version.id, by: by() }),
      );
      await writer.receive();
      expect(hashOf(writer.doc), `seed ${seed}`).toBe(version.hash);
      const read = value(await histories.packVersion(document.id as DocumentId, restored.versionId));
      expect(read.contentHash).toBe(version.hash);
    }
    const { epoch } = await world.database.db
      .selectFrom("document")
      .select("epoch")
      .where("id", "=", document.id)
      .executeTakeFirstOrThrow();
    expect(epoch).toBe(document.epoch);
    const kinds = await world.database.db
      .selectFrom("version")
      .select(["kind", "seq"])
      .where("document_id", "=", document.id)
      .orderBy("number")
      .execute();
    expect(kinds.filter((row) => row.kind === "before_restore")).toHaveLength(5);
    expect(kinds.filter((row) => row.kind === "restored")).toHaveLength(5);
    expect(kinds.map((row) => row.seq)).toEqual(kinds.map((row) => row.seq).toSorted((a, b) => a - b));
    const sources = await world.database.db
      .selectFrom("log_source")
      .select(["actor_kind", "user_id"])
      .where("document", "=", document.number)
      .where("actor_kind", "=", "server")
      .execute();
    expect(sources.every((source) => source.user_id === by().userId)).toBe(true);
    told("D5", 5, seed, "a chain of restores through the worker, all equal, one epoch");
  });

  it("[W10] gives returning text back to its author, and nobody credit for it", async () => {
    const document = await world.document();
    const college = await world.writer(document, "provider");
    const employer = await world.writer(document, "employer");
    textOfBlock(college.doc, 1).insert(0, "Written by the college. ");
    await college.send(now);
    const version = value(await named(document.id, "With it"));
    await employer.receive();
    textOfBlock(employer.doc, 1).delete(0, 24);
    await employer.send(now + 1);
    const restored = value(
      await histories.restore({
        documentId: document.id as DocumentId,
        versionId: version.versionId,
        by: { userId: employer.userId as UserId, side: "employer" },
      }),
    );
    const rows = await world.database.db
      .selectFrom("version")
      .select(["id", "kind", "authors"])
      .where("document_id", "=", document.id)
      .orderBy("number")
      .execute();
    const after = rows.find((row) => row.id === restored.versionId);
    // Compared with the version just before, the college's own words came back.
    expect(JSON.parse(after?.authors ?? "")).toEqual([
      { userId: college.userId, side: "provider", added: 24, removed: 0 },
    ]);
    expect(notices).toEqual([[document.id, "Leader of the employer", "version 2, “With it”"]]);
    const carry = await world.database.db.selectFrom("attr_carry").selectAll().execute();
    expect(carry).toMatchObject([{ from_client: college.doc.clientID, length: 24, kind: "restore" }]);
    const lease = await world.database.db
      .selectFrom("client_lease")
      .select("user_id")
      .where("client_id", "=", carry[0]?.to_client ?? 0)
      .executeTakeFirstOrThrow();
    expect(lease.user_id).toBe(serverUserId);
  });

  it(
    "[D7] loses nothing that was typed while the restore was under way",
    async () => {
      const seed = seedOfRun();
      const count = trials(100, 12);
      let kept = 0;
      let apart = 0;
      for (let trial = 0; trial < count; trial++) {
        const random = seeded(seed + trial);
        const document = await world.document();
        const writer = await world.writer(document, "provider");
        const typist = await world.writer(document, "employer");
        const first = value(await named(document.id, "Then"));
        const fragment = writer.doc.getXmlFragment("default");
        fragment.insert(2, [paragraph("A new paragraph")]);
        await writer.send(now);
        await typist.receive();
        const token = `typed meanwhile ${trial}`;
        textOfBlock(typist.doc, random() < 0.5 ? 1 : 2).insert(3, token);
        const restoring = histories.restore({
          documentId: document.id as DocumentId,
          versionId: first.versionId,
          by: by(),
        });
        const typing = typist.send(now);
        const restored = value(await restoring);
        await typing;
        await typist.receive();
        await writer.receive();
        expect(hashOf(typist.doc)).toBe(hashOf(writer.doc));
        const { json } = readDocument(writer.doc);
        const isVisible = canonicalJson(json).includes(token);
        const isListed = restored.keptApart.join("\n").includes(token);
        // Typed before the restore was computed, it is part of "before" and comes back from there.
        const before = await world.database.db
          .selectFrom("version")
          .select("id")
          .where("document_id", "=", document.id)
          .where("kind", "=", "before_restore")
          .executeTakeFirstOrThrow();
        const past = value(await histories.packVersion(document.id as DocumentId, before.id as VersionId));
        const isBefore = canonicalJson(unpackText(past)).includes(token);
        expect(isVisible || isListed || isBefore, `seed ${seed} trial ${trial}`).toBe(true);
        if (isListed) {
          const { report } = await world.database.db
            .selectFrom("version")
            .select("report")
            .where("id", "=", restored.versionId)
            .executeTakeFirstOrThrow();
          expect(report).toContain(token);
          apart++;
        } else kept++;
      }
      told("D7", count, seed, `${kept} kept in place or before, ${apart} listed in the report, 0 lost`);
    },
    longRun,
  );

  it("refuses what already reads like that, and stores nothing", async () => {
    const document = await world.document();
    const writer = await world.writer(document, "provider");
    textOfBlock(writer.doc, 1).insert(0, "x");
    await writer.send(now);
    const version = value(await named(document.id, "Now"));
    const head = world.log.headSeq(document.number);
    expect(
      await histories.restore({
        documentId: document.id as DocumentId,
        versionId: version.versionId,
        by: by(),
      }),
    ).toMatchObject({ refusal: { code: "already-like-this" } });
    expect(world.log.headSeq(document.number)).toBe(head);
    const count = await world.database.db.selectFrom("version").select("id").execute();
    expect(count).toHaveLength(2);
  });

  it("restores one after the other when two people ask at once", async () => {
    const document = await world.document();
    const writer = await world.writer(document, "provider");
    const first = value(await named(document.id, "One"));
    textOfBlock(writer.doc, 1).insert(0, "Two. ");
    await writer.send(now);
    const second = value(await named(document.id, "Two"));
    textOfBlock(writer.doc, 1).insert(0, "Three. ");
    await writer.send(now);
    const answers = await Promise.all(
      [first, second].map((version) =>
        histories.restore({ documentId: document.id as DocumentId, versionId: version.versionId, by: by() }),
      ),
    );
    expect(answers.every((answer) => answer.ok)).toBe(true);
    const present = value(await histories.packPresent(document.id as DocumentId));
    const wanted = value(await histories.packVersion(document.id as DocumentId, second.versionId));
    expect(contentHash(unpackText(present))).toBe(wanted.contentHash);
  });
});

describe("damage", () => {
  it(
    "[D26] one flipped bit costs history at most: the present stays readable and the row is reported",
    async () => {
      const seed = seedOfRun();
      const random = seeded(seed);
      const count = trials(1_000, 40);
      await histories.close();
      let refused = 0;
      let unharmed = 0;
      const document = await world.document();
      const writer = await world.writer(document, "provider");
      const versions: { id: string; hash: string }[] = [];
      const start = world.follow();
      for (let i = 0; i < 60; i++) {
        editPlan(writer.doc, random);
        const sent = await writer.send(now + i);
        if (i % 10 === 5 && sent?.ok) {
          const id = crypto.randomUUID();
          start.histories.cut({
            documentId: document.id,
            kind: "named",
            name: `V${i}`,
            note: null,
            by: by(),
            restoredFrom: null,
            seq: sent.value.seq,
            at: now,
            versionId: id,
            report: null,
          });
          versions.push({ id, hash: hashOf(writer.doc) });
        }
      }
      start.follow.read();
      start.follow.left(document.id);
      start.follow.flush({ all: true, now: 0 });
      start.sqlite.close();
      const sqlite = world.sqlite();
      const ids = sqlite
        .prepare("select id from log where document = ?")
        .pluck()
        .all(document.number) as number[];

      for (let trial = 0; trial < count; trial++) {
        const id = ids[Math.floor(random() * ids.length)] ?? 0;
        const bytes = sqlite.prepare("select bytes from log where id = ?").pluck().get(id) as Buffer;
        const broken = Buffer.from(bytes);
        const at = Math.floor(random() * broken.length);
        broken[at] = (broken[at] ?? 0) ^ (1 << Math.floor(random() * 8));
        sqlite.prepare("update log set bytes = ? where id = ?").run(broken, id);
        // Nothing but the log and the checkpoint is left to go by.
        sqlite.exec("delete from archive; delete from follower");
        world.damage.length = 0;
        const { follow, histories: reading, sqlite: own } = world.follow();
        const present = reading.readPresent(document.id);
        expect(present.ok && contentHash(present.value.json), `seed ${seed} trial ${trial}`).toBe(
          contentHash(readDocument(writer.doc).json),
        );
        const seq = ids.indexOf(id) + 1;
        expect(world.damage).toContainEqual({ document: document.number, fromSeq: seq, toSeq: seq });
        for (const version of versions) {
          const read = reading.readVersion(document.id, version.id);
          if (read.ok) {
            expect(read.value.contentHash).toBe(version.hash);
            unharmed++;
          } else {
            expect(read.refusal.code).toBe("history-damaged");
            refused++;
          }
        }
        follow.flush({ all: true, now: 0 });
        own.close();
        sqlite.prepare("update log set bytes = ? where id = ?").run(bytes, id);
      }
      sqlite.exec("delete from archive; delete from follower");
      const { histories: healed } = world.follow();
      for (const version of versions) expect(healed.readVersion(document.id, version.id).ok).toBe(true);
      expect(refused).toBeGreaterThan(0);
      told(
        "D26",
        count,
        seed,
        `present readable every time; old versions ${unharmed} exact, ${refused} refused as damaged`,
      );
    },
    longRun,
  );

  it("[D26] an emoji that somebody cuts in half later is still whole in the version before", async () => {
    const document = await world.document();
    const writer = await world.writer(document, "provider");
    const text = textOfBlock(writer.doc, 1);
    text.insert(0, "🎓 learned. ");
    await writer.send(now);
    const version = value(await named(document.id, "Whole"));
    // Yjs replaces both halves, in all of its history, when something comes between them.
    text.insert(1, "x");
    await writer.send(now);
    const read = value(await histories.packVersion(document.id as DocumentId, version.versionId));
    expect(JSON.stringify(unpackText(read))).toContain("🎓 learned. What");
  });

  it("[D26] a damaged archive is made again from the log", async () => {
    const document = await world.document();
    const writer = await world.writer(document, "provider");
    textOfBlock(writer.doc, 1).insert(0, "Still here. ");
    await writer.send(now);
    await histories.caughtUp();
    await histories.close();
    const sqlite = world.sqlite();
    sqlite.prepare("update archive set state = ?").run(Buffer.from("not brotli"));
    const { histories: reading } = world.follow();
    const present = reading.readPresent(document.id);
    expect(present.ok && JSON.stringify(present.value.json)).toContain("Still here. ");
  });
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
    expect(asides).toEqual([
      { document: bad.number, part: "search", fault: expect.stringMatching(/^SQLITE_/) },
    ]);
    expect(JSON.stringify(asides)).not.toContain("words of people");
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
      openHistories({
        path: "/nowhere/two-way.db",
        log: world.log,
        now: () => now,
        newId: () => crypto.randomUUID(),
        appendServerEdit: world.appendServerEdit(() => now),
      }),
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

    const troubles: string[] = [];
    histories = await openHistories({
      path: world.database.path,
      log: world.log,
      now: () => now,
      newId: () => crypto.randomUUID(),
      appendServerEdit: world.appendServerEdit(() => now),
      onAside: (aside) => asides.push(aside),
      onTrouble: (message) => troubles.push(message),
      memoryMb: 96,
    });
    const isThrough = () =>
      histories.caughtUp().then(
        () => true,
        () => false,
      );
    while (!(await isThrough())) expect(troubles.length).toBeLessThan(4);
    expect(troubles.filter((message) => message.includes("memory"))).toHaveLength(2);
    expect(asides).toContainEqual({
      document: heavy.number,
      part: "reading",
      fault: "the worker ended over it",
    });
    expect(asides.filter(({ document }) => document === other.number)).toEqual([]);
    const drawn = await histories.drawPresent(other.id as DocumentId);
    expect(JSON.stringify(drawn)).toContain("Still followed. ");
  });
});
