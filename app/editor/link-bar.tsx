/**
 * Following a link in a text one writes in, where a click only puts the cursor: a small bar
 * at the link the cursor stands in, and a click with Ctrl or ⌘.
 */
import type { Editor } from "@tiptap/core";
import { useEditorState } from "@tiptap/react";
import { BubbleMenu } from "@tiptap/react/menus";
import { memo } from "react";
import { safeHref } from "../document/safe-link.ts";

/** The address of the link around the cursor, or null. */
const hrefAtCursor = (editor: Editor): string | null =>
  editor.state.selection.empty && editor.isActive("link")
    ? safeHref(editor.getAttributes("link")["href"])
    : null;

/** Drawn anew only when it changes: each time, its options go through the editor as a transaction. */
export const LinkBar = memo(function LinkBar({ editor, onChange }: { editor: Editor; onChange: () => void }) {
  const href = useEditorState({ editor, selector: ({ editor: current }) => hrefAtCursor(current) });
  return (
    <BubbleMenu
      editor={editor}
      pluginKey="linkBar"
      className="bubble-place link-place"
      options={{ placement: "bottom-start", offset: 8, flip: true, shift: { padding: 8 } }}
      shouldShow={({ editor: current }) => current.isEditable && hrefAtCursor(current) !== null}
    >
      <div className="float bubble link-bar">
        <a href={href ?? undefined} target="_blank" rel="noopener noreferrer nofollow">
          {href?.replace(/^(?:https?:\/\/|mailto:|tel:)/, "").replace(/\/$/, "")}
          <span className="vh"> (opens in a new tab)</span>
        </a>
        <button type="button" className="btn btn-s" onClick={onChange}>
          Change
        </button>
      </div>
    </BubbleMenu>
  );
});

/** For the editor's `handleClick`: opens the link under a click with Ctrl or ⌘. */
export function followLink(_view: unknown, _position: number, event: MouseEvent): boolean {
  if (!event.ctrlKey && !event.metaKey) return false;
  const link = event.target instanceof Element ? event.target.closest("a[href]") : null;
  const href = safeHref(link?.getAttribute("href"));
  if (href === null) return false;
  window.open(href, "_blank", "noopener,noreferrer");
  return true;
}
