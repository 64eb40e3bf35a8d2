import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import * as Y from "yjs";
import { attributeRules } from "./attributes.ts";
import { readFragment } from "./read-fragment.ts";
import { editorSchema } from "./schema.ts";
import { schemaNumber } from "./schema-version.ts";
import { seedUpdate } from "./seed.ts";

const fixtures = `${import.meta.dirname}/__fixtures__`;

/** Everything a document may be made of, as text that a change cannot slip past. */
function inventory(): string {
  const lines = [
    ...Object.values(editorSchema.nodes).map(
      ({ name, spec }) =>
        `node ${name} (${Object.keys(spec.attrs ?? {})
          .sort()
          .join(", ")}) = ${spec.content ?? "leaf"}`,
    ),
    ...Object.values(editorSchema.marks).map(
      ({ name, spec }) =>
        `mark ${name} (${Object.keys(spec.attrs ?? {})
          .sort()
          .join(", ")})`,
    ),
  ];
  return lines.sort().join("\n");
}

describe("schema", () => {
  it("has a rule for every attribute it knows", () => {
    const types = [...Object.values(editorSchema.nodes), ...Object.values(editorSchema.marks)];
    for (const { name, spec } of types) {
      const attributes = Object.keys(spec.attrs ?? {}).filter((key) => key !== "blockId");
      expect([name, Object.keys(attributeRules[name] ?? {}).sort()]).toEqual([name, attributes.sort()]);
    }
  });

  it("[D14] is what schema number 1 was released as: whoever changes it raises the number and adds a fixture", () => {
    const released = readFileSync(`${fixtures}/schema-${schemaNumber}.txt`, "utf8").trim();
    expect(inventory()).toBe(released);
  });

  it.each(readdirSync(fixtures).filter((name) => name.endsWith(".json")))(
    "[D14] %s reads to the same document for ever, through the log's first update and back",
    (name) => {
      const kept = JSON.parse(readFileSync(`${fixtures}/${name}`, "utf8"));
      const document = editorSchema.nodeFromJSON(kept);
      document.check();
      expect(document.toJSON()).toEqual(kept);
      const shared = new Y.Doc();
      Y.applyUpdate(shared, seedUpdate(kept, 7));
      expect(editorSchema.nodeFromJSON(readFragment(shared)).toJSON()).toEqual(kept);
    },
  );

  it("[S5] makes every attribute harmless that a peer may send, whatever its type", () => {
    const nasty: readonly unknown[] = [
      "javascript:alert(1)",
      '"><img src=x onerror=alert(1)>',
      "https://evil.example/x.png",
      "/images/../../etc/passwd",
      1e9,
      -1,
      Number.NaN,
      true,
      {},
      [],
      { level: 2 },
      "x".repeat(100_000),
      "__proto__",
      "url(https://evil.example)",
    ];
    let made = 0;
    for (const type of Object.values(editorSchema.nodes)) {
      for (const key of Object.keys(type.spec.attrs ?? {})) {
        for (const value of nasty) {
          const { attrs } = type.create({ [key]: value, style: "position:fixed", onload: "x" });
          made += 1;
          expect(Object.keys(attrs).sort()).toEqual(Object.keys(type.spec.attrs ?? {}).sort());
          const text = JSON.stringify(attrs);
          expect(text.length).toBeLessThan(1000);
          // Text for people may hold anything: it is never read as markup or address.
          if (key === "alt" || key === "label") continue;
          expect(text).not.toMatch(/javascript|evil|onerror|passwd|1000000000/);
        }
      }
    }
    expect(made).toBeGreaterThanOrEqual(200);
    console.log(`[S5] ${made} attributes, 0 passed as they were sent`);
  });

  it("knows a picture only by the id of one of ours", () => {
    const image = editorSchema.nodes["image"]!;
    const drawn = (attrs: Record<string, unknown>) =>
      (image.spec.toDOM!(image.create(attrs)) as unknown as [string, Record<string, string>])[1];
    const id = "0b5f8c7e-58a1-4b60-8a5e-6f1f5f1f0001";
    expect(drawn({ imageId: id, alt: "A packhouse" })).toMatchObject({
      src: `/images/${id}`,
      alt: "A packhouse",
    });
    expect(drawn({ imageId: "../x", src: "https://evil.example/x" })["src"]).toBeUndefined();
  });
});
