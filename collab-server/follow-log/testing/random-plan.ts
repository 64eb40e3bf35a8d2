/** Random editing of a plan as the editor would: blocks, lists, marks, splits, deletions, unknown nodes. */
import * as Y from "yjs";

const words = ["college ", "employer ", "module ", "naïve ", "🎓 ", "a", "assessment ", "week 7 "];

type Random = () => number;

function pick<T>(random: Random, list: readonly T[]): T {
  return list[Math.floor(random() * list.length)] as T;
}

export function paragraph(text: string, name = "paragraph"): Y.XmlElement {
  const element = new Y.XmlElement(name);
  element.insert(0, [new Y.XmlText(text)]);
  return element;
}

/** Attributes may hold any JSON; Yjs' types know of text alone. */
export function setAttribute(element: Y.XmlElement, name: string, value: unknown): void {
  element.setAttribute(name, value as string);
}

/** Without marks: `toString` of a Y.XmlText writes them as tags. */
export function lettersOf(text: Y.XmlText): string {
  return (text.toDelta() as { insert: string }[]).map((piece) => piece.insert).join("");
}

function outsidePairs(text: string, at: number): number {
  const code = text.charCodeAt(at);
  return code >= 0xdc00 && code <= 0xdfff ? at + 1 : at;
}

/** Every element below the fragment that holds text. */
function textBlocks(
  fragment: Y.XmlFragment,
): { parent: Y.XmlFragment; block: Y.XmlElement; text: Y.XmlText }[] {
  const found: { parent: Y.XmlFragment; block: Y.XmlElement; text: Y.XmlText }[] = [];
  const waiting: Y.XmlFragment[] = [fragment];
  for (let parent = waiting.pop(); parent !== undefined; parent = waiting.pop())
    for (const child of parent.toArray()) {
      if (!(child instanceof Y.XmlElement)) continue;
      const text = child.toArray().find((inner) => inner instanceof Y.XmlText);
      if (text instanceof Y.XmlText) found.push({ parent, block: child, text });
      else waiting.push(child as unknown as Y.XmlFragment);
    }
  return found;
}

/** One edit in one transaction. */
export function editPlan(doc: Y.Doc, random: Random): void {
  const fragment = doc.getXmlFragment("default");
  doc.transact(() => {
    const blocks = textBlocks(fragment);
    const kind = random();
    if (blocks.length === 0 || kind < 0.12) {
      const at = Math.floor(random() * (fragment.length + 1));
      const block = paragraph(pick(random, words), pick(random, ["paragraph", "heading"]));
      setAttribute(block, "level", pick(random, [1, 2, 3]));
      fragment.insert(at, [block]);
      return;
    }
    const { parent, block, text } = pick(random, blocks);
    const length = text.length;
    const letters = lettersOf(text);
    // Editors never stand inside a surrogate pair; what happens if one does has a test of its own.
    const from = outsidePairs(letters, Math.floor(random() * (length + 1)));
    if (kind < 0.45) text.insert(from, pick(random, words));
    else if (kind < 0.58)
      text.delete(from, outsidePairs(letters, Math.min(length, from + 1 + Math.floor(random() * 6))) - from);
    else if (kind < 0.68 && length > 1)
      text.format(
        0,
        outsidePairs(letters, 1 + Math.floor(random() * (length - 1))),
        pick(random, [{ bold: {} }, { bold: null }, { link: { href: "https://example.org" } }]),
      );
    else if (kind < 0.76) {
      // Splitting deletes the tail and writes it again under new ids, as the editor does.
      const tail = letters.slice(from);
      text.delete(from, length - from);
      parent.insert(parent.toArray().indexOf(block) + 1, [paragraph(tail)]);
    } else if (kind < 0.82) {
      const list = new Y.XmlElement("bulletList");
      const item = new Y.XmlElement("listItem");
      item.insert(0, [paragraph(pick(random, words))]);
      list.insert(0, [item]);
      fragment.insert(Math.floor(random() * (fragment.length + 1)), [list]);
    } else if (kind < 0.88) {
      // No editor leaves an item without a block; the server would repair it at a time of its own (D15).
      if (parent.length > 1) parent.delete(parent.toArray().indexOf(block), 1);
      else text.delete(0, length);
    } else if (kind < 0.93)
      setAttribute(
        block,
        pick(random, ["level", "align", "blockId"]),
        pick<unknown>(random, [1, 2, "left", { deep: [1, null] }]),
      );
    else if (kind < 0.97) {
      const unknown = new Y.XmlElement("fromTheFuture");
      setAttribute(unknown, "payload", { rows: [1, "two", { three: true }] });
      unknown.insert(0, [paragraph("kept as it is", "innerFuture")]);
      fragment.insert(fragment.length, [unknown]);
    } else
      doc
        .getMap("facts")
        .set(pick(random, ["hours", "weeks"]), pick<unknown>(random, [1, 2, { of: "study" }]));
  });
}
