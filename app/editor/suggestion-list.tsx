/**
 * The list that opens while one types `/` or `@`: arrow keys choose, Enter takes, Esc
 * goes on typing. The cursor stays in the text; screen readers hear the chosen entry
 * through a live line, because the focus never moves.
 */
import { flip, size } from "@floating-ui/dom";
import type { Editor, Range } from "@tiptap/core";
import { PluginKey } from "@tiptap/pm/state";
import { ReactRenderer } from "@tiptap/react";
import { Suggestion, type SuggestionProps } from "@tiptap/suggestion";
import { forwardRef, type ReactNode, useEffect, useImperativeHandle, useRef, useState } from "react";
import { coveredByBars } from "./beside-bars.ts";

export type SuggestionEntry = {
  readonly id: string;
  readonly label: string;
  readonly hint?: string;
  readonly picture?: ReactNode;
};

type ListHandle = { handleKey: (event: KeyboardEvent) => boolean };

type ListProps = {
  readonly items: readonly SuggestionEntry[];
  readonly label: string;
  readonly nothing: string;
  readonly command: (entry: SuggestionEntry) => void;
};

const List = forwardRef<ListHandle, ListProps>(function List({ items, label, nothing, command }, ref) {
  const [chosen, setChosen] = useState(0);
  const element = useRef<HTMLDivElement>(null);
  // Another search begins at the top again.
  const [known, setKnown] = useState(items);
  if (known !== items) {
    setKnown(items);
    setChosen(0);
  }
  useEffect(() => {
    element.current?.querySelector(`[data-index="${chosen}"]`)?.scrollIntoView({ block: "nearest" });
  }, [chosen]);
  useImperativeHandle(ref, () => ({
    handleKey(event) {
      if (items.length === 0) return false;
      if (event.key === "ArrowDown") setChosen((chosen + 1) % items.length);
      else if (event.key === "ArrowUp") setChosen((chosen + items.length - 1) % items.length);
      else if (event.key === "Home" && event.ctrlKey) setChosen(0);
      else if (event.key === "Enter" || event.key === "Tab") {
        const entry = items[chosen];
        if (entry) command(entry);
      } else return false;
      return true;
    },
  }));
  const current = items[chosen];
  return (
    <div className="float slash" ref={element}>
      {/* A list in a floating box: the focus stays in the text, so it is no listbox of the keyboard. */}
      <ul className="plain" aria-label={label}>
        {items.map((entry, index) => (
          <li key={entry.id}>
            <button
              type="button"
              tabIndex={-1}
              data-index={index}
              className={index === chosen ? "is-chosen" : undefined}
              aria-current={index === chosen ? "true" : undefined}
              // One entry looks chosen: the mouse chooses when it moves, not where it rests.
              onMouseMove={() => setChosen(index)}
              onMouseDown={(event) => event.preventDefault()}
              onClick={() => command(entry)}
            >
              {entry.picture}
              <span>
                {entry.label}
                {entry.hint ? <span className="hint">{entry.hint}</span> : null}
              </span>
            </button>
          </li>
        ))}
      </ul>
      <p className="small muted slash-foot">
        {items.length === 0 ? nothing : "Arrow keys to choose, Enter to insert, Esc to keep typing"}
      </p>
      <p className="vh" role="status">
        {current === undefined ? nothing : `${current.label}, ${chosen + 1} of ${items.length}`}
      </p>
    </div>
  );
});

/** Two entries and the foot (px). */
const leastRoom = 180;

/** The list stands where there is more room between the bars, and is no higher than that. */
const besideBars = [
  flip(() => ({ padding: coveredByBars() })),
  size(() => ({
    padding: coveredByBars(),
    apply({ availableHeight, elements }) {
      const room = Math.max(leastRoom, Math.floor(availableHeight));
      elements.floating.style.setProperty("--room", `${room}px`);
    },
  })),
];

/** A suggestion plugin for `character`: what to offer, and what taking an entry does. */
export function suggestionPlugin(parts: {
  readonly editor: Editor;
  readonly character: string;
  readonly label: string;
  readonly nothing: string;
  readonly entries: (query: string) => readonly SuggestionEntry[];
  readonly take: (editor: Editor, range: Range, entry: SuggestionEntry) => void;
}) {
  const { character, label, nothing, entries, take } = parts;
  return Suggestion<SuggestionEntry, SuggestionEntry>({
    pluginKey: new PluginKey(`suggest ${character}`),
    editor: parts.editor,
    char: character,
    flip: false,
    floatingUi: { middleware: besideBars },
    allowedPrefixes: [" ", "(", "\u00a0"],
    // Names have spaces: the search goes on over one as long as something is called so.
    allowSpaces: true,
    allow: ({ editor, state, range }) => {
      if (!editor.isEditable || editor.isActive("codeBlock") || editor.isActive("code")) return false;
      const query = state.doc.textBetween(range.from + character.length, range.to);
      return !/\s/.test(query) || entries(query).length > 0;
    },
    items: ({ query }) => [...entries(query)],
    command: ({ editor, range, props }) => take(editor, range, props),
    render: () => {
      let list: ReactRenderer<ListHandle, ListProps> | null = null;
      let unmount: (() => void) | null = null;
      let isDismissed = false;
      const close = () => {
        unmount?.();
        list?.destroy();
        list = null;
        unmount = null;
      };
      const propsOf = ({ items, command }: SuggestionProps<SuggestionEntry, SuggestionEntry>): ListProps => ({
        items,
        label,
        nothing,
        command,
      });
      return {
        onStart: (props) => {
          isDismissed = false;
          list = new ReactRenderer(List, { editor: props.editor, props: propsOf(props) });
          unmount = props.mount(list.element);
        },
        onUpdate: (props) => {
          if (isDismissed) return;
          list?.updateProps(propsOf(props));
        },
        onKeyDown: ({ event }) => {
          if (event.key === "Escape") {
            isDismissed = true;
            close();
            return true;
          }
          return list?.ref?.handleKey(event) ?? false;
        },
        onExit: close,
      };
    },
  });
}
