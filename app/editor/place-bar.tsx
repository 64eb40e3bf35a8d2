/** A small bar below what the cursor is at: what it is, and a button that changes it. */
import type { Editor } from "@tiptap/core";
import { BubbleMenu } from "@tiptap/react/menus";
import type { ReactNode } from "react";

/** One object for all: a new one goes through the editor as a transaction. */
const below = { placement: "bottom-start", offset: 8, flip: true, shift: { padding: 8 } } as const;

export function PlaceBar({
  editor,
  name,
  isThere,
  change,
  onChange,
  children,
}: {
  editor: Editor;
  /** Tells the bars of one editor apart. */
  name: string;
  /** Is the cursor at such a place? The same function from first to last. */
  isThere: (editor: Editor) => boolean;
  /** What the button says. */
  change: string;
  onChange: () => void;
  children: ReactNode;
}) {
  return (
    <BubbleMenu
      editor={editor}
      pluginKey={name}
      className="bubble-place place-bar-place"
      options={below}
      shouldShow={({ editor: current }) => current.isEditable && isThere(current)}
    >
      <div className="float bubble place-bar">
        {children}
        <button type="button" className="btn btn-s" onClick={onChange}>
          {change}
        </button>
      </div>
    </BubbleMenu>
  );
}
