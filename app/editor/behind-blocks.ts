/**
 * Going on behind a block that holds no text: a picture, a divider. Where one is chosen,
 * the next key would put what is typed in its place, and a picture just added or pasted
 * is chosen.
 */
import type { Editor } from "@tiptap/core";
import { NodeSelection, TextSelection, type Transaction } from "@tiptap/pm/state";
import type { EditorView } from "@tiptap/pm/view";

/** Puts the cursor into the text behind a position between blocks; makes a paragraph where there is none. */
function goOnBehind(transaction: Transaction, position: number): void {
  const $position = transaction.doc.resolve(position);
  if (!$position.parent.isTextblock && !$position.nodeAfter?.isTextblock) {
    const paragraph = $position.parent.contentMatchAt($position.index()).defaultType?.create();
    if (paragraph === undefined) return;
    transaction.insert(position, paragraph);
  }
  const inside = $position.parent.isTextblock ? position : position + 1;
  transaction.setSelection(TextSelection.create(transaction.doc, inside)).scrollIntoView();
}

/** Adds a picture where the cursor stands, and goes on behind it. */
export function addPicture(editor: Editor, attributes: { imageId: string; alt: string }): void {
  editor
    .chain()
    .focus()
    .command(({ tr, state }) => {
      const picture = state.schema.nodes["image"]?.create(attributes);
      if (picture === undefined) return false;
      // With one chosen already: beside it, not in its place.
      if (tr.selection instanceof NodeSelection) tr.insert(tr.selection.to, picture);
      else tr.replaceSelectionWith(picture, false);
      let behind = tr.selection.to;
      tr.mapping.maps.at(-1)?.forEach((_from, _to, _newFrom, newTo) => {
        behind = newTo;
      });
      goOnBehind(tr, behind);
      return true;
    })
    .run();
}

/** For the editor's `handleTextInput`: what is typed on a chosen picture or divider goes behind it. */
export function typeBehind(view: EditorView, _from: number, _to: number, text: string): boolean {
  const { selection, tr } = view.state;
  if (!(selection instanceof NodeSelection) || !selection.node.isBlock || !selection.node.isAtom)
    return false;
  goOnBehind(tr, selection.to);
  view.dispatch(tr.insertText(text));
  return true;
}
