import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Result } from "../domain/result.ts";
import { type ExportedFile, exportVersion } from "./export-version.ts";
import { codeOf, type DocumentsScene, openDocumentsScene } from "./testing/documents-scene.ts";

let scene: DocumentsScene;
beforeEach(async () => {
  scene = await openDocumentsScene();
});
afterEach(() => scene.database.close());

/** The whole file as text; none where it was refused. */
async function textOf(file: Result<ExportedFile>): Promise<string> {
  const pieces: Uint8Array[] = [];
  if (file.ok) for await (const piece of file.value.bytes) pieces.push(piece);
  return Buffer.concat(pieces).toString();
}

describe("taking the text away", () => {
  it("gives a file of the present text with provenance, to those who may", async () => {
    const documentId = await scene.make("Plan <b>", { kind: "curriculum_plan" });
    const html = await exportVersion(scene.services, scene.asker("editor"), {
      documentId,
      versionId: null,
      format: "html",
    });
    expect(html.ok && html.value.fileName).toBe("Plan b draft.html");
    const page = await textOf(html);
    expect(page).toContain("<h1>Plan &lt;b&gt;</h1>");
    expect(html.ok && html.value.headers["Content-Length"]).toBe(String(Buffer.byteLength(page)));
    expect(page).toContain("exported by Own editor, Own provider");
    const markdown = await exportVersion(scene.services, scene.asker("leaderB"), {
      documentId,
      versionId: null,
      format: "md",
    });
    expect(markdown.ok && markdown.value.headers["Content-Type"]).toBe("text/markdown; charset=utf-8");
    expect(await textOf(markdown)).toMatch(/content_sha256: "[0-9a-f]{64}"/);
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
      expect(codeOf(refused)).toBe(answer);
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
    expect(codeOf(await ask(mine))).toBe("version-elsewhere");
    expect(codeOf(await ask(theirs))).toBe("not-found");
  });
});
