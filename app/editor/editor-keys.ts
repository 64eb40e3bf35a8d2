/** The keys of our own: dialogs, the toolbar, plain paragraphs, and those of tables inside one. */
import { Extension } from "@tiptap/core";
import { blockCommands, tableCommands } from "./commands.ts";

/** What keys open; read when a key is pressed. */
type Openers = { readonly current: { readonly link: () => void; readonly keys: () => void } };

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
