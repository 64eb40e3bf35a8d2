/**
 * A key that moves the cursor is done by the browser, which tells of it in a
 * `selectionchange` of its own a moment later. Whatever draws the text in between, a
 * colleague's words or their caret, would put the cursor back to where it was before the
 * key: with somebody else typing, one of eight presses of Home and End was lost. So the
 * cursor is read first, before anything from elsewhere is drawn.
 */
import { Extension } from "@tiptap/core";
import type { EditorView } from "@tiptap/pm/view";
import type { Room } from "./room.ts";

/** Has ProseMirror read where the browser has put the cursor, ahead of the browser's own event. */
function readCaret(view: EditorView): void {
  // What an input method composes is not disturbed; nothing is drawn over it either.
  if (view.isDestroyed || view.composing || !view.hasFocus()) return;
  view.dom.ownerDocument.dispatchEvent(new Event("selectionchange"));
}

/** Lets the cursor move first, then the news from `room` and the carets be drawn. */
export function caretFirst(room: Room) {
  return Extension.create({
    name: "caretFirst",

    onCreate() {
      const { view } = this.editor;
      this.editor.once(
        "destroy",
        room.beforeNews(() => readCaret(view)),
      );
    },

    // The carets of others are drawn later than their news comes.
    dispatchTransaction({ transaction, next }) {
      if (!transaction.docChanged && !transaction.selectionSet && !transaction.storedMarksSet) {
        const { state } = this.editor;
        readCaret(this.editor.view);
        const { doc, selection } = this.editor.state;
        // Made for a state that is no longer: it would bring the former cursor with it.
        if (doc === state.doc && !selection.eq(state.selection)) transaction.setSelection(selection);
      }
      next(transaction);
    },
  });
}
