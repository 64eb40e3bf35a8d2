/**
 * The page of a document around its text: bar, outline, sheet. Drawn by the server with
 * the durable text; when the browser is ready the live editor takes the columns over.
 */
import { Component, lazy, type ReactNode, Suspense, useCallback, useEffect, useState } from "react";
import { Note } from "../components/parts.tsx";
import type { PersonPresent } from "../document/wire.ts";
import { DocumentBar, type DocumentBarProps } from "./document-bar.tsx";
import type { DocumentFacts } from "./document-facts.ts";
import { Outline, type OutlineEntry, OutlineSheet } from "./outline.tsx";
import { ReadingNote } from "./reading-note.tsx";
import type { RoomView } from "./room.ts";
import type { SaveState } from "./save-state.ts";

const LiveDocument = lazy(() =>
  import("./collaborative-editor.client.tsx").then((module) => ({ default: module.LiveDocument })),
);

export type DrawnText = {
  readonly html: string;
  readonly headings: readonly OutlineEntry[];
  readonly words: number;
};

/** The columns as the server draws them: the last known text, readable, never blank. */
function DrawnColumns({
  title,
  head,
  text,
  note,
}: {
  title: string;
  head: ReactNode;
  text: DrawnText | null;
  note: ReactNode;
}) {
  const headings = text?.headings ?? [];
  const words = text?.words ?? 0;
  return (
    <>
      <div className="cols">
        <Outline entries={headings} current={null} words={words} onChoose={null} />
        <main className="sheet-wrap" id="main" tabIndex={-1}>
          <div className="sheet-notes">{note}</div>
          <article className="sheet doc" aria-label={title}>
            {head}
            {text === null ? null : (
              // Made by our own renderer, which escapes everything (`app/export`).
              // biome-ignore lint/security/noDangerouslySetInnerHtml: safe HTML of the export floor.
              <div className="doc-text" dangerouslySetInnerHTML={{ __html: text.html }} />
            )}
          </article>
        </main>
      </div>
      <OutlineSheet entries={headings} current={null} words={words} onChoose={null} />
    </>
  );
}

/** If the editor itself breaks, the text stays on the page and the person is told. */
class KeepsText extends Component<{ fallback: ReactNode; children: ReactNode }, { hasFailed: boolean }> {
  override state = { hasFailed: false };
  static getDerivedStateFromError() {
    return { hasFailed: true };
  }
  override componentDidCatch(error: unknown) {
    console.error(error);
  }
  override render() {
    return this.state.hasFailed ? this.props.fallback : this.props.children;
  }
}

export type DocumentDeskProps = {
  readonly facts: DocumentFacts;
  readonly bar: Omit<DocumentBarProps, "save" | "people" | "title" | "showsSave">;
  /** Title and facts above the text. */
  readonly head: (title: string) => ReactNode;
  readonly text: DrawnText | null;
  readonly whyNoText: string | null;
};

export function DocumentDesk({ facts, bar, head, text, whyNoText }: DocumentDeskProps) {
  const [isAwake, setAwake] = useState(false);
  useEffect(() => setAwake(true), []);
  const [title, setTitle] = useState(facts.title);
  useEffect(() => setTitle(facts.title), [facts.title]);
  const [save, setSave] = useState<SaveState | null>(null);
  const [isStopped, setStopped] = useState(false);
  const [people, setPeople] = useState<readonly PersonPresent[]>([]);
  const onView = useCallback((view: RoomView) => {
    setSave(view.save);
    setStopped(view.stopped !== null);
    setPeople(view.people);
  }, []);
  const onRenamed = useCallback((renamed: string) => {
    setTitle(renamed);
    document.title = `${renamed} · Two-Way`;
  }, []);

  const drawn = (note: ReactNode) => (
    <DrawnColumns title={title} head={head(title)} text={text} note={note} />
  );
  const still = drawn(
    <>
      <ReadingNote facts={facts} />
      {text === null ? (
        <Note title="The text is on its way." icon="clock">
          <p>{whyNoText ?? "It appears here as soon as it has arrived."}</p>
        </Note>
      ) : null}
      <noscript>
        <p className="note">
          You can read this document here. To write in it, allow JavaScript for this page.
        </p>
      </noscript>
    </>,
  );
  const broken = drawn(
    <Note title="The editor could not start." tone="danger">
      <p>Reload the page. What was stored is below; what you typed and we had confirmed is safe.</p>
    </Note>,
  );
  return (
    <div className="desk">
      <DocumentBar
        {...bar}
        title={title}
        save={save}
        showsSave={facts.canWrite && !isStopped}
        people={people}
      />
      <div className="desk-body">
        {isAwake ? (
          <KeepsText fallback={broken}>
            <Suspense fallback={still}>
              <LiveDocument facts={facts} head={head(title)} onView={onView} onRenamed={onRenamed}>
                {still}
              </LiveDocument>
            </Suspense>
          </KeepsText>
        ) : (
          still
        )}
      </div>
    </div>
  );
}
