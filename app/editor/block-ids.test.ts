// @vitest-environment jsdom
/** Which block keeps its name when blocks are split, copied, moved and pasted. */
import { Editor, type JSONContent } from "@tiptap/core";
import { Slice } from "@tiptap/pm/model";
import { afterEach, describe, expect, it } from "vitest";
import { identifiedNodes } from "../document/nodes/block-ids.ts";
import { NewBlockIds } from "./block-ids.ts";
import { editingExtensions } from "./editing-extensions.ts";

let editor: Editor;
afterEach(() => editor.destroy());

const idOf = (number: number) => `00000000-0000-4000-8000-${String(number).padStart(12, "0")}`;
const p = (text: string, number: number | null = null) => ({
  type: "paragraph",
  attrs: { blockId: number === null ? null : idOf(number) },
  ...(text === "" ? {} : { content: [{ type: "text", text }] }),
});

function edit(...content: JSONContent[]): Editor {
  editor = new Editor({
    element: document.createElement("div"),
    extensions: [...editingExtensions, NewBlockIds],
    content: { type: "doc", content },
  });
  return editor;
}

/** Text and id of every block at the top. */
const blocks = () =>
  editor.state.doc.children.map((node) => [node.textContent, node.attrs["blockId"] as string | null]);

/** Ids of every block, at any depth. */
function allIds(): (string | null)[] {
  const ids: (string | null)[] = [];
  editor.state.doc.descendants((node) => {
    if ((identifiedNodes as readonly string[]).includes(node.type.name)) ids.push(node.attrs["blockId"]);
  });
  return ids;
}

/** As the editor does when something is pasted: the slice passes every plugin, then replaces the selection. */
function pasteSlice(slice: Slice): void {
  let pasted = slice;
  editor.view.someProp("transformPasted", (transform) => {
    pasted = transform(pasted, editor.view, false);
  });
  editor.view.dispatch(editor.state.tr.replaceSelection(pasted));
}

describe("ids of blocks", () => {
  it("gives the second half of a split paragraph an id of its own", () => {
    edit(p("onetwo", 1), p("three", 3)).commands.setTextSelection(4);
    editor.commands.splitBlock();
    const [first, second, third] = blocks();
    expect([first, third]).toEqual([
      ["one", idOf(1)],
      ["three", idOf(3)],
    ]);
    expect(second?.[0]).toBe("two");
    expect(second?.[1]).toMatch(/^[0-9a-f-]{36}$/);
    expect(second?.[1]).not.toBe(idOf(1));
  });

  it("leaves the id with the words where a block is made before them", () => {
    edit(p("one", 1));
    // A command that copies the block with all it is called, as some extensions do.
    editor.commands.command(({ tr, state }) => {
      tr.insert(0, state.schema.nodes["paragraph"]?.create({ blockId: idOf(1) }) ?? []);
      return true;
    });
    const [empty, words] = blocks();
    expect(words).toEqual(["one", idOf(1)]);
    expect(empty?.[1]).not.toBe(idOf(1));
    expect(empty?.[1]).not.toBeNull();
  });

  it("gives a copy made by a command another id, and leaves the original its own", () => {
    edit(p("one", 1), p("two", 2));
    editor.commands.command(({ tr, state }) => {
      tr.insert(0, state.doc.child(0));
      return true;
    });
    expect(blocks()[1]).toEqual(["one", idOf(1)]);
    expect(new Set(allIds()).size).toBe(3);
  });

  it("gives everything pasted an id nobody has, and leaves what stands around it alone", () => {
    edit(p("one", 1), p("two", 2), p("three", 3)).commands.setTextSelection({ from: 6, to: 9 });
    const copied = editor.state.doc.slice(0, editor.state.doc.content.size);
    pasteSlice(new Slice(copied.content, 0, 0));
    const ids = allIds();
    expect(ids).not.toContain(null);
    expect(new Set(ids).size).toBe(ids.length);
    expect(blocks()[0]).toEqual(["one", idOf(1)]);
    expect(blocks().at(-1)).toEqual(["three", idOf(3)]);
  });

  it("leaves a block its id when it is dragged to another place, unless it is copied there", () => {
    for (const isCopy of [false, true]) {
      edit(p("one", 1), p("two", 2));
      editor.view.dragging = { slice: Slice.empty, move: !isCopy };
      const drop = new MouseEvent("drop", { ctrlKey: isCopy, bubbles: true }) as DragEvent;
      editor.view.someProp("handleDOMEvents", (handlers) => {
        handlers.drop?.(editor.view, drop);
      });
      const slice = editor.state.doc.slice(0, 5);
      let dropped = slice;
      editor.view.someProp("transformPasted", (transform) => {
        dropped = transform(dropped, editor.view, false);
      });
      expect(dropped.content.firstChild?.attrs["blockId"] === idOf(1)).toBe(!isCopy);
      editor.destroy();
    }
  });

  it("[D6] gives no id to what was there before and was not touched", () => {
    edit(p("one"), p("two"), p("three", 3)).commands.setTextSelection(12);
    editor.commands.insertContent("X");
    expect(blocks().map(([, id]) => id)).toEqual([null, null, idOf(3)]);
  });

  it("names 3,000 pasted lines, and 3,000 blocks that are wrapped at once, each once", () => {
    edit(p("one", 1));
    const { schema } = editor.state;
    const lines = Array.from({ length: 3_000 }, (_, n) => schema.nodeFromJSON(p(`line ${n}`, 5)));
    pasteSlice(new Slice(schema.nodes["doc"]?.create(null, lines).content ?? Slice.empty.content, 0, 0));
    expect(new Set(allIds()).size).toBe(editor.state.doc.childCount);
    editor.commands.selectAll();
    editor.commands.wrapIn("blockquote");
    const ids = allIds();
    expect(ids).not.toContain(null);
    expect(new Set(ids).size).toBe(ids.length);
  });
});
