import { randomUUID } from "node:crypto";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import * as Y from "yjs";
import { deleteSetOf } from "../../db/update-log/delete-set.ts";
import { countWords, plainText } from "../document/plain-text.ts";
import { readDocument } from "../document/read-fragment.ts";
import { templateFor } from "../document/templates.ts";
import { documentKinds } from "../domain/documents.ts";
import type { DocumentId } from "../domain/ids.ts";
import { recoveryLastsMs } from "../domain/recovery.ts";
import { archiveDocument } from "./archive-document.ts";
import { bringBackDocument } from "./bring-back-document.ts";
import { createDocument } from "./create-document.ts";
import { copyTitle, duplicateDocument } from "./duplicate-document.ts";
import { exportVersion } from "./export-version.ts";
import { type DocumentBranch, listDocuments } from "./list-documents.ts";
import { moveDocument } from "./move-document.ts";
import { openDocument } from "./open-document.ts";
import { readDocumentPlace } from "./read-document-place.ts";
import { recentDocuments } from "./recent-documents.ts";
import { renameDocument } from "./rename-document.ts";
import { type DocumentsScene, openDocumentsScene } from "./testing/documents-scene.ts";
import type { PersonOfScene } from "./testing/people-scene.ts";

let scene: DocumentsScene;
beforeEach(async () => {
  scene = await openDocumentsScene();
});
afterEach(() => scene.database.close());

const code = (result: { ok: boolean; refusal?: { code: string } }) =>
  result.ok ? "ok" : result.refusal?.code;
const outline = (branches: readonly DocumentBranch[]): unknown[] =>
  branches.map((branch) =>
    branch.children.length === 0 ? branch.title : [branch.title, outline(branch.children)],
  );
async function tree(): Promise<unknown[]> {
  const list = await listDocuments(scene.services, scene.asker("leaderA"), { partnershipId: scene.own.id });
  return list.ok ? outline(list.value.documents) : [];
}

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
    const leave = async () => {
      await scene.db
        .updateTable("membership")
        .set({ status: "left" })
        .where("user_id", "=", scene.users.editor)
        .execute();
    };
    const losing = {
      ...scene.services,
      histories: {
        ...histories,
        firstText: async (...asked: Parameters<typeof histories.firstText>) => {
          await leave();
          return histories.firstText(...asked);
        },
        firstTextOfCopy: async (...asked: Parameters<typeof histories.firstTextOfCopy>) => {
          await leave();
          return histories.firstTextOfCopy(...asked);
        },
      },
    };
    const rejoin = () =>
      scene.db
        .updateTable("membership")
        .set({ status: "active" })
        .where("user_id", "=", scene.users.editor)
        .execute();
    const asker = scene.asker("editor");
    const asked = { partnershipId: scene.own.id, kind: "page", title: "Late" };
    expect(code(await createDocument(losing, asker, asked))).toBe("not-found");
    await rejoin();
    expect(code(await duplicateDocument(losing, asker, { documentId: plan }))).toBe("not-found");
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
      expect([person, code(made)]).toEqual([person, answer]);
    }
  });

  it("refuses wrong kinds, empty and over-long titles, and keeps titles to one clean line", async () => {
    const create = (title: string, kind = "page") =>
      createDocument(scene.services, scene.asker("leaderA"), { partnershipId: scene.own.id, kind, title });
    expect(code(await create("A", "spreadsheet"))).toBe("wrong-kind");
    expect(code(await create(" \n\t\u200b "))).toBe("empty-title");
    expect(code(await create("a".repeat(201)))).toBe("title-too-long");
    expect(code(await create("🏗️".repeat(100)))).toBe("ok");
    expect(code(await create("Two\r\nlines\u0000 and\u202E more"))).toBe("ok");
    expect(await tree()).toContain("Two lines and more");
  });

  it("[S1] takes no parent and no exchange of another partnership", async () => {
    const theirs = await scene.make("Theirs", { as: "otherLeader" });
    const made = await createDocument(scene.services, scene.asker("leaderA"), {
      partnershipId: scene.own.id,
      kind: "page",
      title: "Mine",
      parentId: theirs,
    });
    expect(code(made)).toBe("not-found");
  });
});

