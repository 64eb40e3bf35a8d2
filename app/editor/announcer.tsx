/**
 * Tells screen readers, politely and at most every few seconds, that somebody else
 * changed the text and where. Can be silenced in the sheet of shortcuts.
 */
import type { Editor } from "@tiptap/core";
import type { Node } from "@tiptap/pm/model";
import type { Transaction } from "@tiptap/pm/state";
import { ySyncPluginKey } from "@tiptap/y-tiptap";
import { useEffect, useRef, useState } from "react";
import type { PersonPresent } from "../document/wire.ts";

/** Between two announcements (ms). */
export const announceEveryMs = 6_000;

const settingName = "two-way:announce-others";

/** Has this person asked for silence on this device? */
export function isSilenced(): boolean {
  try {
    return localStorage.getItem(settingName) === "no";
  } catch {
    // Storage is forbidden by the browser's settings: the default holds.
    return false;
  }
}

/** Remembers the choice on this device, where it may. */
export function silence(isSilent: boolean): void {
  try {
    if (isSilent) localStorage.setItem(settingName, "no");
    else localStorage.removeItem(settingName);
  } catch {
    // Storage is forbidden: the choice holds for as long as the page does.
  }
}

/** Title of the section a position lies in; null above the first heading. */
export function sectionAt(document: Node, position: number): string | null {
  let title: string | null = null;
  document.forEach((node, offset) => {
    if (offset <= position && node.type.name === "heading") title = node.textContent || title;
  });
  return title;
}

/** Where a transaction of somebody else changed the document; null for one's own. */
function remoteChangeAt(transaction: Transaction): number | null {
  const origin: { isChangeOrigin?: boolean; isUndoRedoOperation?: boolean } | undefined =
    transaction.getMeta(ySyncPluginKey);
  if (!transaction.docChanged || !origin?.isChangeOrigin || origin.isUndoRedoOperation) return null;
  // The binding replaces the whole text at each change from outside: only comparing tells where.
  return transaction.before.content.findDiffStart(transaction.doc.content);
}

/** The sentence for some sections that others changed. */
export function announcement(names: readonly string[], sections: readonly (string | null)[]): string {
  const who = names.length === 1 && names[0] !== undefined ? names[0] : "Others";
  const titles = [...new Set(sections)].filter((title) => title !== null);
  if (titles.length === 0) return `${who} changed the text.`;
  if (titles.length > 2) return `${who} changed ${titles.length} sections.`;
  return `${who} changed ${titles.map((title) => `“${title}”`).join(" and ")}.`;
}

export function Announcer({
  editor,
  people,
  ownUserId,
}: {
  editor: Editor;
  people: readonly PersonPresent[];
  ownUserId: string;
}) {
  const [text, setText] = useState("");
  const others = useRef<readonly string[]>([]);
  others.current = [...new Set(people.filter(({ userId }) => userId !== ownUserId).map(({ name }) => name))];
  useEffect(() => {
    const sections = new Set<string | null>();
    let timer: ReturnType<typeof setTimeout> | null = null;
    let isFirst = true;
    const speak = () => {
      timer = null;
      if (sections.size > 0 && !isSilenced()) setText(announcement(others.current, [...sections]));
      sections.clear();
    };
    const onTransaction = ({ transaction }: { transaction: Transaction }) => {
      const position = remoteChangeAt(transaction);
      if (position === null) return;
      // The text itself arriving is no news.
      if (isFirst && transaction.before.content.size <= 2) return;
      isFirst = false;
      sections.add(sectionAt(transaction.doc, position));
      timer ??= setTimeout(speak, announceEveryMs);
    };
    editor.on("transaction", onTransaction);
    return () => {
      editor.off("transaction", onTransaction);
      if (timer !== null) clearTimeout(timer);
    };
  }, [editor]);
  return (
    <p className="vh" aria-live="polite">
      {text}
    </p>
  );
}
