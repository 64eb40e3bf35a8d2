/** The live text with its bars, dialogs and notes, and the outline beside it. */
import { EditorContent, useEditor } from "@tiptap/react";
import { type ReactNode, useCallback, useEffect, useMemo, useRef, useState } from "react";
import { Note } from "../components/parts.tsx";
import { wordsTaken, wordsToFind } from "../components/words-to-find.ts";
import type { Fault } from "../document/check-fragment.ts";
import { plainText } from "../document/plain-text.ts";
import { textFragment } from "../document/seed.ts";
import { Announcer } from "./announcer.tsx";
import { addPicture, typeBehind } from "./behind-blocks.ts";
import { roomAroundCaret } from "./beside-bars.ts";
import { NewBlockIds } from "./block-ids.ts";
import { BubbleBar } from "./bubble-bar.tsx";
import { caretFirst } from "./caret-first.ts";
import { carets } from "./carets.ts";
import type { DocumentFacts } from "./document-facts.ts";
import { editingExtensions } from "./editing-extensions.ts";
import { editorKeys } from "./editor-keys.ts";
import { FaultNote } from "./fault-note.tsx";
import { foundPassage } from "./found-passage.ts";
import { guardedCollaboration } from "./guarded-collaboration.ts";
import { ImageDialog, imageTypes, pictureIn } from "./image-upload.tsx";
import { followLink, LinkBar } from "./link-bar.tsx";
import { LinkDialog } from "./link-dialog.tsx";
import { Outline, OutlineSheet } from "./outline.tsx";
import { PasteNote } from "./paste-note.tsx";
import { PictureBar } from "./picture-bar.tsx";
import { ReadingNote } from "./reading-note.tsx";
import type { Room, RoomView } from "./room.ts";
import { unsavedChanges } from "./save-state.ts";
import { ShortcutSheet } from "./shortcut-sheet.tsx";
import { mentionMenu, slashMenu } from "./slash-menu.tsx";
import { LeftBehind, TakeAway } from "./take-away.tsx";
import { FixedToolbar } from "./toolbar.tsx";
import { useBrought } from "./use-brought.ts";
import { headingElements, useCurrentHeading } from "./use-current-heading.ts";
import { useTextFacts } from "./use-text-facts.ts";

