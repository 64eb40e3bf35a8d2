/** The keys of our own: dialogs, the toolbar, plain paragraphs, and those of tables inside one. */
import { type Editor, Extension } from "@tiptap/core";
import { GapCursor } from "@tiptap/pm/gapcursor";
import { blockCommands, tableCommands } from "./commands.ts";

/** What keys open; read when a key is pressed. */
type Openers = { readonly current: { readonly link: () => void; readonly keys: () => void } };

/**
 * To the end of a text whose last block is a table, a picture or a line: behind it, where
 * typing begins a paragraph. Browsers stay in the first column. False where the last block
 * has an end of its own to go to.
 */
function goBehindLastBlock(editor: Editor): boolean {
  const { state, view } = editor;
  const last = state.doc.lastChild;
  if (!last || !(last.isAtom || last.type.spec.isolating)) return false;
  const end = state.doc.resolve(state.doc.content.size);
  view.dispatch(state.tr.setSelection(new GapCursor(end)).scrollIntoView());
  return true;
}

export function editorKeys(openers: Openers) {
  return Extension.create({
    name: "editorKeys",
    addKeyboardShortcuts() {
      const open = (what: "link" | "keys") => () => {
        openers.current[what]();
        return true;
      };
      const table = tableCommands.flatMap(({ keys, run }) =>
        keys === undefined
          ? []
          : [[keys, () => this.editor.isActive("table") && run(this.editor.chain().focus()).run()] as const],
      );
      const paragraph = blockCommands[0];
      return {
        "Mod-k": open("link"),
        "Mod-/": open("keys"),
        "Mod-End": () => goBehindLastBlock(this.editor),
        "Mod-Alt-0": () => paragraph?.run(this.editor.chain()).run() ?? false,
        "Alt-F10": () => {
          document.querySelector<HTMLElement>('.toolbar button[tabindex="0"]')?.focus();
          return true;
        },
        ...Object.fromEntries(table),
      };
    },
  });
}
