import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openDatabase } from "../../db/open.ts";
import { matchExpression } from "../../db/queries/search.ts";
import { archiveDocument } from "./archive-document.ts";
import { renameDocument } from "./rename-document.ts";
import { searchDocuments } from "./search-documents.ts";
import { type DocumentsScene, openDocumentsScene } from "./testing/documents-scene.ts";
import type { PersonOfScene } from "./testing/people-scene.ts";

let scene: DocumentsScene;
beforeEach(async () => {
  scene = await openDocumentsScene();
});
afterEach(() => scene.database.close());

async function titles(
  as: PersonOfScene,
  typed: string,
  partnershipId: string | null = null,
): Promise<string[]> {
  const found = await searchDocuments(scene.services, scene.asker(as), { typed, partnershipId });
  return found.ok ? found.value.hits.map((hit) => hit.title.map((part) => part.text).join("")) : [];
}

/** Injections into FTS5, SQL, JSON paths and identifiers, and what a person may type by accident. */
const seeds = [
  `"`,
  `""`,
  `'`,
  `"'`,
  `*`,
  `^plan`,
  `plan*`,
  `-plan`,
  `+plan`,
  `(plan`,
  `plan)`,
  `()`,
  `:`,
  `title:plan`,
  `body : plan`,
  `{title body} : plan`,
  `- title : plan`,
  `NEAR(plan line)`,
  `NEAR(plan line, 5)`,
  `NEAR/5`,
  `plan AND line`,
  `plan OR line`,
  `plan NOT line`,
  `AND`,
  `OR`,
  `NOT`,
  `NEAR`,
  `plan AND`,
  `"plan`,
  `plan" OR "canary`,
  `plan" OR body:"canary`,
  `' OR 1=1 --`,
  `'; drop table document; --`,
  `") OR 1=1; --`,
  `x' union select * from user --`,
  `$.secret`,
  `$[0]`,
  `->>'$'`,
  `%`,
  `_`,
  `\\`,
  `\u0000`,
  `\u0002\u0003`,
  `🏗️`,
  `ŵ`,
  `İ`,
  `ſ`,
  `漢字`,
  `عربي`,
  `a\u0301`,
  `\ud800`,
  `;`,
  `--`,
  `/*`,
  `*/`,
  `\``,
  `[plan]`,
  `plan\tline`,
  `plan\nline`,
  `rank`,
  `rowid`,
  `document_search`,
  `bm25(document_search)`,
  `match`,
  `snippet(`,
  `1e999`,
  `0x00`,
  `{{7*7}}`,
];

