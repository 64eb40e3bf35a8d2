/**
 * The live editor: loaded after the page stands, mounted only on a text that is whole
 * and that this release understands. Until then, and where it may not be mounted, the
 * server's own drawing of the text stays (`children`), so that the page is never blank.
 */
import { type ReactNode, useEffect, useState } from "react";
import { Note } from "../components/parts.tsx";
import { type Fault, faultIn } from "../document/check-fragment.ts";
import { plainText } from "../document/plain-text.ts";
import { readFragment } from "../document/read-fragment.ts";
import { editorSchema } from "../document/schema.ts";
import { schemaNumber } from "../document/schema-version.ts";
import { textFragment } from "../document/seed.ts";
import type { DocumentFacts } from "./document-facts.ts";
import { FaultNote } from "./fault-note.tsx";
import { LeaveQuestion } from "./leave-question.tsx";
import { LiveText } from "./live-text.client.tsx";
import type { Room, RoomView } from "./room.ts";
import { unsavedChanges } from "./save-state.ts";
import { TakeAway } from "./take-away.tsx";
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
