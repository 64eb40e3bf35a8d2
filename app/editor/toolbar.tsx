/**
 * The fixed toolbar above the page: one stop of the Tab key, arrow keys inside, every
 * button named, its key in the tool tip. The table's tools appear while the cursor is
 * in a table.
 */
import type { Editor } from "@tiptap/core";
import { useEditorState } from "@tiptap/react";
import { type FocusEvent, type KeyboardEvent, memo, type ReactNode, useEffect, useRef } from "react";
import { blockCommands, type EditorCommand, keysInWords, markCommands, tableCommands } from "./commands.ts";
import { EditorIcon, type IconName } from "./editor-icon.tsx";

/** Does this machine call the key ⌘? */
export function isMac(): boolean {
  return typeof navigator !== "undefined" && /Mac|iPhone|iPad/.test(navigator.userAgent);
}

function ToolButton({
  label,
  icon,
  keys,
  isOn,
  isDisabled = false,
  onClick,
}: {
  label: string;
  icon: IconName;
  keys?: string;
  isOn?: boolean;
  isDisabled?: boolean;
  onClick: () => void;
}) {
  const title = keys === undefined ? label : `${label} (${keysInWords(keys, isMac())})`;
  return (
    <button
      type="button"
      className="tool"
      tabIndex={-1}
      aria-label={label}
      title={title}
      aria-pressed={isOn}
      aria-disabled={isDisabled || undefined}
      // The selection of the text must stay while a button is pressed.
      onMouseDown={(event) => event.preventDefault()}
      onClick={() => {
        if (!isDisabled) onClick();
      }}
    >
      <EditorIcon name={icon} />
    </button>
  );
}

/** Buttons of some commands. */
export function CommandButtons({ editor, commands }: { editor: Editor; commands: readonly EditorCommand[] }) {
  const on = useEditorState({
    editor,
    selector: ({ editor: current }) => commands.map((command) => command.isOn?.(current) ?? false).join(),
  }).split(",");
  return (
    <>
      {commands.map((command, index) => (
        <ToolButton
          key={command.id}
          label={command.label}
          icon={command.icon}
          keys={command.keys}
          isOn={command.isOn ? on[index] === "true" : undefined}
          onClick={() => command.run(editor.chain().focus()).run()}
        />
      ))}
    </>
  );
}

/** A toolbar: its first button takes the Tab key, arrow keys move along. */
export function Toolbar({
  label,
  className,
  children,
}: {
  label: string;
  className: string;
  children: ReactNode;
}) {
  const element = useRef<HTMLDivElement>(null);
  const buttons = () => [...(element.current?.querySelectorAll<HTMLButtonElement>("button") ?? [])];
  // One stop of the Tab key: the button used last, at first the first one.
  useEffect(() => {
    const all = buttons();
    if (!all.some((button) => button.tabIndex === 0) && all[0]) all[0].tabIndex = 0;
  });
  const move = (event: KeyboardEvent) => {
    const all = buttons();
    const here = all.indexOf(document.activeElement as HTMLButtonElement);
    const places: Readonly<Record<string, number>> = {
      ArrowRight: here + 1,
      ArrowLeft: here - 1,
      Home: 0,
      End: all.length - 1,
    };
    const to = places[event.key];
    if (to === undefined || here < 0) return;
    event.preventDefault();
    all[(to + all.length) % all.length]?.focus();
  };
  const remember = (event: FocusEvent) => {
    for (const button of buttons()) button.tabIndex = button === event.target ? 0 : -1;
  };
  return (
    <div
      ref={element}
      role="toolbar"
      aria-label={label}
      className={className}
      onKeyDown={move}
      onFocus={remember}
    >
      {children}
    </div>
  );
}

const byId = (ids: readonly string[]) => blockCommands.filter((command) => ids.includes(command.id));
const headings = byId(["heading-2", "heading-3", "heading-4"]);
const lists = byId(["bullet-list", "ordered-list", "task-list"]);
const blocks = byId(["quote", "callout-note", "table", "rule"]);

/** The bar of somebody who may write. */
export const FixedToolbar = memo(function FixedToolbar({
  editor,
  onLink,
  onImage,
  onKeys,
}: {
  editor: Editor;
  onLink: () => void;
  onImage: (() => void) | null;
  onKeys: () => void;
}) {
  const { isInTable, isLink, canUndo, canRedo } = useEditorState({
    editor,
    selector: ({ editor: current }) => ({
      isInTable: current.isActive("table"),
      isLink: current.isActive("link"),
      canUndo: current.can().undo(),
      canRedo: current.can().redo(),
    }),
  });
  const rule = <span className="sep" aria-hidden="true" />;
  return (
    <div className="toolbars">
      <Toolbar label="Text" className="toolbar">
        <ToolButton
          label="Undo my last change"
          icon="undo"
          keys="Mod-z"
          isDisabled={!canUndo}
          onClick={() => editor.chain().focus().undo().run()}
        />
        <ToolButton
          label="Redo"
          icon="redo"
          keys="Mod-Shift-z"
          isDisabled={!canRedo}
          onClick={() => editor.chain().focus().redo().run()}
        />
        {rule}
        <CommandButtons editor={editor} commands={headings} />
        {rule}
        <CommandButtons editor={editor} commands={markCommands} />
        <ToolButton label="Link" icon="link" keys="Mod-k" isOn={isLink} onClick={onLink} />
        {rule}
        <CommandButtons editor={editor} commands={lists} />
        {rule}
        <CommandButtons editor={editor} commands={blocks} />
        {onImage ? <ToolButton label="Picture" icon="photo" onClick={onImage} /> : null}
        <span className="grow" />
        <ToolButton label="Keyboard shortcuts" icon="keyboard" keys="Mod-/" onClick={onKeys} />
      </Toolbar>
      {isInTable ? (
        <Toolbar label="Table" className="toolbar toolbar-table">
          <span className="label" aria-hidden="true">
            Table
          </span>
          <CommandButtons editor={editor} commands={tableCommands} />
        </Toolbar>
      ) : null}
    </div>
  );
});
