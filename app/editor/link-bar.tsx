/**
 * Following a link in a text one writes in, where a click only puts the cursor: a small bar
 * at the link the cursor stands in, and a click with Ctrl or ⌘.
 */
import type { Editor } from "@tiptap/core";
import { useEditorState } from "@tiptap/react";
import { memo } from "react";
import { safeHref } from "../document/safe-link.ts";
import { PlaceBar } from "./place-bar.tsx";

/** The address of the link around the cursor, or null. */
const hrefAtCursor = (editor: Editor): string | null =>
  editor.state.selection.empty && editor.isActive("link")
    ? safeHref(editor.getAttributes("link")["href"])
    : null;

const isInLink = (editor: Editor) => hrefAtCursor(editor) !== null;

export const LinkBar = memo(function LinkBar({ editor, onChange }: { editor: Editor; onChange: () => void }) {
  const href = useEditorState({ editor, selector: ({ editor: current }) => hrefAtCursor(current) });
  return (
    <PlaceBar editor={editor} name="linkBar" isThere={isInLink} change="Change" onChange={onChange}>
      <a href={href ?? undefined} target="_blank" rel="noopener noreferrer nofollow">
        {href?.replace(/^(?:https?:\/\/|mailto:|tel:)/, "").replace(/\/$/, "")}
        <span className="vh"> (opens in a new tab)</span>
      </a>
    </PlaceBar>
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
