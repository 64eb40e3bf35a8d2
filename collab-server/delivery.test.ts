/** What is durable reaches everybody, whoever stored it (rules CS21 and CS22 of PROTOCOL.md). */
import { afterEach, describe, expect, it } from "vitest";
import * as Y from "yjs";
import { type CollabWorld, openCollabWorld } from "./testing/collab-world.ts";
import { textInLog } from "./testing/faulty-world.ts";

let world: CollabWorld;
afterEach(() => world.close());

describe("delivery", () => {
  it("[CS21] delivers rows that another hand appended, in order and without a gap", async () => {
    world = await openCollabWorld();
    const document = await world.document("");
    const one = await world.join(await world.person(), document);
    const edits = 20;
    const doc = new Y.Doc();
    const updates: Uint8Array[] = [];
    doc.on("update", (update: Uint8Array) => updates.push(update));
    for (let i = 0; i < edits; i++) doc.getText("default").insert(doc.getText("default").length, `(${i})`);
    const source = await world.realLog.openSource({
      document: document.number,
      epoch: document.epoch,
      lineage: document.lineage,
      schemaNumber: 1,
      actorKind: "server",
      userId: world.plan.provider.userId,
      side: null,
      sessionId: null,
    });
    for (const bytes of updates) {
      one.type("x");
      await world.realLog.append({
        document: document.number,
        source,
        at: 1,
        clientIds: [doc.clientID],
        bytes,
      });
    }
    await one.until(() => one.text.includes(`(${edits - 1})`), "the last one");
    // Which rows a page has is said with an ack, and the last one of the other hand brings none.
    one.type("x");
    await one.allAcked();
    expect(one.text).toBe(await textInLog(world, document));
    expect(one.have).toBe((await world.rows(document)).length);
  });

  it("[CS22] hands a server edit to everybody and names the person it was made for", async () => {
    world = await openCollabWorld();
    const document = await world.document("old ");
    const ann = await world.person();
    const one = await world.join(ann, document);
    const doc = new Y.Doc();
    Y.applyUpdate(doc, Y.encodeStateAsUpdate(one.doc));
    const before = Y.encodeStateVector(doc);
    doc.getText("default").insert(0, "restored ");
    const result = await world.collab.appendServerEdit({
      documentId: document.id,
      bytes: Y.encodeStateAsUpdate(doc, before),
      clientIds: [doc.clientID],
      onBehalfOf: { userId: ann.userId as never, side: "provider", actorKind: "server" },
    });
    expect(result.ok).toBe(true);
    await one.until(() => one.text === "restored old ", "the edit");
    const source = await world.database.db
      .selectFrom("log_source")
      .select(["actor_kind", "user_id"])
      .orderBy("id", "desc")
      .executeTakeFirstOrThrow();
    expect(source).toEqual({ actor_kind: "server", user_id: ann.userId });
  });
});
