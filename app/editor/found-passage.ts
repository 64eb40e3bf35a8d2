/**
 * Shows somebody who comes from a search the passage that was found: scrolls to it and marks
 * the words for a while. The marks are drawn over the text and never part of it, so that
 * opening writes nothing (promise D6).
 */
import { Extension } from "@tiptap/core";
import type { Node } from "@tiptap/pm/model";
import { Plugin, PluginKey, TextSelection } from "@tiptap/pm/state";
import { Decoration, DecorationSet } from "@tiptap/pm/view";
import { foundWords } from "../document/passage.ts";

/** How long the words stay marked, unless the person begins to do something before (ms). */
const markedMs = 10_000;

const key = new PluginKey<DecorationSet>("foundPassage");

export type Place = { readonly from: number; readonly to: number };

/** The places of the words in the first block that holds one; none where they are gone. */
export function foundPlaces(document: Node, words: readonly string[]): readonly Place[] {
  let places: Place[] = [];
  document.descendants((node, position) => {
    if (places.length > 0) return false;
    if (!node.isTextblock) return true;
    // One character for each thing in the line that is no text, so that places can be counted.
    const text = node.textBetween(0, node.content.size, undefined, "\ufffc");
    const ends = foundWords(text, words, text.length);
    places = ends.flatMap((from, index) =>
      index % 2 === 0 ? [{ from: position + 1 + from, to: position + 1 + (ends[index + 1] ?? from) }] : [],
    );
    return false;
  });
  return places;
}

/** Words that are not in the text yet are waited for as long as they would be marked. */
export function foundPassage(words: readonly string[]) {
  return Extension.create({
    name: "foundPassage",

    addProseMirrorPlugins() {
      if (words.length === 0) return [];
      return [
        new Plugin<DecorationSet>({
          key,
          state: {
            init: () => DecorationSet.empty,
            apply: (transaction, marks) =>
              (transaction.getMeta(key) as DecorationSet | undefined) ??
              marks.map(transaction.mapping, transaction.doc),
          },
          props: { decorations: (state) => key.getState(state) },
          view: (view) => {
            let isOver = false;
            let isShown = false;
            const show = () => {
              const places = isOver || isShown ? [] : foundPlaces(view.state.doc, words);
              const [first] = places;
              if (first === undefined) return;
              isShown = true;
              const marks = places.map(({ from, to }) =>
                Decoration.inline(from, to, { nodeName: "mark", class: "found-word" }),
              );
              const { doc, tr } = view.state;
              // Who goes on by keyboard begins where they look; nothing is announced or focused.
              tr.setSelection(TextSelection.create(doc, first.from));
              view.dispatch(tr.setMeta(key, DecorationSet.create(doc, marks)));
              view.dom.querySelector(".found-word")?.scrollIntoView({ block: "center" });
            };
            const end = () => {
              if (isOver) return;
              isOver = true;
              stop();
              if (isShown) view.dispatch(view.state.tr.setMeta(key, DecorationSet.empty));
            };
            const root = view.dom.ownerDocument;
            const frame = requestAnimationFrame(show);
            const timer = setTimeout(end, markedMs);
            const deeds = ["pointerdown", "keydown"] as const;
            for (const deed of deeds) root.addEventListener(deed, end);
            const stop = () => {
              cancelAnimationFrame(frame);
              clearTimeout(timer);
              for (const deed of deeds) root.removeEventListener(deed, end);
            };
            return {
              // Later than the change: no transaction is made while another one is drawn.
              update: (_view, before) => {
                if (!isShown && !isOver && before.doc !== view.state.doc) queueMicrotask(show);
              },
              destroy: () => {
                isOver = true;
                stop();
              },
            };
          },
        }),
      ];
    },
  });
}
