/** Nobody writes under somebody else's client id (rules CS30–CS32 of PROTOCOL.md). */
import { afterEach, describe, expect, it } from "vitest";
import * as Y from "yjs";
import { closeCodes, limits } from "../app/document/wire.ts";
import { recoveryLastsMs } from "../app/domain/recovery.ts";
import { type CollabWorld, openCollabWorld } from "./testing/collab-world.ts";
import { seeded, seedOfRun, told, trials } from "./testing/count.ts";
import { FaultyLog, gate } from "./testing/faulty-log.ts";

let world: CollabWorld;
afterEach(() => world.close());

describe("client ids", () => {
  it("[W10][CS30] accepts none of 1,000 forged updates, and all replicas keep the same content", async () => {
    world = await openCollabWorld();
    const document = await world.document("Base. ");
    const victimPerson = await world.person({ side: "employer" });
    const victim = await world.join(victimPerson, document);
    for (const word of ["the ", "employer ", "wrote ", "this "]) victim.type(word);
    await victim.allAcked();
    const before = await world.rows(document);
    const text = victim.text;
    const seed = seedOfRun();
    const random = seeded(seed);
    const count = 1_000;
    const lanes = 8;
    const codes = new Map<number, number>();
    const attackers = await Promise.all(Array.from({ length: lanes }, () => world.person()));
    const forge = (attackerId: number): { update: Uint8Array; isSeen: boolean } => {
      const kind = Math.floor(random() * 5);
      const doc = new Y.Doc();
      if (kind === 0) {
        // The same ids with other content, from a document that never saw the real one (M7).
        doc.clientID = victim.doc.clientID;
        doc.getText("default").insert(0, "x");
        return { update: Y.encodeStateAsUpdate(doc), isSeen: true };
      }
      Y.applyUpdate(doc, Y.encodeStateAsUpdate(victim.doc));
      const known = Y.encodeStateVector(doc);
      if (kind === 1) {
        // The victim's next words.
        doc.clientID = victim.doc.clientID;
        doc.getText("default").insert(0, `forged ${random()}`);
      } else if (kind === 2) {
        // Own words and the victim's in one message.
        doc.clientID = attackerId;
        doc.getText("default").insert(0, "mine ");
        doc.clientID = victim.doc.clientID;
        doc.getText("default").insert(0, "not mine ");
      } else if (kind === 3) {
        // An id that belongs to nobody yet.
        doc.clientID = Math.floor(random() * 2 ** 31);
        doc.getText("default").insert(0, "squatted ");
      } else {
        // A far-away clock of the victim.
        doc.clientID = victim.doc.clientID;
        doc.getText("default").insert(0, "a".repeat(50));
        const half = Y.encodeStateVector(doc);
        doc.getText("default").insert(0, "b");
        return { update: Y.encodeStateAsUpdate(doc, half), isSeen: false };
      }
      return { update: Y.encodeStateAsUpdate(doc, known), isSeen: false };
    };
    await Promise.all(
      attackers.map(async (attacker, lane) => {
        for (let i = lane; i < count; i += lanes) {
          const client = world.client(attacker, document, { isPage: false });
          client.connect();
          await client.until(() => client.isOpen, "open");
          const { update, isSeen } = forge(client.doc.clientID);
          if (random() < 0.5) client.sendUpdate(update);
          else client.sendStep2(update);
          if (isSeen) {
            // Brings nothing unseen: taken note of, never stored, never shown.
            client.sendBytes(Uint8Array.of(0, 0, 1, 0));
            await client.until(() => client.ackedFrames === 1, "taken note of");
            client.destroy();
            continue;
          }
          const { code } = await client.gone();
          codes.set(code, (codes.get(code) ?? 0) + 1);
        }
      }),
    );
    expect(await world.rows(document)).toEqual(before);
    const late = await world.join(await world.person(), document);
    expect([victim.text, late.text]).toEqual([text, text]);
    expect([...codes.keys()].sort()).toEqual([closeCodes.badMessage, closeCodes.leaseRefused]);
    told("W10", count, seed, `0 rows, 0 divergent replicas; close codes ${JSON.stringify([...codes])}`);
  });

  it("[W10][CS31] takes back the offline work of earlier page loads of the same person, and of nobody else", async () => {
    world = await openCollabWorld();
    const document = await world.document("");
    const ann = await world.person();
    const bob = await world.person({ side: "employer" });
    const first = await world.join(ann, document);
    first.type("online ");
    await first.allAcked();
    first.destroy();
    await first.gone();
    first.type("offline ");

    // Somebody else's browser offers Ann's words: refused, whatever it names.
    const thief = world.client(bob, document, { also: [first.doc.clientID] });
    Y.applyUpdate(thief.doc, Y.encodeStateAsUpdate(first.doc));
    thief.connect();
    expect((await thief.gone()).code).toBe(closeCodes.leaseRefused);

    const second = world.client(ann, document, { also: [first.doc.clientID] });
    Y.applyUpdate(second.doc, Y.encodeStateAsUpdate(first.doc));
    second.connect();
    await second.synced();
    await second.allAcked();
    const reader = await world.join(bob, document);
    expect(reader.text).toBe("online offline ");
  });

  it("[W10][CS8] takes the work of many page loads that were named over several connections, each cut at once", async () => {
    const loads = trials(2_000, 300);
    const late = gate();
    world = await openCollabWorld({
      wrapLog: (log) => {
        const slow = new FaultyLog(log);
        const load = slow.load.bind(slow);
        // The room is read before most ids are leased, and stands after the last one was.
        slow.load = async (documentId) => {
          const stored = await load(documentId);
          await late.opened;
          return stored;
        };
        return slow;
      },
    });
    const document = await world.document("");
    const ann = await world.person();
    const ids: number[] = [];
    let written = Y.encodeStateAsUpdate(new Y.Doc());
    for (let load = 0; load < loads; load++) {
      const doc = new Y.Doc();
      Y.applyUpdate(doc, written);
      const text = doc.getText("default");
      text.insert(text.length, `${load} `);
      ids.push(doc.clientID);
      written = Y.encodeStateAsUpdate(doc);
    }
    const page = new Y.Doc();
    Y.applyUpdate(page, written);
    const most = limits.leasedClientsPerConnect;
    let connections = 1;
    while (ids.length > most) {
      const naming = world.client(ann, document, { isPage: false, also: ids.splice(0, most) });
      naming.connect();
      await naming.until(() => naming.isOpen, "open");
      naming.destroy();
      connections++;
    }
    const last = world.client(ann, document, { doc: page, also: ids });
    last.connect();
    await last.until(() => last.isOpen, "open");
    late.open();
    await last.synced();
    await last.allAcked();
    const reader = await world.join(await world.person({ side: "employer" }), document);
    expect(reader.text).toBe(page.getText("default").toString());
    expect(reader.text.split(" ").length).toBe(loads + 1);
    told("W10", loads, "client ids of Yjs", `page loads named over ${connections} connections, all taken`);
  });

  it("[W10][CS30] takes other people's words back after a backup was restored, as not verified, until the recovery ends", async () => {
    let now = Date.now();
    world = await openCollabWorld({ now: () => now });
    const document = await world.document("");
    const ann = await world.person();
    const bob = await world.person({ side: "employer" });
    const lost = new Y.Doc();
    lost.getText("default").insert(0, "what the backup did not hold");
    await world.database.db
      .updateTable("document")
      .set({ recovering_until: now + recoveryLastsMs })
      .where("id", "=", document.id)
      .execute();
    const keeper = world.client(bob, document);
    Y.applyUpdate(keeper.doc, Y.encodeStateAsUpdate(lost));
    keeper.connect();
    await keeper.synced();
    await keeper.allAcked();
    expect((await world.join(ann, document)).text).toBe("what the backup did not hold");
    const lease = await world.database.db
      .selectFrom("client_lease")
      .select("is_verified")
      .where("lineage", "=", document.lineage)
      .where("client_id", "=", lost.clientID)
      .executeTakeFirstOrThrow();
    expect(lease.is_verified).toBe(0);

    // Who was let in while it lasted, and offers once it is over.
    const late = world.client(bob, document, { isPage: false });
    late.connect();
    await late.until(() => late.isOpen, "open");
    now += recoveryLastsMs;
    const forged = new Y.Doc();
    forged.getText("default").insert(0, "in somebody's name");
    late.sendStep2(Y.encodeStateAsUpdate(forged));
    expect((await late.gone()).code).toBe(closeCodes.leaseRefused);
    expect(await world.rows(document)).toHaveLength(2);
  });

  it("[CS32] stores only what is new of a message that repeats what is known", async () => {
    world = await openCollabWorld();
    const document = await world.document("");
    const ann = await world.person();
    const bob = await world.join(await world.person({ side: "employer" }), document);
    bob.type("b".repeat(3_000));
    await bob.allAcked();
    const page = await world.join(ann, document);
    page.type("first ");
    await page.allAcked();
    page.destroy();
    await page.gone();
    page.type("second ");
    const whole = Y.encodeStateAsUpdate(page.doc);
    const again = world.client(ann, document, { isPage: false, also: [page.doc.clientID] });
    again.connect();
    await again.until(() => again.isOpen, "open");
    again.sendBytes(Uint8Array.of(0, 0, 1, 0));
    again.sendStep2(whole);
    await again.until(() => again.ackedFrames === 1, "acked");
    await bob.until(() => bob.text === page.text, "delivered");
    const rows = await world.rows(document);
    expect(whole.length).toBeGreaterThan(3_000);
    expect(rows.at(-1)?.bytes.length).toBeLessThan(100);
  });
});
