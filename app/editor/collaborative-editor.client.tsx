/**
 * The live editor: loaded after the page stands, mounted only on a text that is whole
 * and that this release understands. Until then, and where it may not be mounted, the
 * server's own drawing of the text stays (`children`), so that the page is never blank.
 */
import { type Editor, Extension } from "@tiptap/core";
import { EditorContent, useEditor } from "@tiptap/react";
import { type ReactNode, useCallback, useEffect, useMemo, useRef, useState } from "react";
import { Note } from "../components/parts.tsx";
import { type Fault, faultIn } from "../document/check-fragment.ts";
import { countWords, plainText } from "../document/plain-text.ts";
import { readFragment } from "../document/read-fragment.ts";
import { editorSchema } from "../document/schema.ts";
import { schemaNumber } from "../document/schema-version.ts";
import { textFragment } from "../document/seed.ts";
import { Announcer } from "./announcer.tsx";
import { roomAroundCaret } from "./beside-bars.ts";
import { NewBlockIds } from "./block-ids.ts";
import { BubbleBar } from "./bubble-bar.tsx";
import { caretFirst } from "./caret-first.ts";
import { carets } from "./carets.ts";
import { blockCommands, tableCommands } from "./commands.ts";
import type { DocumentFacts } from "./document-facts.ts";
import { editingExtensions } from "./editing-extensions.ts";
import { FaultNote } from "./fault-note.tsx";
import { guardedCollaboration } from "./guarded-collaboration.ts";
import { filesBrought, foreignPicturesIn, ImageDialog, imageTypes, pictureIn } from "./image-upload.tsx";
import { LeaveQuestion } from "./leave-question.tsx";
import { LinkDialog } from "./link-dialog.tsx";
import { Outline, type OutlineEntry, OutlineSheet } from "./outline.tsx";
import { type PasteNews, PasteNote } from "./paste-note.tsx";
import { tooMuchToPaste } from "./pasting.ts";
import { ReadingNote } from "./reading-note.tsx";
import type { Room, RoomView } from "./room.ts";
import { unsavedChanges } from "./save-state.ts";
import { ShortcutSheet } from "./shortcut-sheet.tsx";
import { mentionMenu, slashMenu } from "./slash-menu.tsx";
import { LeftBehind, TakeAway } from "./take-away.tsx";
import { FixedToolbar } from "./toolbar.tsx";
import { headingElements, useCurrentHeading } from "./use-current-heading.ts";
import { useRoom, useRoomView } from "./use-room.ts";

export type LiveDocumentProps = {
  readonly facts: DocumentFacts;
  /** The sheet's head: title and facts, drawn above the text. */
  readonly head: ReactNode;
  /** The whole of both columns as the server drew them. */
  readonly children: ReactNode;
  readonly onView: (view: RoomView) => void;
  readonly onRenamed: (title: string) => void;
};

/** Outline and page, live. */
export function LiveDocument({ facts, head, children, onView, onRenamed }: LiveDocumentProps) {
  const isTooOld = facts.schemaNumber > schemaNumber;
  if (isTooOld) {
    return (
      <>
        <div className="desk-note">
          <Note title="This page was opened with an older editor." tone="warning">
            <p>Reload it to go on writing. The text below is the newest that is stored.</p>
          </Note>
        </div>
        {children}
      </>
    );
  }
  return <LiveRoom {...{ facts, head, onView, onRenamed }}>{children}</LiveRoom>;
}

function LiveRoom({ facts, head, children, onView, onRenamed }: LiveDocumentProps) {
  const room = useRoom(
    {
      documentId: facts.id,
      epoch: facts.epoch,
      userId: facts.userId,
      title: facts.title,
      canWrite: facts.canWrite,
      recovery: facts.recovery,
      keepsCopy: facts.keepsCopy,
      origin: location.origin,
    },
    onRenamed,
  );
  const view = useRoomView(room);
  useEffect(() => {
    if (view) onView(view);
  }, [view, onView]);
  const fault = useFaultBeforeOpening(room, view?.isReady ?? false);
  if (!room || !view) return children;
  const ownText = () => plainText(readFragment(room.document));
  return (
    <>
      <LeaveQuestion room={room} title={facts.title} text={ownText} />
      {view.isReady && fault === null ? (
        <LiveText room={room} view={view} facts={facts} head={head} />
      ) : (
        <>
          {view.stopped ? (
            <div className="desk-note">
              <TakeAway
                sentence={view.stopped.sentence}
                title={facts.title}
                text={ownText}
                unsaved={unsavedChanges(view.save)}
                onSignedIn={view.stopped.code === "signed-out" ? room.goOn : null}
              />
            </div>
          ) : fault !== null && fault !== "opening" ? (
            <div className="desk-note">
              <FaultNote fault={fault} />
            </div>
          ) : null}
          {children}
        </>
      )}
    </>
  );
}

/**
 * What keeps an editor from being mounted on the text that has arrived; null once it may
 * be. From then on the editor's own binding watches.
 */
function useFaultBeforeOpening(room: Room | null, isReady: boolean): Fault | "opening" | null {
  const [fault, setFault] = useState<Fault | "opening" | null>("opening");
  const isWaiting = isReady && fault !== null;
  useEffect(() => {
    if (!room || !isWaiting) return;
    const look = () => setFault(faultIn(room.document.getXmlFragment(textFragment), editorSchema));
    look();
    room.document.on("afterTransaction", look);
    return () => room.document.off("afterTransaction", look);
  }, [room, isWaiting]);
  return fault;
}

