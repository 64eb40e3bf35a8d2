/** The small bar at a selection: marks and the link. On a phone it docks above the keyboard. */
import { type Editor, isTextSelection } from "@tiptap/core";
import { BubbleMenu } from "@tiptap/react/menus";
import { memo } from "react";
import { markCommands } from "./commands.ts";
import { EditorIcon } from "./editor-icon.tsx";
import { CommandButtons, Toolbar } from "./toolbar.tsx";

/** Drawn anew only when it changes: each time, its options go through the editor as a transaction. */
export const BubbleBar = memo(function BubbleBar({ editor, onLink }: { editor: Editor; onLink: () => void }) {
  return (
    <BubbleMenu
      editor={editor}
      className="bubble-place"
      options={{ placement: "top", offset: 8, flip: true, shift: { padding: 8 } }}
      shouldShow={({ editor: current, state, from, to }) =>
        current.isEditable &&
        isTextSelection(state.selection) &&
        from !== to &&
        !current.isActive("codeBlock") &&
        state.doc.textBetween(from, to).trim() !== ""
      }
    >
      <Toolbar label="Selected text" className="float bubble">
        <CommandButtons editor={editor} commands={markCommands.slice(0, 4)} />
        <button
          type="button"
          className="tool"
          tabIndex={-1}
          aria-label="Link"
          onMouseDown={(event) => event.preventDefault()}
          onClick={onLink}
        >
          <EditorIcon name="link" />
        </button>
      </Toolbar>
    </BubbleMenu>
  );
});
