// @vitest-environment jsdom
import { Editor, type JSONContent } from "@tiptap/core";
import { expect, it, vi } from "vitest";
import { editingExtensions } from "./editing-extensions.ts";
import { foundPassage, foundPlaces } from "./found-passage.ts";

const p = (...content: JSONContent[]): JSONContent => ({ type: "paragraph", content });
const text = (words: string, mark?: string) => ({
  type: "text",
  text: words,
  ...(mark === undefined ? {} : { marks: [{ type: mark }] }),
});
const cell = (words: string): JSONContent => ({ type: "tableCell", content: [p(text(words))] });

const content: JSONContent = {
  type: "doc",
  content: [
    p(text("Nothing of it here.")),
    { type: "table", content: [{ type: "tableRow", content: [cell("pump"), cell("Worn")] }] },
    p(text("Above"), { type: "hardBreak" }, text("a wo", "bold"), text("rn séal")),
    p(text("worn seal again")),
  ],
};

const open = (words: readonly string[]) =>
  new Editor({
    element: document.createElement("div"),
    extensions: [...editingExtensions, foundPassage(words)],
    content,
  });
const marked = (editor: Editor) => [...editor.view.dom.querySelectorAll("mark")].map((el) => el.textContent);

it("[D6] a document opened from a search shows the first passage marked, and the document stays as it was", () => {
  vi.useFakeTimers();
  const scrolled = vi.fn();
  Element.prototype.scrollIntoView = scrolled;
  const changes = vi.fn();
  const editor = open(["seal", "abov"]);
  editor.on("update", changes);
  const before = editor.getHTML();
  vi.advanceTimersToNextFrame();
  expect(marked(editor)).toEqual(["Above", "séal"]);
  expect(scrolled).toHaveBeenCalledOnce();
  expect(editor.getHTML()).toBe(before);
  expect(changes).not.toHaveBeenCalled();
  document.dispatchEvent(new Event("pointerdown"));
  expect(marked(editor), "who begins to do something has seen it").toEqual([]);
  editor.destroy();

  const again = open(["worn"]);
  vi.advanceTimersToNextFrame();
  expect(marked(again)).toEqual(["Worn"]);
  vi.runAllTimers();
  expect(marked(again), "for a while only").toEqual([]);
  again.destroy();

  const gone = open(["gearbox"]);
  vi.advanceTimersToNextFrame();
  expect(marked(gone)).toEqual([]);
  expect(scrolled).toHaveBeenCalledTimes(2);
  gone.destroy();
  vi.useRealTimers();
});

it("words are found over the borders of bold letters and behind a break in the line", () => {
  const editor = open([]);
  const places = foundPlaces(editor.state.doc, ["seal", "above"]);
  expect(places.map(({ from, to }) => editor.state.doc.textBetween(from, to))).toEqual(["Above", "séal"]);
  expect(foundPlaces(editor.state.doc, ["gearbox"])).toEqual([]);
  editor.destroy();
});
