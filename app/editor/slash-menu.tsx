/** `/` opens the blocks one can insert, `@` the people one can mention. */
import { Extension } from "@tiptap/core";
import { Face } from "../components/face.tsx";
import { blockCommands } from "./commands.ts";
import type { PersonToMention } from "./document-facts.ts";
import { EditorIcon } from "./editor-icon.tsx";
import { type SuggestionEntry, suggestionPlugin } from "./suggestion-list.tsx";

const mostShown = 8;

function matches(query: string, ...texts: readonly (string | null | undefined)[]): boolean {
  const wanted = query.toLocaleLowerCase("en-GB");
  return texts.some((text) =>
    (text ?? "")
      .toLocaleLowerCase("en-GB")
      .split(/\s+/)
      .some((_word, index, words) => words.slice(index).join(" ").startsWith(wanted)),
  );
}

/** The blocks whose words begin with what was typed after `/`. */
export function blocksFor(query: string, onImage: boolean): readonly SuggestionEntry[] {
  const image = {
    id: "image",
    label: "Picture",
    hint: "PNG, JPEG or WebP",
    icon: "photo",
    also: "image photo",
  };
  return [...blockCommands, ...(onImage ? [image as (typeof blockCommands)[number]] : [])]
    .filter((command) => matches(query, command.label, command.also))
    .map(({ id, label, hint, icon }) => ({ id, label, hint, picture: <EditorIcon name={icon} /> }));
}

/** The slash menu. `onImage` opens the choice of a picture; null where one may not add any. */
export function slashMenu(onImage: (() => void) | null) {
  return Extension.create({
    name: "slashMenu",
    addProseMirrorPlugins() {
      return [
        suggestionPlugin({
          editor: this.editor,
          character: "/",
          label: "Blocks",
          nothing: "No block is called that. Go on typing, or press Esc.",
          entries: (query) => blocksFor(query, onImage !== null),
          take: (editor, range, entry) => {
            const chain = editor.chain().focus().deleteRange(range);
            const command = blockCommands.find(({ id }) => id === entry.id);
            if (command) command.run(chain).run();
            else {
              chain.run();
              onImage?.();
            }
          },
        }),
      ];
    },
  });
}

/** The people one can mention: those of the partnership, found by name or organisation. */
export function peopleFor(people: readonly PersonToMention[], query: string): readonly SuggestionEntry[] {
  return people
    .filter((person) => matches(query, person.name, person.organisation))
    .slice(0, mostShown)
    .map((person) => ({
      id: person.userId,
      label: person.name,
      hint: person.organisation ?? undefined,
      picture: <Face person={person} isNamedBeside />,
    }));
}

/** `people` is asked each time, so that the editor need not be made anew when they change. */
export function mentionMenu(people: () => readonly PersonToMention[]) {
  return Extension.create({
    name: "mentionMenu",
    addProseMirrorPlugins() {
      return [
        suggestionPlugin({
          editor: this.editor,
          character: "@",
          label: "People of this partnership",
          nothing: "Nobody here is called that.",
          entries: (query) => peopleFor(people(), query),
          take: (editor, range, { id, label }) => {
            editor
              .chain()
              .focus()
              .insertContentAt(range, [
                { type: "mention", attrs: { userId: id, label } },
                { type: "text", text: " " },
              ])
              .run();
          },
        }),
      ];
    },
  });
}