describe("search", () => {
  it("finds words of titles and texts, whole or begun, and shows the passage", async () => {
    const plan = await scene.make("Maintenance plan");
    await scene.write(
      plan,
      `${"Filler. ".repeat(60)}A worn seal is a leak in four hours.${" Filler.".repeat(60)}`,
    );
    const found = await searchDocuments(scene.services, scene.asker("editor"), { typed: "worn sea" });
    const hit = found.ok ? found.value.hits[0] : undefined;
    expect(hit?.passage.filter((part) => part.isFound).map((part) => part.text)).toEqual(["worn", "seal"]);
    expect(hit?.passage.map((part) => part.text).join("")).toMatch(/^ … .*A worn seal is a leak.* … $/);
    expect(await titles("editor", "MAINTENANCE")).toEqual(["Maintenance plan"]);
    expect(await titles("editor", "seal nothing")).toEqual([]);
  });

  it("puts titles before texts, archived documents last, and ignores accents", async () => {
    const inText = await scene.make("One");
    await scene.write(inText, "Notes on hygiène and more hygiène");
    await scene.make("Hygiene zones");
    const old = await scene.make("Old hygiene");
    await archiveDocument(scene.services, scene.asker("leaderA"), { documentId: old });
    expect(await titles("editor", "hygiene")).toEqual(["Hygiene zones", "One", "Old hygiene"]);
  });

  it("follows a new title at once", async () => {
    const documentId = await scene.make("Before");
    await renameDocument(scene.services, scene.asker("editor"), { documentId, title: "Afterwards" });
    expect(await titles("editor", "before")).toEqual([]);
    expect(await titles("editor", "afterwards")).toEqual(["Afterwards"]);
  });

  it("[S1] shows nothing of other partnerships, nothing to observers, and nothing after leaving", async () => {
    await scene.write(await scene.make("Ours"), "canary");
    await scene.write(await scene.make("Theirs", { as: "otherLeader" }), "canary");
    const expected: Record<PersonOfScene, string[]> = {
      leaderA: ["Ours"],
      leaderB: ["Ours"],
      editor: ["Ours"],
      commenter: ["Ours"],
      facilitator: ["Ours"],
      observer: [],
      left: [],
      suspended: [],
      otherLeader: ["Theirs"],
      otherEmployer: ["Theirs"],
      admin: ["Ours", "Theirs"],
    };
    for (const [person, answer] of Object.entries(expected) as [PersonOfScene, string[]][]) {
      expect([person, (await titles(person, "canary")).toSorted()]).toEqual([person, answer]);
    }
    expect(await titles("leaderA", "canary", scene.other.id)).toEqual([]);
    expect(await titles("admin", "canary", scene.other.id)).toEqual(["Theirs"]);
    expect(await titles("leaderA", "canary", "' or 1=1 --")).toEqual([]);
  });

  it("[S14] takes 200 hostile searches as words: no error, nobody else's text, only bound parameters", async () => {
    await scene.write(await scene.make("Ours"), "plan line");
    await scene.write(await scene.make("Secret", { as: "otherLeader" }), "plan line canary");
    const payloads = [
      ...seeds,
      ...seeds.map((seed) => `plan ${seed}`),
      ...seeds.map((seed) => `${seed} line`),
      ...seeds.map((seed) => seed.repeat(40)),
    ];
    expect(payloads.length).toBeGreaterThanOrEqual(200);

    const statements = new Set<string>();
    const watched = openDatabase(scene.database.path).withPlugin({
      transformQuery: ({ node }) => node,
      transformResult: async ({ result }) => result,
    });
    const watching = watched.getExecutor();
    const execute = watching.executeQuery.bind(watching);
    watching.executeQuery = (compiled) => {
      statements.add(compiled.sql);
      return execute(compiled);
    };
    let found = 0;
    try {
      for (const typed of payloads) {
        // At the pace of a person: none of them is refused for coming too soon.
        scene.clock.now += 1_000;
        const services = { ...scene.services, db: watched };
        const result = await searchDocuments(services, scene.asker("leaderA"), { typed });
        if (!result.ok) throw new Error(result.refusal.code);
        for (const hit of result.value.hits) expect(hit.title.map((part) => part.text).join("")).toBe("Ours");
        found += result.value.hits.length;
      }
    } finally {
      await watched.destroy();
    }
    console.log(
      `hostile searches: ${payloads.length} payloads, ${found} hits of one's own, 0 errors, ${statements.size} statement(s)`,
    );
    // One counts, the other searches.
    expect(statements.size).toBe(2);
    expect(found).toBeGreaterThan(0);
    expect(await titles("otherLeader", "canary")).toEqual(["Secret"]);
  });

  it("quotes every word, so that none is an operator", () => {
    expect(matchExpression(["plan", "OR", "NEAR", "x"])).toBe('"plan" "OR" "NEAR" "x"*');
  });

  it("[S14] finds in a text of very many hits without holding up anybody: 200,000 times the same word", async () => {
    const wide = await scene.make("Repeated");
    await scene.write(wide, "lorem ".repeat(200_000));
    const found = await searchDocuments(scene.services, scene.asker("editor"), { typed: "lorem" });
    const hit = found.ok ? found.value.hits[0] : undefined;
    expect(hit?.passage.filter((part) => part.isFound)).toHaveLength(28);
    expect(hit?.passage.at(-1)?.text).toBe(" … ");
  });
});
