/** Limits for one person: the n-th is taken, the next one refused with how long to wait. */
import Sqlite from "better-sqlite3";
import { sql } from "kysely";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Result } from "../domain/result.ts";
import { addImage } from "./add-image.ts";
import { createDocument } from "./create-document.ts";
import { duplicateDocument } from "./duplicate-document.ts";
import { exportVersion } from "./export-version.ts";
import { searchDocuments } from "./search-documents.ts";
import { allowances, spendAllowance } from "./spend-allowance.ts";
import { type DocumentsScene, openDocumentsScene } from "./testing/documents-scene.ts";
import type { PersonOfScene } from "./testing/people-scene.ts";

let scene: DocumentsScene;
let documentId: string;
beforeEach(async () => {
  scene = await openDocumentsScene();
  documentId = await scene.make("Site rules", { as: "leaderA" });
});
afterEach(() => scene.database.close());

/** What each verb takes from; asked as a person asks. */
const verbs: readonly (readonly [
  string,
  keyof typeof allowances,
  (as: PersonOfScene) => Promise<Result<unknown>>,
])[] = [
  ["search", "search", (as) => searchDocuments(scene.services, scene.asker(as), { typed: "site" })],
  [
    "creating a document",
    "document",
    (as) =>
      createDocument(scene.services, scene.asker(as), {
        partnershipId: scene.own.id,
        kind: "page",
        title: "Another",
      }),
  ],
  ["duplicating", "document", (as) => duplicateDocument(scene.services, scene.asker(as), { documentId })],
  [
    "sending a picture",
    "picture",
    (as) => addImage(scene.services, scene.asker(as), { documentId, bytes: Uint8Array.of(1) }),
  ],
  [
    "taking a file",
    "file",
    (as) => exportVersion(scene.services, scene.asker(as), { documentId, versionId: null, format: "md" }),
  ],
];
const codeOf = (result: Result<unknown>) => (result.ok ? "yes" : result.refusal.code);
/** The picture of this scene is none: that it is looked at shows that it was let through. */
const through = (what: string) => (what === "picture" ? "image-broken" : "yes");

const everything = async () => {
  const { rows } = await sql<{
    n: number;
  }>`select (select count(*) from document) + (select count(*) from image) as n`.execute(scene.db);
  return rows[0]?.n;
};

describe("what one person may ask for in a while", () => {
  it.each(verbs)(
    "[W7] has an end for %s, for that person alone, until the window ends",
    async (_name, what, ask) => {
      const { most, window } = allowances[what];
      // The scene stands at the beginning of a window; somebody made a document before.
      expect(scene.clock.now % window).toBe(0);
      const before = what === "document" ? 1 : 0;
      for (let n = before; n < most - 1; n += 1)
        expect(codeOf(await spendAllowance(scene.services, scene.users.leaderA, what))).toBe("yes");
      expect(codeOf(await ask("leaderA"))).toBe(through(what));
      const stored = await everything();
      scene.clock.now += 20_000;
      const refused = await ask("leaderA");
      const seconds = window / 1_000 - 20;
      expect(refused).toMatchObject({ ok: false, refusal: { code: "too-often", facts: { seconds } } });
      expect(await everything()).toBe(stored);
      expect(codeOf(await ask("leaderB"))).toBe(through(what));
      scene.clock.now += seconds * 1_000 - 1;
      expect(codeOf(await ask("leaderA"))).toBe("too-often");
      scene.clock.now += 1;
      expect(codeOf(await ask("leaderA"))).toBe(through(what));
    },
  );

  it("[W7] is far above what somebody does by hand: a search a second, twenty documents a minute for five", async () => {
    for (let second = 0; second < 300; second += 1) {
      scene.clock.now += 1_000;
      expect(codeOf(await spendAllowance(scene.services, scene.users.leaderA, "search"))).toBe("yes");
      if (second % 3 === 0 && second < 280)
        expect(codeOf(await spendAllowance(scene.services, scene.users.leaderA, "document"))).toBe("yes");
    }
  });

  it("[D13] is not counted while the file is locked: reading goes on", async () => {
    await sql`pragma busy_timeout = 0`.execute(scene.db);
    const other = new Sqlite(scene.database.path);
    other.exec("begin immediate");
    try {
      for (let n = 0; n <= allowances.search.most; n += 1)
        expect(codeOf(await searchDocuments(scene.services, scene.asker("leaderA"), { typed: "site" }))).toBe(
          "yes",
        );
    } finally {
      other.close();
    }
    expect(
      await scene.db.selectFrom("rate_limit").select("key").where("key", "like", "search:%").execute(),
    ).toEqual([]);
  });
});