const noPicture =
  "Of files, a text takes pictures alone (PNG, JPEG or WebP). Nothing was added. Copy the words out of the file and paste them here.";

/** Headings and words of the text. */
type TextFacts = { readonly outline: readonly OutlineEntry[]; readonly words: number };

function readTextFacts(current: Editor): TextFacts {
  const outline: OutlineEntry[] = [];
  current.state.doc.descendants((node) => {
    if (node.type.name !== "heading") return !node.isTextblock;
    const level = Math.max(2, Number(node.attrs["level"]));
    outline.push({ index: outline.length, level, text: node.textContent.trim() || "Untitled section" });
    return false;
  });
  const { doc } = current.state;
  return { outline, words: countWords(doc.textBetween(0, doc.content.size, "\n", " ")) };
}

/** Reading 20,000 words takes several keystrokes' time, so it is not done for each. */
const textFactsAfterMs = 1_000;

function isSameOutline(one: readonly OutlineEntry[], other: readonly OutlineEntry[]): boolean {
  return (
    one.length === other.length &&
    one.every(({ level, text }, index) => level === other[index]?.level && text === other[index]?.text)
  );
}

/** The same, a moment after the text has changed. */
function useTextFacts(editor: Editor): TextFacts {
  const [facts, setFacts] = useState(() => readTextFacts(editor));
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | null = null;
    const later = () => {
      timer ??= setTimeout(() => {
        timer = null;
        const read = readTextFacts(editor);
        // The same outline stays the same object: nobody looks for headings again.
        setFacts((before) =>
          isSameOutline(before.outline, read.outline) ? { ...read, outline: before.outline } : read,
        );
      }, textFactsAfterMs);
    };
    editor.on("update", later);
    return () => {
      editor.off("update", later);
      if (timer !== null) clearTimeout(timer);
    };
  }, [editor]);
  return facts;
}

function LiveText({
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
  /** What became of the last paste, where it was not taken in as it was. */
  const [pasteNews, setPasteNews] = useState<PasteNews | null>(null);
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
  const mayAddImages = useRef(canAddImages);
  mayAddImages.current = canAddImages;

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
      ...(facts.canWrite
        ? [
            slashMenu(facts.canAddImages ? () => opened.current.image(null) : null),
            mentionMenu(() => peopleNow.current),
            Extension.create({
              name: "editorKeys",
              addKeyboardShortcuts() {
                const open = (what: "link" | "keys") => () => {
                  opened.current[what]();
                  return true;
                };
                const table = tableCommands.flatMap(({ keys, run }) =>
                  keys === undefined
                    ? []
                    : [
                        [
                          keys,
                          () => this.editor.isActive("table") && run(this.editor.chain().focus()).run(),
                        ] as const,
                      ],
                );
                const paragraph = blockCommands[0];
                return {
                  "Mod-k": open("link"),
                  "Mod-/": open("keys"),
                  "Mod-Alt-0": () => paragraph?.run(this.editor.chain()).run() ?? false,
                  "Alt-F10": () => {
                    document.querySelector<HTMLElement>('.toolbar button[tabindex="0"]')?.focus();
                    return true;
                  },
                  ...Object.fromEntries(table),
                };
              },
            }),
          ]
        : []),
    ],
    [room, facts.canWrite, facts.canAddImages],
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
        // Before the editor reads it: reading is what takes the time.
        handleDOMEvents: {
          paste: (_view, event) => refuseTooMuch(event.clipboardData, event),
          drop: (view, event) => view.dragging === null && refuseTooMuch(event.dataTransfer, event),
        },
        handlePaste: (_view, event) => takePicture(event.clipboardData, event),
        handleDrop: (_view, event, _slice, isMoved) => !isMoved && takePicture(event.dataTransfer, event),
      },
    },
    [extensions],
  );
  const refuseTooMuch = (brought: DataTransfer | null, event: Event): boolean => {
    const sentence = tooMuchToPaste(
      brought?.getData("text/plain") ?? "",
      brought?.getData("text/html") ?? "",
    );
    setPasteNews(sentence === null ? null : { kind: "refused", sentence });
    if (sentence !== null) event.preventDefault();
    return sentence !== null;
  };
  const takePicture = (brought: DataTransfer | null, event: Event): boolean => {
    const { picture: file, isOtherFile } = filesBrought(brought);
    if (isOtherFile) {
      // A browser would leave the page to show the file.
      event.preventDefault();
      setPasteNews({ kind: "refused", sentence: noPicture });
      return true;
    }
    const isTaken = file !== null && mayAddImages.current;
    if (!isTaken) {
      const count = foreignPicturesIn(brought?.getData("text/html") ?? "");
      if (count > 0) setPasteNews({ kind: "without-pictures", count });
      return false;
    }
    event.preventDefault();
    setPicture(file);
    return true;
  };
  const closePasteNote = () => {
    setPasteNews(null);
    editor.view.focus();
  };
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
        <main className="sheet-wrap" id="main" tabIndex={-1} ref={column}>
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
            <PasteNote news={pasteNews} onClose={closePasteNote} />
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
          {isEditable ? <BubbleBar editor={editor} onLink={bars.onLink} /> : null}
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
          editor.chain().focus().insertContent({ type: "image", attrs: image }).run();
        }}
      />
    </>
  );
}
