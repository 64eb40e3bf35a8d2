import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { DocumentId } from "../domain/ids.ts";
import { archiveDocument } from "./archive-document.ts";
import { bringBackDocument } from "./bring-back-document.ts";
import { createDocument } from "./create-document.ts";
import { listDocuments } from "./list-documents.ts";
import { moveDocument } from "./move-document.ts";
import { readDocumentPlace } from "./read-document-place.ts";
import { renameDocument } from "./rename-document.ts";
import { codeOf, type DocumentsScene, openDocumentsScene } from "./testing/documents-scene.ts";
import type { PersonOfScene } from "./testing/people-scene.ts";

let scene: DocumentsScene;
beforeEach(async () => {
  scene = await openDocumentsScene();
});
afterEach(() => scene.database.close());

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
    expect(await scene.tree()).toEqual([["Plan", ["One", "Two", "Three"]]]);
    await move(three, plan, null);
    expect(await scene.tree()).toEqual([["Plan", ["Three", "One", "Two"]]]);
    await move(three, plan, one);
    expect(await scene.tree()).toEqual([["Plan", ["One", "Three", "Two"]]]);
    await move(one, null, plan);
    expect(await scene.tree()).toEqual([["Plan", ["Three", "Two"]], "One"]);
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
    expect(codeOf(ninth)).toBe("too-deep");
    const below = await scene.make("Below one", { parentId: one });
    expect(codeOf(await move(one, levels[6] ?? null, null))).toBe("too-deep");
    expect(codeOf(await move(below, levels[6] ?? null, null))).toBe("ok");
    expect(codeOf(await move(one, levels[6] ?? null, null))).toBe("ok");
    expect(codeOf(await move(two, levels[7] ?? null, null))).toBe("too-deep");
  });

  it("stays in order through 200 moves into the same gap", async () => {
    for (let turn = 0; turn < 200; turn += 1) {
      const moved = turn % 2 === 0 ? three : two;
      expect(codeOf(await move(moved, plan, one))).toBe("ok");
      expect(await scene.tree()).toEqual([
        ["Plan", turn % 2 === 0 ? ["One", "Three", "Two"] : ["One", "Two", "Three"]],
      ]);
    }
  });

  it("refuses to put a document into itself or below itself", async () => {
    const deep = await scene.make("Deep", { parentId: one });
    expect(codeOf(await move(plan, plan, null))).toBe("wrong-parent");
    expect(codeOf(await move(plan, deep, null))).toBe("wrong-parent");
    expect(codeOf(await move(plan, null, null))).toBe("ok");
  });

  it("[S1] finds no document, parent or sibling of another partnership", async () => {
    const theirs = await scene.make("Theirs", { as: "otherLeader" });
    expect(codeOf(await move(theirs, null, null))).toBe("not-found");
    expect(codeOf(await move(one, theirs, null))).toBe("not-found");
    expect(codeOf(await move(one, null, theirs))).toBe("not-found");
    expect(codeOf(await move(one, plan, two, "otherLeader"))).toBe("not-found");
    expect(codeOf(await move(one, plan, two, "commenter"))).toBe("not-allowed");
    expect(await scene.tree()).toEqual([["Plan", ["One", "Two", "Three"]]]);
  });

  it("archives a document with what lies below it and brings back exactly that", async () => {
    scene.clock.now += 1000;
    await archiveDocument(scene.services, scene.asker("leaderB"), { documentId: two });
    scene.clock.now += 1000;
    const archived = await archiveDocument(scene.services, scene.asker("leaderB"), { documentId: plan });
    expect(archived.ok && archived.value.archived).toEqual([plan, one, three]);
    expect(scene.changes.map((change) => change.documentId)).toEqual([two, plan, one, three]);
    expect(await scene.tree()).toEqual([]);
    expect(codeOf((await scene.services) && (await move(one, null, null)))).toBe("document-archived");

    await bringBackDocument(scene.services, scene.asker("editor"), { documentId: plan });
    expect(await scene.tree()).toEqual([["Plan", ["One", "Three"]]]);
    expect(scene.changes).toHaveLength(7);
  });

  it("brings a document back to the top when the one above it is still archived", async () => {
    await archiveDocument(scene.services, scene.asker("leaderA"), { documentId: plan });
    await bringBackDocument(scene.services, scene.asker("leaderA"), { documentId: two });
    expect(await scene.tree()).toEqual(["Two"]);
    expect(
      codeOf(await archiveDocument(scene.services, scene.asker("otherLeader"), { documentId: two })),
    ).toBe("not-found");
    expect(
      codeOf(await bringBackDocument(scene.services, scene.asker("commenter"), { documentId: one })),
    ).toBe("not-allowed");
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
    expect(codeOf(stranger)).toBe("not-found");
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
    expect(await scene.tree()).toEqual(["New name"]);
    expect(
      codeOf(await renameDocument(scene.services, scene.asker("observer"), { documentId, title: "X" })),
    ).toBe("not-allowed");
    expect(
      codeOf(await renameDocument(scene.services, scene.asker("otherLeader"), { documentId, title: "X" })),
    ).toBe("not-found");
    expect(
      codeOf(await renameDocument(scene.services, scene.asker("editor"), { documentId, title: "" })),
    ).toBe("empty-title");
    await archiveDocument(scene.services, scene.asker("leaderA"), { documentId });
    expect(
      codeOf(await renameDocument(scene.services, scene.asker("editor"), { documentId, title: "X" })),
    ).toBe("document-archived");
  });
});
