import { describe, expect, it } from "vitest";
import * as Y from "yjs";
import { canonicalJson, contentHash } from "../../app/document/canonical.ts";
import { readDocument } from "../../app/document/read-fragment.ts";
import { seeded, seedOfRun, told, trials } from "../testing/count.ts";
import { CarryMap } from "./author-of.ts";
import { IdRanges } from "./id-ranges.ts";
import { invertHistory, keptApart } from "./invert-history.ts";
import { editPlan, paragraph, setAttribute } from "./testing/random-plan.ts";
import { collectedDocument, deletedRanges, historyDocument, textOf, textRanges } from "./yjs-history.ts";

/** Full counts on a busy machine, ms. */
const longRun = 900_000;

const hashOf = (doc: Y.Doc) => {
  const { json, maps } = readDocument(doc);
  return contentHash(json, maps);
};
const visible = (doc: Y.Doc) => textRanges(doc).minus(deletedRanges(doc));

/** A server's document and people who write into it, each at their own pace. */
function world(random: () => number, people = 2) {
  const server = historyDocument();
  const clients = Array.from({ length: people }, () => {
    const doc = new Y.Doc();
    doc.clientID = 1 + Math.floor(random() * 2 ** 31);
    return doc;
  });
  const sync = (doc: Y.Doc) => {
    Y.applyUpdate(server, Y.encodeStateAsUpdate(doc, Y.encodeStateVector(server)), "sync");
    Y.applyUpdate(doc, Y.encodeStateAsUpdate(server, Y.encodeStateVector(doc)), "sync");
  };
  /** Yjs tidies marks wherever somebody else's words arrive, and a page sends that on at once. */
  const settle = () => {
    let before = "";
    for (;;) {
      for (const doc of clients) sync(doc);
      const now = [server, ...clients]
        .map((doc) => Buffer.from(Y.encodeStateAsUpdate(doc)).toString("base64"))
        .join();
      if (now === before) return;
      before = now;
    }
  };
  const write = (edits: number) => {
    for (let i = 0; i < edits; i++) {
      const doc = clients[Math.floor(random() * clients.length)] as Y.Doc;
      editPlan(doc, random);
      if (random() < 0.4) sync(doc);
    }
    settle();
  };
  return { server, clients, sync, settle, write };
}