/** The editor on a text that is whole, with all that stands around it. */
export function LiveText({
  room,
  view,
  facts,
  head,
}: {
  room: Room;
  view: RoomView;
  facts: DocumentFacts;
  head: ReactNode;
}) {
  const [fault, setFault] = useState<Fault | null>(null);
  const isEditable = facts.canWrite && view.stopped === null && fault === null;
  const canAddImages = facts.canAddImages && isEditable;
  const [dialog, setDialog] = useState<"none" | "link" | "keys">("none");
  const [picture, setPicture] = useState<File | null>(null);
  const chooser = useRef<HTMLInputElement>(null);
  const column = useRef<HTMLElement>(null);

  // Plugins are made once; what they open is read when it is opened.
  const opened = useRef({ link: () => {}, keys: () => {}, image: (_file: File | null) => {} });
  opened.current = {
    link: () => setDialog("link"),
    keys: () => setDialog("keys"),
    image: (file) => (file === null ? chooser.current?.click() : setPicture(file)),
  };
  const peopleNow = useRef(facts.people);
  peopleNow.current = facts.people;
  const [searched] = useState(() => wordsToFind(facts.id));
  useEffect(wordsTaken, []);
  const brought = useBrought(canAddImages, setPicture);

  const extensions = useMemo(
    () => [
      ...editingExtensions,
      NewBlockIds,
      guardedCollaboration({ onFault: setFault }).configure({
        document: room.document,
        field: textFragment,
        // Only says that there is a connection: without one, ids would be filled in on opening.
        provider: room,
      }),
      carets(room.awareness),
      caretFirst(room),
      foundPassage(searched),
      ...(facts.canWrite
        ? [
            slashMenu(facts.canAddImages ? () => opened.current.image(null) : null),
            mentionMenu(() => peopleNow.current),
            editorKeys(opened),
          ]
        : []),
    ],
    [room, searched, facts.canWrite, facts.canAddImages],
  );

  const editor = useEditor(
    {
      extensions,
      editable: isEditable,
      injectCSS: false,
      enableInputRules: true,
      editorProps: {
        scrollMargin: roomAroundCaret,
        scrollThreshold: roomAroundCaret,
        attributes: {
          class: "doc-text",
          role: "textbox",
          "aria-multiline": "true",
          "aria-label": facts.canWrite ? "Text of the document" : "Text of the document, read only",
          lang: "en-GB",
          spellcheck: "true",
        },
        handleClick: followLink,
        handleTextInput: typeBehind,
        ...brought.editorProps,
      },
    },
    [extensions],
  );
  useEffect(() => {
    if (editor.isEditable !== isEditable) editor.setEditable(isEditable, false);
  }, [editor, isEditable]);

  const { outline, words } = useTextFacts(editor);
  const current = useCurrentHeading(column, outline);
  const goingTo = useRef((_index: number) => {});
  goingTo.current = (index) => {
    document.querySelector<HTMLDetailsElement>(".pocket[open]")?.removeAttribute("open");
    const heading = column.current ? headingElements(column.current)[index] : undefined;
    if (!heading) return;
    heading.scrollIntoView({ block: "start" });
    const position = editor.view.posAtDOM(heading, 0);
    editor.commands.setTextSelection(position);
    if (isEditable) editor.view.focus();
  };
  const goTo = useCallback((index: number) => goingTo.current(index), []);
  // Stable, so that the bars are not drawn anew for every key that is on its way to disk.
  const bars = useMemo(
    () => ({
      onLink: () => opened.current.link(),
      onKeys: () => opened.current.keys(),
      onImage: canAddImages ? () => opened.current.image(null) : null,
    }),
    [canAddImages],
  );

  return (
    <>
      <div className="cols">
        <Outline entries={outline} current={current} words={words} onChoose={goTo} />
        {/* What only is read holds nothing that takes the focus, and is scrolled by keyboard all the same. */}
        <main className="sheet-wrap" id="main" tabIndex={isEditable ? -1 : 0} ref={column}>
          {isEditable ? (
            <FixedToolbar editor={editor} onLink={bars.onLink} onImage={bars.onImage} onKeys={bars.onKeys} />
          ) : null}
          <div className="sheet-notes">
            {view.stopped ? (
              <TakeAway
                sentence={view.stopped.sentence}
                title={facts.title}
                text={() => plainText(editor.getJSON() as Parameters<typeof plainText>[0])}
                unsaved={unsavedChanges(view.save)}
                onSignedIn={view.stopped.code === "signed-out" ? room.goOn : null}
              />
            ) : null}
            {view.leftBehind ? (
              <LeftBehind
                title={facts.title}
                text={view.leftBehind.text}
                why={view.leftBehind.why}
                onForget={() => room.forgetLeftBehind()}
              />
            ) : null}
            <ReadingNote facts={facts} />
            <FaultNote fault={view.stopped ? null : fault} />
            <PasteNote
              news={brought.news}
              onClose={() => {
                brought.forget();
                editor.view.focus();
              }}
            />
            {view.notice && !view.stopped ? (
              <Note isAnnounced>
                <p>{view.notice}</p>
              </Note>
            ) : null}
          </div>
          <article className="sheet doc" aria-label={facts.title}>
            {head}
            <EditorContent editor={editor} />
          </article>
          {isEditable ? (
            <>
              <BubbleBar editor={editor} onLink={bars.onLink} />
              <LinkBar editor={editor} onChange={bars.onLink} />
              <PictureBar editor={editor} />
            </>
          ) : null}
        </main>
      </div>
      <OutlineSheet entries={outline} current={current} words={words} onChoose={goTo} />
      <Announcer editor={editor} people={view.people} ownUserId={facts.userId} />
      <LinkDialog editor={editor} isOpen={dialog === "link"} onClose={() => setDialog("none")} />
      <ShortcutSheet isOpen={dialog === "keys"} onClose={() => setDialog("none")} />
      <input
        ref={chooser}
        type="file"
        accept={imageTypes.join()}
        hidden
        aria-label="Choose a picture"
        onChange={(event) => {
          setPicture(pictureIn(event.target.files));
          event.target.value = "";
        }}
      />
      <ImageDialog
        documentId={facts.id}
        file={picture}
        onClose={() => setPicture(null)}
        onAdded={(image) => {
          setPicture(null);
          addPicture(editor, image);
        }}
      />
    </>
  );
}
