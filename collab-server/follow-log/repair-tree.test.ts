import { describe, expect, it } from "vitest";
import * as Y from "yjs";
import { depthOf, readDocument } from "../../app/document/read-fragment.ts";
import { editorSchema } from "../../app/document/schema.ts";
import { limits } from "../../app/document/wire.ts";
import { seeded, seedOfRun, told, trials } from "../testing/count.ts";
import { repairOf } from "./repair-tree.ts";
import { lettersOf, paragraph } from "./testing/random-plan.ts";
import { historyDocument } from "./yjs-history.ts";

/** Full counts on a busy machine, ms. */
const longRun = 900_000;

function item(...content: Y.XmlElement[]): Y.XmlElement {
  const element = new Y.XmlElement("listItem");
  element.insert(0, content);
  return element;
}
function container(name: string, ...content: Y.XmlElement[]): Y.XmlElement {
  const element = new Y.XmlElement(name);
  element.insert(0, content);
  return element;
}

/** A list, a quote and two paragraphs, each with words of its own. */
function base(): Uint8Array {
  const doc = new Y.Doc();
  doc.clientID = 1;
  doc
    .getXmlFragment("default")
    .insert(0, [
      paragraph("one"),
      container(
        "bulletList",
        item(paragraph("two")),
        item(paragraph("three"), container("bulletList", item(paragraph("four")))),
      ),
      container("blockquote", paragraph("five")),
      paragraph("six"),
    ]);
  return Y.encodeStateAsUpdate(doc);
}

type Found = { readonly parent: Y.XmlFragment; readonly element: Y.XmlElement };
function elements(doc: Y.Doc): Found[] {
  const found: Found[] = [];
  const waiting: Y.XmlFragment[] = [doc.getXmlFragment("default")];
  for (let parent = waiting.pop(); parent; parent = waiting.pop())
    for (const element of parent.toArray())
      if (element instanceof Y.XmlElement) {
        found.push({ parent, element });
        waiting.push(element);
      }
  return found;
}

const isValidNow = (doc: Y.Doc) => {
  try {
    editorSchema.nodeFromJSON(readDocument(doc).json).check();
    return true;
  } catch {
    return false;
  }
};

/** One structural edit that leaves the document valid by itself, with a word of its own. */
function structuralEdit(doc: Y.Doc, random: () => number, token: string): void {
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T;
  doc.transact(() => {
    const all = elements(doc);
    const paragraphs = all.filter(({ element }) => element.nodeName === "paragraph");
    const kind = random();
    const { parent, element } = pick(paragraphs);
    const at = parent.toArray().indexOf(element);
    const text = element.toArray()[0] as Y.XmlText;
    if (kind < 0.25) text.insert(Math.floor(random() * (text.length + 1)), token);
    else if (kind < 0.45) {
      const tail = lettersOf(text).slice(1);
      text.delete(1, text.length - 1);
      parent.insert(at + 1, [paragraph(`${tail}${token}`)]);
    } else if (kind < 0.6 && parent instanceof Y.XmlFragment && !(parent instanceof Y.XmlElement)) {
      const words = lettersOf(text);
      parent.delete(at, 1);
      parent.insert(at, [container("bulletList", item(paragraph(`${words}${token}`)))]);
    } else {
      // Deletes one part; whatever would be left empty by it goes too, as the editor does.
      const items = all.filter(
        (each) => each.element.nodeName === "listItem" || each.element.nodeName === "blockquote",
      );
      let target: Found | undefined = items.length > 0 ? pick(items) : undefined;
      while (target) {
        const its: Found = target;
        its.parent.delete(its.parent.toArray().indexOf(its.element), 1);
        target = its.parent.length === 0 ? all.find((each) => each.element === its.parent) : undefined;
      }
      doc.getXmlFragment("default").push([paragraph(token)]);
    }
  });
}

describe("repairing what a merge broke", () => {
  it(
    "[D15] pairs of structural edits converge, are valid after one repair, and lose no inserted word",
    () => {
      const seed = seedOfRun();
      const count = trials(10_000, 1_000);
      let broken = 0;
      let beside = 0;
      for (let trial = 0; trial < count; trial++) {
        const random = seeded(seed + trial);
        const start = base();
        const people = [2, 3].map((clientID) => {
          const doc = new Y.Doc({ gc: false });
          doc.clientID = clientID;
          Y.applyUpdate(doc, start);
          return doc;
        });
        const tokens = people.map((doc, index) => {
          const token = `‹${trial}-${index}›`;
          structuralEdit(doc, random, token);
          expect(isValidNow(doc), `seed ${seed} trial ${trial}: an edit alone is valid`).toBe(true);
          return token;
        });
        const updates = people.map((doc) => Y.encodeStateAsUpdate(doc));
        const [server, other] = [updates, updates.toReversed()].map((order) => {
          const doc = historyDocument();
          for (const update of order) Y.applyUpdate(doc, update);
          return doc;
        }) as [Y.Doc, Y.Doc];
        expect(JSON.stringify(readDocument(server).json)).toBe(JSON.stringify(readDocument(other).json));

        const visible = (doc: Y.Doc, token: string) => JSON.stringify(readDocument(doc).json).includes(token);
        const before = tokens.filter((token) => visible(server, token));
        // A word inserted into a block that the other person deleted stays in the history.
        for (const token of tokens.filter((each) => !before.includes(each))) {
          expect(server.store.clients.size).toBeGreaterThan(1);
          expect(Buffer.from(Y.encodeStateAsUpdate(server)).includes(Buffer.from(token))).toBe(true);
          beside++;
        }
        const isBroken = !isValidNow(server);
        const repair = repairOf(server, 4_000_000_000);
        expect(repair !== null, `seed ${seed} trial ${trial}`).toBe(isBroken);
        if (repair) {
          broken++;
          for (const doc of [server, other]) Y.applyUpdate(doc, repair.update);
          expect(isValidNow(server), `seed ${seed} trial ${trial}: valid after the repair`).toBe(true);
          expect(repairOf(server, 4_000_000_001)).toBeNull();
          expect(JSON.stringify(readDocument(server).json)).toBe(JSON.stringify(readDocument(other).json));
        }
        for (const token of before) expect(visible(server, token), `seed ${seed} trial ${trial}`).toBe(true);
      }
      told(
        "D15",
        count,
        seed,
        `${broken} merges repaired, ${beside} words beside a deletion kept in history, 0 lost`,
      );
      expect(broken).toBeGreaterThan(0);
    },
    longRun,
  );

  it("[W6] takes away what many edits nested deeper than one message may", () => {
    const doc = historyDocument();
    let parent: Y.XmlFragment = doc.getXmlFragment("default");
    for (let level = 0; level < 100; level++) {
      const quote = container("blockquote", paragraph(`level ${level + 1}`));
      parent.push([quote]);
      parent = quote;
    }
    expect(depthOf(doc)).toBe(101);
    const repair = repairOf(doc, 4_000_000_000);
    expect(repair?.clientIds).toEqual([]);
    Y.applyUpdate(doc, repair?.update ?? new Uint8Array());
    expect(depthOf(doc)).toBe(limits.depth);
    expect(JSON.stringify(readDocument(doc).json)).toContain("level 63");
  });

  it("[D14] judges nothing that this release does not know", () => {
    const doc = historyDocument();
    doc
      .getXmlFragment("default")
      .insert(0, [
        new Y.XmlElement("fromTheFuture"),
        container("bulletList", new Y.XmlElement("futureItem")),
      ]);
    expect(repairOf(doc, 4_000_000_000)).toBeNull();
  });
});