describe("the tree", () => {
  let plan: DocumentId;
  let one: DocumentId;
  let two: DocumentId;
  let three: DocumentId;
  beforeEach(async () => {
    plan = await scene.make("Plan");
    one = await scene.make("One", { parentId: plan });
    two = await scene.make("Two", { parentId: plan });
    three = await scene.make("Three", { parentId: plan });
  });
  const move = (
    documentId: string,
    parentId: string | null,
    afterId: string | null,
    as: PersonOfScene = "editor",
  ) => moveDocument(scene.services, scene.asker(as), { documentId, parentId, afterId });

  it("keeps the order in which documents were made, and moves them between others", async () => {
    expect(await tree()).toEqual([["Plan", ["One", "Two", "Three"]]]);
    await move(three, plan, null);
    expect(await tree()).toEqual([["Plan", ["Three", "One", "Two"]]]);
    await move(three, plan, one);
    expect(await tree()).toEqual([["Plan", ["One", "Three", "Two"]]]);
    await move(one, null, plan);
    expect(await tree()).toEqual([["Plan", ["Three", "Two"]], "One"]);
  });

  it("stands among those of its kind, as their list shows them, and goes below no other kind", async () => {
    const pages = [plan, one, two, three];
    const curriculum = await scene.make("Curriculum", { kind: "curriculum_plan" });
    const later = await scene.make("Later", { kind: "page" });
    const placeOf = async (documentId: string) => {
      const place = await readDocumentPlace(scene.services, scene.asker("editor"), { documentId });
      if (!place.ok) throw new Error(place.refusal.code);
      const { siblings, parents } = place.value;
      return { siblings: siblings.map(({ id }) => id), parents: parents.map(({ id }) => id) };
    };
    expect(await placeOf(later)).toEqual({ siblings: [plan, later], parents: pages });
    expect(await placeOf(curriculum)).toEqual({ siblings: [curriculum], parents: [] });
    // What stands below another kind by now keeps its place until it is moved.
    await move(later, curriculum, null);
    expect(await placeOf(later)).toEqual({
      siblings: [later],
      parents: expect.arrayContaining([curriculum]),
    });
  });

  it("is eight levels deep at most, whether documents are made there or moved there", async () => {
    const levels = [plan];
    while (levels.length < 8)
      levels.push(await scene.make(`Level ${levels.length + 1}`, { parentId: levels.at(-1) ?? plan }));
    const ninth = await createDocument(scene.services, scene.asker("leaderA"), {
      ...{ partnershipId: scene.own.id, kind: "page", title: "Level 9", parentId: levels[7] },
    });
    expect(code(ninth)).toBe("too-deep");
    const below = await scene.make("Below one", { parentId: one });
    expect(code(await move(one, levels[6] ?? null, null))).toBe("too-deep");
    expect(code(await move(below, levels[6] ?? null, null))).toBe("ok");
    expect(code(await move(one, levels[6] ?? null, null))).toBe("ok");
    expect(code(await move(two, levels[7] ?? null, null))).toBe("too-deep");
  });

  it("stays in order through 200 moves into the same gap", async () => {
    for (let turn = 0; turn < 200; turn += 1) {
      const moved = turn % 2 === 0 ? three : two;
      expect(code(await move(moved, plan, one))).toBe("ok");
      expect(await tree()).toEqual([
        ["Plan", turn % 2 === 0 ? ["One", "Three", "Two"] : ["One", "Two", "Three"]],
      ]);
    }
  });

  it("refuses to put a document into itself or below itself", async () => {
    const deep = await scene.make("Deep", { parentId: one });
    expect(code(await move(plan, plan, null))).toBe("wrong-parent");
    expect(code(await move(plan, deep, null))).toBe("wrong-parent");
    expect(code(await move(plan, null, null))).toBe("ok");
  });

  it("[S1] finds no document, parent or sibling of another partnership", async () => {
    const theirs = await scene.make("Theirs", { as: "otherLeader" });
    expect(code(await move(theirs, null, null))).toBe("not-found");
    expect(code(await move(one, theirs, null))).toBe("not-found");
    expect(code(await move(one, null, theirs))).toBe("not-found");
    expect(code(await move(one, plan, two, "otherLeader"))).toBe("not-found");
    expect(code(await move(one, plan, two, "commenter"))).toBe("not-allowed");
    expect(await tree()).toEqual([["Plan", ["One", "Two", "Three"]]]);
  });

  it("archives a document with what lies below it and brings back exactly that", async () => {
    scene.clock.now += 1000;
    await archiveDocument(scene.services, scene.asker("leaderB"), { documentId: two });
    scene.clock.now += 1000;
    const archived = await archiveDocument(scene.services, scene.asker("leaderB"), { documentId: plan });
    expect(archived.ok && archived.value.archived).toEqual([plan, one, three]);
    expect(scene.changes.map((change) => change.documentId)).toEqual([two, plan, one, three]);
    expect(await tree()).toEqual([]);
    expect(code((await scene.services) && (await move(one, null, null)))).toBe("document-archived");

    await bringBackDocument(scene.services, scene.asker("editor"), { documentId: plan });
    expect(await tree()).toEqual([["Plan", ["One", "Three"]]]);
    expect(scene.changes).toHaveLength(7);
  });

  it("brings a document back to the top when the one above it is still archived", async () => {
    await archiveDocument(scene.services, scene.asker("leaderA"), { documentId: plan });
    await bringBackDocument(scene.services, scene.asker("leaderA"), { documentId: two });
    expect(await tree()).toEqual(["Two"]);
    expect(code(await archiveDocument(scene.services, scene.asker("otherLeader"), { documentId: two }))).toBe(
      "not-found",
    );
    expect(code(await bringBackDocument(scene.services, scene.asker("commenter"), { documentId: one }))).toBe(
      "not-allowed",
    );
  });

  it("shows an observer no title and says why", async () => {
    const list = await listDocuments(scene.services, scene.asker("observer"), {
      partnershipId: scene.own.id,
    });
    expect(list.ok && list.value.documents).toEqual([]);
    expect(list.ok && list.value.whyNone).toContain("Observers read what both sides have agreed");
    const stranger = await listDocuments(scene.services, scene.asker("otherLeader"), {
      partnershipId: scene.own.id,
    });
    expect(code(stranger)).toBe("not-found");
  });
});

