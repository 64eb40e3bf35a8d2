/**
 * Edits of a plan that leave it valid whatever others do meanwhile, each with a word of
 * its own that nobody takes away: after any merge every such token must stand there once.
 * Splitting and deleting blocks, which a merge may break, is what `repair-tree.test.ts` is for.
 */
import * as Y from "yjs";
import { lettersOf, paragraph, setAttribute } from "../follow-log/testing/random-plan.ts";

/** Tokens stand between these; filler never holds them. */
const token = /‹[^›]*›/g;

export const tokensIn = (text: string): readonly string[] => text.match(token) ?? [];

/** Where nothing would be put into a token. */
function gaps(letters: string): readonly number[] {
  const inside = [...letters.matchAll(token)].map(
    ({ 0: word, index }) => [index, index + word.length] as const,
  );
  return Array.from({ length: letters.length + 1 }, (_, at) => at).filter((at) =>
    inside.every(([from, to]) => at <= from || at >= to),
  );
}

function textsIn(fragment: Y.XmlFragment): readonly Y.XmlText[] {
  const found: Y.XmlText[] = [];
  const waiting: Y.XmlFragment[] = [fragment];
  for (let parent = waiting.pop(); parent !== undefined; parent = waiting.pop())
    for (const child of parent.toArray())
      if (child instanceof Y.XmlText) found.push(child);
      else if (child instanceof Y.XmlElement) waiting.push(child);
  return found;
}

/** One edit in one transaction; `mine` gets into the document with it. */
export function editWithToken(doc: Y.Doc, random: () => number, mine: string): void {
  const fragment = doc.getXmlFragment("default");
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T;
  const anywhere = () => Math.floor(random() * (fragment.length + 1));
  doc.transact(() => {
    const texts = textsIn(fragment);
    const kind = random();
    if (texts.length === 0 || kind < 0.1) {
      const block = paragraph(mine, pick(["paragraph", "heading"]));
      if (block.nodeName === "heading") setAttribute(block, "level", pick([1, 2, 3]));
      fragment.insert(anywhere(), [block]);
      return;
    }
    if (kind < 0.15) {
      const list = new Y.XmlElement(pick(["bulletList", "orderedList"]));
      const item = new Y.XmlElement("listItem");
      item.insert(0, [paragraph(mine)]);
      list.insert(0, [item]);
      fragment.insert(anywhere(), [list]);
      return;
    }
    const text = pick(texts);
    text.insert(pick(gaps(lettersOf(text))), `${mine}${pick(["", " and ", "filler "])}`);
    const letters = lettersOf(text);
    if (kind < 0.5) {
      // Filler goes, letter by letter; no token is cut.
      const free = gaps(letters).filter((at, index, all) => all[index + 1] === at + 1);
      if (free.length > 0) text.delete(pick(free), 1);
    } else if (kind < 0.65) {
      const from = Math.floor(random() * letters.length);
      const mark = pick([
        { bold: {} },
        { bold: null },
        { italic: {} },
        { link: { href: "https://example.org" } },
      ]);
      text.format(from, 1 + Math.floor(random() * (letters.length - from)), mark);
    } else if (kind < 0.75) {
      const rules = fragment
        .toArray()
        .flatMap((child, at) =>
          child instanceof Y.XmlElement && child.nodeName === "horizontalRule" ? [at] : [],
        );
      if (rules.length > 0 && random() < 0.5) fragment.delete(pick(rules), 1);
      else fragment.insert(anywhere(), [new Y.XmlElement("horizontalRule")]);
    }
  });
}
