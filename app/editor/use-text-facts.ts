/** Headings and words of the text, for what stands beside it. */
import type { Editor } from "@tiptap/core";
import { useEffect, useState } from "react";
import { countWords } from "../document/plain-text.ts";
import type { OutlineEntry } from "./outline.tsx";

type TextFacts = { readonly outline: readonly OutlineEntry[]; readonly words: number };

function readTextFacts(current: Editor): TextFacts {
  const outline: OutlineEntry[] = [];
  current.state.doc.descendants((node) => {
    if (node.type.name !== "heading") return !node.isTextblock;
    const level = Math.max(2, Number(node.attrs["level"]));
    outline.push({ index: outline.length, level, text: node.textContent.trim() || "Untitled section" });
    return false;
  });
  const { doc } = current.state;
  return { outline, words: countWords(doc.textBetween(0, doc.content.size, "\n", " ")) };
}

/** Reading 20,000 words takes several keystrokes' time, so it is not done for each. */
const textFactsAfterMs = 1_000;

function isSameOutline(one: readonly OutlineEntry[], other: readonly OutlineEntry[]): boolean {
  return (
    one.length === other.length &&
    one.every(({ level, text }, index) => level === other[index]?.level && text === other[index]?.text)
  );
}

/** The facts of the text as it is, and again a moment after it has changed. */
export function useTextFacts(editor: Editor): TextFacts {
  const [facts, setFacts] = useState(() => readTextFacts(editor));
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | null = null;
    const later = () => {
      timer ??= setTimeout(() => {
        timer = null;
        const read = readTextFacts(editor);
        // The same outline stays the same object: nobody looks for headings again.
        setFacts((before) =>
          isSameOutline(before.outline, read.outline) ? { ...read, outline: before.outline } : read,
        );
      }, textFactsAfterMs);
    };
    editor.on("update", later);
    return () => {
      editor.off("update", later);
      if (timer !== null) clearTimeout(timer);
    };
  }, [editor]);
  return facts;
}