describe("renaming", () => {
  it("tells open editors, and keeps the title under search the same", async () => {
    const documentId = await scene.make("Old");
    const renamed = await renameDocument(scene.services, scene.asker("editor"), {
      documentId,
      title: "  New   name ",
    });
    expect(renamed.ok && renamed.value.title).toBe("New name");
    expect(scene.renamed).toEqual([{ documentId, title: "New name" }]);
    expect(await tree()).toEqual(["New name"]);
    expect(
      code(await renameDocument(scene.services, scene.asker("observer"), { documentId, title: "X" })),
    ).toBe("not-allowed");
    expect(
      code(await renameDocument(scene.services, scene.asker("otherLeader"), { documentId, title: "X" })),
    ).toBe("not-found");
    expect(code(await renameDocument(scene.services, scene.asker("editor"), { documentId, title: "" }))).toBe(
      "empty-title",
    );
    await archiveDocument(scene.services, scene.asker("leaderA"), { documentId });
    expect(
      code(await renameDocument(scene.services, scene.asker("editor"), { documentId, title: "X" })),
    ).toBe("document-archived");
  });
});

describe("duplicating", () => {
  it("copies the text as a new document with a lineage and block ids of its own, written by the server", async () => {
    const documentId = await scene.make("Plan", { kind: "curriculum_plan" });
    const copy = await duplicateDocument(scene.services, scene.asker("editor"), { documentId });
    const copyId = copy.ok ? copy.value.documentId : "";
    expect(await tree()).toEqual(["Plan", "Copy of Plan"]);
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
    expect(await tree()).toEqual(["Renamed since", "Page", "Copy of Plan"]);

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

describe("opening", () => {
  it("[D5] asks a browser for its copy while a recovery lasts, and not after", async () => {
    const documentId = await scene.make("Brought back");
    const recovery = async () => {
      const opened = await openDocument(scene.services, scene.asker("editor"), { documentId });
      return opened.ok && opened.value.recovery;
    };
    expect(await recovery()).toBe("none");
    await scene.db
      .updateTable("document")
      .set({ recovering_until: scene.clock.now + recoveryLastsMs })
      .execute();
    expect(await recovery()).toBe("under-way");
    scene.clock.now += recoveryLastsMs;
    expect(await recovery()).toBe("over");
  });

  it("[D6] gives the page what it needs, remembers the visit and writes nothing into the log", async () => {
    const plan = await scene.make("Plan", { kind: "curriculum_plan" });
    const documentId = await scene.make("Below", { parentId: plan });
    const rowsBefore = await scene.db.selectFrom("log").select("id").execute();
    const opened = await openDocument(scene.services, scene.asker("commenter"), { documentId });
    expect(opened.ok && opened.value).toMatchObject({
      title: "Below",
      above: [{ id: plan, title: "Plan" }],
      canWrite: false,
      whyNotWrite:
        "Your role in this partnership does not include that. A leader of your side can change your role.",
      side: "employer",
    });
    // Those who left and those who are suspended are not offered for mentions.
    expect(opened.ok && opened.value.people.map((person) => person.name)).toEqual([
      "Own commenter",
      "Own leaderB",
      "Own observer",
      "Own facilitator",
      "Own editor",
      "Own leaderA",
    ]);
    expect(await scene.db.selectFrom("log").select("id").execute()).toEqual(rowsBefore);
    for (const [person, answer] of [
      ["observer", "observer-waits"],
      ["otherLeader", "not-found"],
      ["left", "not-found"],
    ] as const) {
      expect(code(await openDocument(scene.services, scene.asker(person), { documentId }))).toBe(answer);
    }
  });

  it("lists what was opened lately, without what one may no longer read", async () => {
    const first = await scene.make("First");
    const second = await scene.make("Second");
    for (const documentId of [first, second, first]) {
      scene.clock.now += 1000;
      await openDocument(scene.services, scene.asker("editor"), { documentId });
    }
    const titles = async () => {
      const recent = await recentDocuments(scene.services, scene.asker("editor"));
      return recent.ok ? recent.value.map((document) => document.title) : [];
    };
    expect(await titles()).toEqual(["First", "Second"]);
    await archiveDocument(scene.services, scene.asker("leaderA"), { documentId: first });
    expect(await titles()).toEqual(["Second"]);
    await scene.db
      .updateTable("membership")
      .set({ status: "left" })
      .where("user_id", "=", scene.users.editor)
      .execute();
    expect(await titles()).toEqual([]);
  });
});

describe("taking the text away", () => {
  it("gives a file of the present text with provenance, to those who may", async () => {
    const documentId = await scene.make("Plan <b>", { kind: "curriculum_plan" });
    const html = await exportVersion(scene.services, scene.asker("editor"), {
      documentId,
      versionId: null,
      format: "html",
    });
    expect(html.ok && html.value.fileName).toBe("Plan b draft.html");
    expect(html.ok && html.value.text).toContain("<h1>Plan &lt;b&gt;</h1>");
    expect(html.ok && html.value.text).toContain("exported by Own editor, Own provider");
    const markdown = await exportVersion(scene.services, scene.asker("leaderB"), {
      documentId,
      versionId: null,
      format: "md",
    });
    expect(markdown.ok && markdown.value.headers["Content-Type"]).toBe("text/markdown; charset=utf-8");
    expect(markdown.ok && markdown.value.text).toMatch(/content_sha256: "[0-9a-f]{64}"/);
    for (const [person, answer] of [
      ["commenter", "not-allowed"],
      ["observer", "not-allowed"],
      ["otherLeader", "not-found"],
      ["left", "not-found"],
    ] as const) {
      const refused = await exportVersion(scene.services, scene.asker(person), {
        documentId,
        versionId: null,
        format: "html",
      });
      expect(code(refused)).toBe(answer);
    }
  });

  it("[S1] gives no version of another document, whichever of the two ids is foreign", async () => {
    const mine = await scene.make("Mine");
    const theirs = await scene.make("Theirs", { as: "otherLeader" });
    const versionId = scene.services.newId();
    await scene.db
      .insertInto("version")
      .values({
        ...{
          id: versionId,
          document_id: theirs,
          number: 1,
          seq: 1,
          epoch: "e",
          kind: "named",
          name: "Canary",
          note: null,
        },
        ...{
          snapshot: new Uint8Array(),
          content_hash: "",
          canon_version: 1,
          schema_number: 1,
          words: 0,
          authors: "[]",
        },
        ...{
          created_by: scene.users.otherLeader,
          created_side: null,
          created_at: 1,
          restored_from: null,
          report: null,
        },
      })
      .execute();
    const ask = (documentId: string) =>
      exportVersion(scene.services, scene.asker("leaderA"), { documentId, versionId, format: "md" });
    expect(code(await ask(mine))).toBe("version-elsewhere");
    expect(code(await ask(theirs))).toBe("not-found");
  });
});