describe("restoring by inverting history", () => {
  it(
    "[D5] is exactly equal to the old version in random chains, and unchanged text keeps its ids",
    () => {
      const seed = seedOfRun();
      const count = trials(1_000, 60);
      let restores = 0;
      let carried = 0;
      for (let trial = 0; trial < count; trial++) {
        const random = seeded(seed + trial);
        const { server, clients, settle, write } = world(random);
        const versions: { snapshot: Uint8Array; hash: string; text: IdRanges }[] = [];
        const cut = () => {
          versions.push({
            snapshot: Y.encodeSnapshotV2(Y.snapshot(server)),
            hash: hashOf(server),
            text: visible(server),
          });
        };
        for (let i = 0; i < 3; i++) {
          write(10 + Math.floor(random() * 15));
          cut();
        }
        // v1, v2, v1, head, v2: each is a forward edit over all that went before.
        let nextClient = 4_000_000_000;
        for (const index of [0, 1, 0, 2, 1]) {
          const version = versions[index] as (typeof versions)[number];
          const before = visible(server);
          const client = nextClient++;
          const inverse = invertHistory(server, Y.decodeSnapshotV2(version.snapshot), client);
          if (inverse === null) {
            expect(hashOf(server), `seed ${seed} trial ${trial}`).toBe(version.hash);
            continue;
          }
          Y.applyUpdate(server, inverse.update);
          restores++;
          expect(hashOf(server), `seed ${seed} trial ${trial}`).toBe(version.hash);
          // What was visible both then and just before was not touched.
          const unchanged = version.text.and(before);
          expect(unchanged.minus(visible(server)).size).toBe(0);
          // What it wrote anew is carried from older text, character by character.
          const carry = new CarryMap(inverse.carry);
          for (const range of [...visible(server)].filter((each) => each.client === client)) {
            for (const piece of carry.origins(range.client, range.clock, range.length)) {
              expect(piece.client, "every re-created character has an origin").not.toBe(client);
              carried += piece.length;
              expect(textOf(server, IdRanges.of([piece])).join("")).toBe(
                textOf(server, IdRanges.of([{ ...piece.at, length: piece.length }])).join(""),
              );
            }
          }
          settle();
          for (const doc of clients) expect(hashOf(doc), `seed ${seed} trial ${trial}`).toBe(version.hash);
        }
      }
      told(
        "D5",
        count,
        seed,
        `${restores} restores exactly equal, ${carried} characters carried, clients converged`,
      );
      expect(carried).toBeGreaterThan(0);
    },
    longRun,
  );

  it(
    "[D7] keeps what people type while a restore is under way, or lists it where its block went",
    () => {
      const seed = seedOfRun();
      const count = trials(500, 60);
      let kept = 0;
      let apart = 0;
      for (let trial = 0; trial < count; trial++) {
        const random = seeded(seed + trial);
        const { server, clients, sync, write } = world(random);
        write(12);
        const snapshot = Y.snapshot(server);
        write(12);
        const typist = clients[0] as Y.Doc;
        const token = `<token ${trial}>`;
        const present = historyDocument();
        Y.applyUpdate(present, Y.encodeStateAsUpdate(server));
        const stateBefore = Y.decodeStateVector(Y.encodeStateVector(present));
        // Typed before the restore arrives, into whatever block, old or new.
        const fragment = typist.getXmlFragment("default");
        const texts: Y.XmlText[] = [];
        for (const child of fragment.toArray())
          if (child instanceof Y.XmlElement)
            for (const inner of child.toArray()) if (inner instanceof Y.XmlText) texts.push(inner);
        const target = texts[Math.floor(random() * texts.length)];
        if (target) target.insert(0, token);
        else fragment.insert(0, [paragraph(token)]);

        const inverse = invertHistory(present, snapshot, 4_000_000_000);
        if (random() < 0.5) sync(typist);
        if (inverse) Y.applyUpdate(server, inverse.update);
        sync(typist);
        const listed = keptApart(server, stateBefore, 4_000_000_000, new IdRanges()).join("\n");
        const { json, maps } = readDocument(server);
        const isVisible = canonicalJson(json, maps).includes(token);
        if (isVisible) kept++;
        else apart++;
        expect(isVisible !== listed.includes(token), `seed ${seed} trial ${trial}: exactly one of both`).toBe(
          true,
        );
        expect(hashOf(typist)).toBe(hashOf(server));
      }
      told("D7", count, seed, `${kept} kept in place, ${apart} listed with their text, 0 lost`);
      expect(kept).toBeGreaterThan(0);
      expect(apart).toBeGreaterThan(0);
    },
    longRun,
  );

  it("[D14] brings unknown nodes back byte for byte", () => {
    const { server, clients, sync } = world(seeded(1), 1);
    const writer = clients[0] as Y.Doc;
    const fragment = writer.getXmlFragment("default");
    const unknown = new Y.XmlElement("simulation");
    setAttribute(unknown, "model", { steps: [1, { b: "x", a: null }], é: "ü" });
    unknown.insert(0, [paragraph("inside", "simulationStep")]);
    fragment.insert(0, [paragraph("before"), unknown, paragraph("after")]);
    sync(writer);
    const then = readDocument(server).json;
    const snapshot = Y.snapshot(server);
    fragment.delete(0, 3);
    fragment.insert(0, [paragraph("something else")]);
    sync(writer);
    const inverse = invertHistory(server, snapshot, 4_000_000_000);
    if (inverse) Y.applyUpdate(server, inverse.update);
    expect(JSON.stringify(readDocument(server).json)).toBe(JSON.stringify(then));
    expect(readDocument(server).json.content?.[1]).toEqual({
      type: "simulation",
      attrs: { model: { steps: [1, { b: "x", a: null }], é: "ü" } },
      content: [{ type: "simulationStep", content: [{ type: "text", text: "inside" }] }],
    });
  });

  it("answers null where the document already reads like the version", () => {
    const { server, write } = world(seeded(7));
    write(10);
    expect(invertHistory(server, Y.snapshot(server), 4_000_000_000)).toBeNull();
  });

  it("[D5] works for readers that collected their garbage long ago", () => {
    const { server, write } = world(seeded(3));
    write(20);
    const snapshot = Y.snapshot(server);
    const hash = hashOf(server);
    write(30);
    const reader = collectedDocument();
    Y.applyUpdate(reader, Y.encodeStateAsUpdate(server));
    const inverse = invertHistory(server, snapshot, 4_000_000_000);
    if (inverse) Y.applyUpdate(reader, inverse.update);
    expect(hashOf(reader)).toBe(hash);
  });
});
