import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { recoveryLastsMs } from "../domain/recovery.ts";
import { archiveDocument } from "./archive-document.ts";
import { openDocument } from "./open-document.ts";
import { recentDocuments } from "./recent-documents.ts";
import { codeOf, type DocumentsScene, openDocumentsScene } from "./testing/documents-scene.ts";

let scene: DocumentsScene;
beforeEach(async () => {
  scene = await openDocumentsScene();
});
afterEach(() => scene.database.close());

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
      expect(codeOf(await openDocument(scene.services, scene.asker(person), { documentId }))).toBe(answer);
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
