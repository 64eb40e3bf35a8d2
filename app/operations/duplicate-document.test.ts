import { randomUUID } from "node:crypto";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import * as Y from "yjs";
import { deleteSetOf } from "../../db/update-log/delete-set.ts";
import { plainText } from "../document/plain-text.ts";
import { readDocument } from "../document/read-fragment.ts";
import { copyTitle, duplicateDocument } from "./duplicate-document.ts";
import { renameDocument } from "./rename-document.ts";
import { type DocumentsScene, openDocumentsScene } from "./testing/documents-scene.ts";
import type { PersonOfScene } from "./testing/people-scene.ts";

let scene: DocumentsScene;
beforeEach(async () => {
  scene = await openDocumentsScene();
});
afterEach(() => scene.database.close());

describe("duplicating", () => {
  it("copies the text as a new document with a lineage and block ids of its own, written by the server", async () => {
    const documentId = await scene.make("Plan", { kind: "curriculum_plan" });
    const copy = await duplicateDocument(scene.services, scene.asker("editor"), { documentId });
    const copyId = copy.ok ? copy.value.documentId : "";
    expect(await scene.tree()).toEqual(["Plan", "Copy of Plan"]);
    const rows = await scene.db
      .selectFrom("document")
      .innerJoin("log_source", "log_source.document", "document.number")
      .select(["document.lineage_id", "log_source.actor_kind", "log_source.user_id"])
      .orderBy("document.number")
      .execute();
    expect(new Set(rows.map((row) => row.lineage_id)).size).toBe(2);
    expect(rows.at(-1)).toMatchObject({ actor_kind: "server", user_id: scene.users.editor });

    const original = readDocument(await scene.documentFromLog(documentId)).json;
    const copied = readDocument(await scene.documentFromLog(copyId)).json;
    expect(plainText(copied)).toBe(plainText(original));
    const ids = (json: unknown) =>
      [...JSON.stringify(json).matchAll(/"blockId":"([^"]+)"/g)].map((match) => match[1]);
    const all = [...ids(original), ...ids(copied)];
    expect(all.length).toBeGreaterThan(50);
    expect(new Set(all).size).toBe(all.length);

    const checkpoint = await scene.db
      .selectFrom("checkpoint")
      .innerJoin("document", "document.number", "checkpoint.document")
      .select(["checkpoint.state", "checkpoint.state_vector", "checkpoint.delete_set"])
      .where("document.id", "=", copyId)
      .executeTakeFirstOrThrow();
    expect(Buffer.from(Y.encodeStateVectorFromUpdate(checkpoint.state))).toEqual(checkpoint.state_vector);
    expect(Buffer.from(deleteSetOf(checkpoint.state))).toEqual(checkpoint.delete_set);
  });

  it("of one form sent twice, also at once, makes one copy; of another document, or a new form, another", async () => {
    const [plan, page] = [await scene.make("Plan"), await scene.make("Page")];
    const once = randomUUID();
    const copy = async (documentId: string, key: string | undefined = once, as: PersonOfScene = "editor") => {
      const made = await duplicateDocument(scene.services, scene.asker(as), { documentId, once: key });
      return made.ok ? made.value.documentId : made.refusal.code;
    };
    const [first, atOnce] = await Promise.all([copy(plan), copy(plan)]);
    expect(atOnce).toBe(first);
    await renameDocument(scene.services, scene.asker("editor"), { documentId: plan, title: "Renamed since" });
    expect(await copy(plan)).toBe(first);
    expect(await scene.tree()).toEqual(["Renamed since", "Page", "Copy of Plan"]);

    const others = [await copy(page), await copy(plan, randomUUID()), await copy(plan, once, "leaderB")];
    expect(new Set([first, ...others]).size).toBe(4);
    expect(others.every((id) => /^[0-9a-f-]{36}$/.test(id))).toBe(true);
    // A form without a key, or with none of ours, is a new wish each time.
    expect(await copy(plan, "x")).not.toBe(await copy(plan, "x"));
  });

  it("keeps the title of a copy within its limit", () => {
    expect([...copyTitle("ŵ".repeat(200))]).toHaveLength(200);
  });
});
