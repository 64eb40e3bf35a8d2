import { randomUUID } from "node:crypto";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { countWords, plainText } from "../document/plain-text.ts";
import { readDocument } from "../document/read-fragment.ts";
import { templateFor } from "../document/templates.ts";
import { documentKinds } from "../domain/documents.ts";
import { archiveDocument } from "./archive-document.ts";
import { createDocument } from "./create-document.ts";
import { duplicateDocument } from "./duplicate-document.ts";
import { codeOf, type DocumentsScene, openDocumentsScene } from "./testing/documents-scene.ts";
import type { PersonOfScene } from "./testing/people-scene.ts";

let scene: DocumentsScene;
beforeEach(async () => {
  scene = await openDocumentsScene();
});
afterEach(() => scene.database.close());

describe("creating a document", () => {
  it("[D4] stores row, template, lease and checkpoint in one transaction, once, for every kind", async () => {
    for (const kind of documentKinds) {
      const documentId = await scene.make(`A ${kind}`, { kind });
      const doc = await scene.documentFromLog(documentId);
      expect(plainText(readDocument(doc).json)).toBe(plainText(templateFor(kind)));
      const { log, leases, checkpoints, words } = await scene.db
        .selectFrom("document")
        .select((column) => [
          column
            .selectFrom("log")
            .select((row) => row.fn.countAll<number>().as("n"))
            .whereRef("log.document", "=", "document.number")
            .as("log"),
          column
            .selectFrom("client_lease")
            .select((row) => row.fn.countAll<number>().as("n"))
            .whereRef("client_lease.lineage", "=", "document.lineage_id")
            .as("leases"),
          column
            .selectFrom("checkpoint")
            .select((row) => row.fn.countAll<number>().as("n"))
            .whereRef("checkpoint.document", "=", "document.number")
            .as("checkpoints"),
          column
            .selectFrom("document_text")
            .select("words")
            .whereRef("document_text.document_id", "=", "document.id")
            .as("words"),
        ])
        .where("document.id", "=", documentId)
        .executeTakeFirstOrThrow();
      expect({ log, leases, checkpoints }).toEqual({ log: 1, leases: 1, checkpoints: 1 });
      expect(words).toBe(countWords(plainText(templateFor(kind))));
    }
  });

  it("[D4] leaves nothing behind when one of the rows cannot be written", async () => {
    await scene.db.schema.dropTable("checkpoint").execute();
    await expect(scene.make("Half")).rejects.toThrow(/checkpoint/);
    for (const table of ["document", "log", "client_lease", "document_text"] as const) {
      expect(await scene.db.selectFrom(table).selectAll().execute()).toEqual([]);
    }
  });

  it("makes one document of a form that is sent twice, and another when it is filled anew", async () => {
    const send = (once: string, title = "Visit notes", as: "leaderA" | "leaderB" = "leaderA") =>
      createDocument(scene.services, scene.asker(as), {
        ...{ partnershipId: scene.own.id, kind: "page", title, once },
      });
    const once = randomUUID();
    const sent = await Promise.all([send(once), send(once), send(once)]);
    expect(sent).toEqual(sent.map(() => ({ ok: true, value: { documentId: expect.any(String) } })));
    // Found again with the Back button, or with somebody else's form: a new document.
    const others = [await send(once, "Other notes"), await send(once, "Visit notes", "leaderB")];
    const ids = [...sent, ...others].map((made) => (made.ok ? made.value.documentId : ""));
    expect(new Set(ids).size).toBe(3);
    const titles = await scene.db.selectFrom("document").select("title").orderBy("title").execute();
    expect(titles.map(({ title }) => title)).toEqual(["Other notes", "Visit notes", "Visit notes"]);
  });

  it("[W3] ends with the right of whoever asked, also where it ends while the text is written", async () => {
    const plan = await scene.make("Plan");
    const { histories } = scene.services;
    const setStatus = (status: "active" | "left") =>
      scene.db.updateTable("membership").set({ status }).where("user_id", "=", scene.users.editor).execute();
    const losing = {
      ...scene.services,
      histories: {
        ...histories,
        firstText: async (...asked: Parameters<typeof histories.firstText>) => {
          await setStatus("left");
          return histories.firstText(...asked);
        },
        firstTextOfCopy: async (...asked: Parameters<typeof histories.firstTextOfCopy>) => {
          await setStatus("left");
          return histories.firstTextOfCopy(...asked);
        },
      },
    };
    const asker = scene.asker("editor");
    const asked = { partnershipId: scene.own.id, kind: "page", title: "Late" };
    expect(codeOf(await createDocument(losing, asker, asked))).toBe("not-found");
    await setStatus("active");
    expect(codeOf(await duplicateDocument(losing, asker, { documentId: plan }))).toBe("not-found");
    const titles = await scene.db.selectFrom("document").select("title").execute();
    expect(titles).toEqual([{ title: "Plan" }]);
  });

  it("makes one document of notes for an exchange, also when both sides ask at once", async () => {
    const meetingId = randomUUID();
    await scene.db
      .insertInto("meeting")
      .values({
        ...{ id: meetingId, partnership_id: scene.own.id, number: 1, kind: "exchange", title: "First" },
        ...{ starts_at: scene.clock.now, ends_at: null, time_zone: "Europe/London" },
        ...{ venue: null, summary: null, state: "held" },
      })
      .execute();
    const ask = (as: PersonOfScene, kind = "exchange_notes") =>
      createDocument(scene.services, scene.asker(as), {
        ...{ partnershipId: scene.own.id, kind, title: "Notes of the first exchange", meetingId },
      });
    const [first, second] = await Promise.all([ask("leaderA"), ask("leaderB")]);
    expect(first).toMatchObject({ ok: true });
    expect([second, await ask("editor")]).toEqual([first, first]);
    // Another kind about the same exchange is another document; archived notes make room for new ones.
    expect(await ask("leaderA", "page")).not.toEqual(first);
    if (!first.ok) throw new Error(first.refusal.code);
    const { documentId } = first.value;
    await archiveDocument(scene.services, scene.asker("leaderB"), { documentId });
    const anew = await ask("leaderA");
    expect(anew.ok && anew.value.documentId).not.toBe(documentId);
    expect(anew).toMatchObject({ ok: true });
  });

  it("is for leaders, facilitators, editors and administrators; strangers do not find the partnership", async () => {
    const expected: Partial<Record<PersonOfScene, string>> = {
      leaderA: "ok",
      leaderB: "ok",
      facilitator: "ok",
      editor: "ok",
      admin: "ok",
      commenter: "not-allowed",
      observer: "not-allowed",
      left: "not-found",
      suspended: "account-suspended",
      otherLeader: "not-found",
    };
    for (const [person, answer] of Object.entries(expected) as [PersonOfScene, string][]) {
      const made = await createDocument(scene.services, scene.asker(person), {
        partnershipId: scene.own.id,
        kind: "page",
        title: "A page",
      });
      expect([person, codeOf(made)]).toEqual([person, answer]);
    }
  });

  it("refuses wrong kinds, empty and over-long titles, and keeps titles to one clean line", async () => {
    const create = (title: string, kind = "page") =>
      createDocument(scene.services, scene.asker("leaderA"), { partnershipId: scene.own.id, kind, title });
    expect(codeOf(await create("A", "spreadsheet"))).toBe("wrong-kind");
    expect(codeOf(await create(" \n\t\u200b "))).toBe("empty-title");
    expect(codeOf(await create("a".repeat(201)))).toBe("title-too-long");
    expect(codeOf(await create("🏗️".repeat(100)))).toBe("ok");
    expect(codeOf(await create("Two\r\nlines\u0000 and\u202E more"))).toBe("ok");
    expect(await scene.tree()).toContain("Two lines and more");
  });

  it("[S1] takes no parent and no exchange of another partnership", async () => {
    const theirs = await scene.make("Theirs", { as: "otherLeader" });
    const made = await createDocument(scene.services, scene.asker("leaderA"), {
      partnershipId: scene.own.id,
      kind: "page",
      title: "Mine",
      parentId: theirs,
    });
    expect(codeOf(made)).toBe("not-found");
  });
});
