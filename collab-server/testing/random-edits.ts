/** Random editing of several Y.Docs that know of each other only now and then. */
import * as Y from "yjs";

// No pairs of surrogates in the text: Yjs replaces the halves of a pair that is split, as no editor does.
const words = ["college", "employer", "§ 4", "naïve", "œuvre €", "a", "\n", "Two-Way"];

/**
 * `operations` random edits over `clients` documents that exchange updates at random.
 * Gives back every update made and the documents, which need not be equal.
 */
export function randomEdits(
  random: () => number,
  clients: number,
  operations: number,
): { updates: Uint8Array[]; docs: Y.Doc[] } {
  const updates: Uint8Array[] = [];
  const docs = Array.from({ length: clients }, () => {
    const doc = new Y.Doc();
    doc.clientID = Math.floor(random() * 2 ** 32);
    doc.on("update", (update: Uint8Array, origin: unknown) => {
      if (origin !== "remote") updates.push(update);
    });
    return doc;
  });
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T;
  for (let i = 0; i < operations; i++) {
    const doc = pick(docs);
    doc.transact(() => editOnce(doc, random, pick));
    if (random() < 0.2) {
      const other = pick(docs);
      Y.applyUpdate(other, Y.encodeStateAsUpdate(doc, Y.encodeStateVector(other)), "remote");
    }
  }
  return { updates, docs };
}

export function editOnce(doc: Y.Doc, random: () => number, pick: <T>(list: readonly T[]) => T): void {
  const text = doc.getText("text");
  const fragment = doc.getXmlFragment("fragment");
  const kind = random();
  if (kind < 0.4) text.insert(Math.floor(random() * (text.length + 1)), pick(words));
  else if (kind < 0.55) {
    const from = Math.floor(random() * text.length);
    text.delete(from, Math.min(text.length - from, 1 + Math.floor(random() * 4)));
  } else if (kind < 0.65 && text.length > 2) {
    text.format(Math.floor(random() * (text.length - 2)), 2, {
      [pick(["bold", "link"])]: pick([true, null, { href: "https://example.org" }]),
    });
  } else if (kind < 0.75) {
    const element = new Y.XmlElement(pick(["paragraph", "heading", "bulletList"]));
    element.setAttribute("level", pick(["1", "2"]));
    element.insert(0, [new Y.XmlText(pick(words))]);
    fragment.insert(Math.floor(random() * (fragment.length + 1)), [element]);
  } else if (kind < 0.8 && fragment.length > 0) {
    fragment.delete(Math.floor(random() * fragment.length), 1);
  } else if (kind < 0.9) {
    doc
      .getMap("map")
      .set(
        pick(words),
        pick<unknown>([
          "🎓 degree",
          1,
          -70_000,
          2.5,
          null,
          undefined,
          "x",
          [1, [2, {}]],
          { a: { b: true } },
          new Uint8Array([1, 2, 3]),
          [12345678901234],
        ]),
      );
  } else {
    doc.getArray("list").insert(0, [pick<unknown>(["one", 2, new Y.Map(), new Y.Array()])]);
  }
}
