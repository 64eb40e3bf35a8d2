/** All replicas come to the same content, whatever happens on the way. */
import { afterEach, describe, expect, it } from "vitest";
import * as Y from "yjs";
import { firstText } from "../app/document/first-text.ts";
import { plainText } from "../app/document/plain-text.ts";
import { readDocument } from "../app/document/read-fragment.ts";
import { editorSchema } from "../app/document/schema.ts";
import { insertPlanDocument } from "../db/testing/plan-fixture.ts";
import { collectedDocument } from "./follow-log/yjs-history.ts";
import { unloadAfterMs } from "./rooms.ts";
import { type CollabWorld, openCollabWorld } from "./testing/collab-world.ts";
import { seeded, seedOfRun, told, trials } from "./testing/count.ts";
import { editOnce } from "./testing/random-edits.ts";
import type { RawClient } from "./testing/raw-client.ts";
import { editWithToken, tokensIn } from "./testing/token-edits.ts";
import { realTimers, type Timers } from "./timers.ts";

let world: CollabWorld;
afterEach(() => world.close());

/** Everything shared in a document, deep and in a stable order. */
function contentOf(doc: Y.Doc): string {
  return JSON.stringify([
    doc.getText("text").toDelta(),
    doc.getXmlFragment("fragment").toString(),
    Object.entries(doc.getMap("map").toJSON()).sort(([a], [b]) => (a < b ? -1 : 1)),
    doc.getArray("list").toJSON(),
    readDocument(doc).json,
  ]);
}

const plan = {
  type: "doc" as const,
  content: [{ type: "paragraph", content: [{ type: "text", text: "A plan of both sides. " }] }],
};

/**
 * Brings a client to where everything it has is durable. A line that died a moment ago
 * (cut, or by a restart) may not know it yet: then it connects again, as a page does.
 */
async function settle(client: RawClient): Promise<void> {
  for (let tries = 0; tries < 10; tries++) {
    if (!client.isOpen && client.socket?.readyState !== 0) client.connect();
    await client.until(
      () =>
        (client.isSynced && client.wasAskedForStep2) || client.closed !== null || client.refusedWith !== null,
      "synced and asked for what it has, or closed",
    );
    // What it typed without a line travels with its answer to the server's question.
    if (client.closed === null && client.refusedWith === null) {
      await client.until(
        () => client.ackedFrames >= client.sentFrames || client.closed !== null,
        "all acked",
      );
      if (client.closed === null) return;
    }
  }
  throw new Error(`not settled: ${client.refusedWith ?? ""} ${JSON.stringify(client.closed)}`);
}

/** Asks for the text until everything up to `head` is here, on as many lines as that takes. */
async function catchUp(client: RawClient, head: number): Promise<void> {
  for (let tries = 0; client.have < head; tries++) {
    if (tries === 10) throw new Error(`has ${client.have} of ${head}: ${JSON.stringify(client.closed)}`);
    if (!client.isOpen) await settle(client);
    client.sendBytes(Uint8Array.of(0, 0, 1, 0));
    await client.until(() => client.have >= head || client.closed !== null, `everything up to ${head}`);
  }
}

describe("convergence", () => {
  it("[B4][CS24] equal and valid content, every token once, after random edits, cuts, offline spells and server restarts", async () => {
    const firstSeed = seedOfRun();
    const count = trials(10_000, 150);
    let operations = 0;
    let cuts = 0;
    let restarts = 0;
    let tokens = 0;
    // Rooms close within milliseconds of the last one leaving.
    const timers: Timers = {
      every: realTimers.every,
      after: (ms, call) => realTimers.after(ms === unloadAfterMs ? 5 : ms, call),
    };
    world = await openCollabWorld({ timers });
    const people = await Promise.all(
      Array.from({ length: 6 }, (_, i) => world.person({ side: i % 2 ? "employer" : "provider" })),
    );
    for (let seed = firstSeed; seed < firstSeed + count; seed++) {
      const random = seeded(seed);
      const document = await insertPlanDocument(
        world.database.db,
        world.plan,
        "",
        (_, clientId) => firstText(plan, clientId).update,
      );
      const written: string[] = [];
      const clients: RawClient[] = [];
      const size = 2 + Math.floor(random() * 5);
      for (let i = 0; i < size; i++)
        clients.push(await world.join(people[i] ?? null, document, { isPlan: true }));
      const steps = 100 + Math.floor(random() * 300);
      for (let step = 0; step < steps; step++) {
        const client = clients[Math.floor(random() * clients.length)];
        if (client === undefined) continue;
        if (random() < 0.5) {
          written.push(`‹${seed}.${step}›`);
          editWithToken(client.doc, random, `‹${seed}.${step}›`);
        } else
          client.doc.transact(() =>
            editOnce(client.doc, random, (list) => list[Math.floor(random() * list.length)] as never),
          );
        operations++;
        const fate = random();
        if (fate < 0.05 && client.isOpen) {
          client.destroy();
          cuts++;
        } else if (fate < 0.1 && !client.isOpen && client.closed !== null) client.connect();
        else if (fate >= 0.1 && fate < 0.103) {
          await world.restart();
          restarts++;
        } else if (fate < 0.2 && client.isSynced) {
          // The line may be cut meanwhile; what was not acknowledged is offered again by `settle`.
          await client.allAcked().catch(() => {});
        }
      }
      for (const client of clients) await settle(client);
      const newest = async () => (await world.rows(document)).length;
      // Each one's offer may still travel to the others.
      const head = await newest();
      for (const client of clients) await catchUp(client, head);
      const contents = new Set(clients.map(({ doc }) => contentOf(doc)));
      const fromLog = collectedDocument();
      for (const { bytes } of await world.rows(document)) Y.applyUpdate(fromLog, bytes);
      contents.add(contentOf(fromLog));
      expect(contents.size, `seed ${seed}`).toBe(1);
      expect(fromLog.store.pendingStructs, `seed ${seed}`).toBeNull();
      // All replicas hold the same, so one tells for all. Everything typed is acknowledged by now.
      const { json } = readDocument(fromLog);
      editorSchema.nodeFromJSON(json).check();
      expect(tokensIn(plainText(json)).toSorted(), `seed ${seed}`).toEqual(written.toSorted());
      tokens += written.length;
      for (const client of clients) world.leave(client);
    }
    told(
      "B4",
      count,
      `${firstSeed}…`,
      `${operations} edits, ${cuts} cuts, ${restarts} restarts, 0 differences, ${tokens} tokens each there once, every document valid`,
    );
  });
});
