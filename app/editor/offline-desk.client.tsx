/**
 * A document without a network: its text from this device, in the editor. When the
 * network is back, the document's own page takes over and offers what was written here.
 */
import { useEffect, useState } from "react";
import { Note } from "../components/parts.tsx";
import { schemaNumber } from "../document/schema-version.ts";
import { isId } from "../domain/ids.ts";
import { LiveDocument } from "./collaborative-editor.client.tsx";
import { findLocalCopy, type KeptCopy } from "./local-copies.ts";
import { LookingForCopy, OfflineWaiting } from "./offline-waiting.tsx";
import type { RoomView } from "./room.ts";
import { SaveLine } from "./save-line.tsx";
import { personOfThisDevice } from "./service-worker.ts";

/** How often a page that believes itself online asks for the server (ms). */
const askEveryMs = 3_000;

/** Asks whoever would hold a person back from leaving; what holds now lets go in a moment. */
const mayLeave = () => window.dispatchEvent(new Event("beforeunload", { cancelable: true }));

type Found = { readonly userId: string; readonly documentId: string; readonly copy: KeptCopy };

export function OfflineDesk() {
  const [found, setFound] = useState<Found | "looking" | "none">("looking");
  const [view, setView] = useState<RoomView | null>(null);
  useEffect(() => {
    const documentId = new URLSearchParams(location.search).get("document");
    // A browser says it is online before the server can be reached: ask the server.
    const goBack = async () => {
      if (!navigator.onLine || !isId(documentId)) return;
      const answer = await fetch("/healthz", { cache: "no-store" }).catch(() => null);
      // The last keystrokes may not be on the device yet: leaving now would cut them off.
      if (answer?.ok && mayLeave()) location.replace(`/documents/${documentId}`);
    };
    const asking = setInterval(() => void goBack(), askEveryMs);
    window.addEventListener("online", goBack);
    const userId = personOfThisDevice();
    if (isId(documentId) && userId !== null) {
      void findLocalCopy(userId, documentId).then((copy) =>
        setFound(copy === null ? "none" : { userId, documentId, copy }),
      );
    } else setFound("none");
    return () => {
      clearInterval(asking);
      window.removeEventListener("online", goBack);
    };
  }, []);

  if (found === "looking") return <LookingForCopy />;
  if (found === "none") {
    return (
      <OfflineWaiting>
        <h1>You are offline</h1>
        <p>This document is not kept on this device. It opens again when you are connected.</p>
        <p className="btn-row">
          <button type="button" className="btn" onClick={() => location.reload()}>
            Try again
          </button>
        </p>
      </OfflineWaiting>
    );
  }
  const { userId, documentId, copy } = found;
  return (
    <div className="desk">
      <header className="docbar">
        <div className="titleline">
          <h1>{copy.title}</h1>
          {view && !view.stopped ? <SaveLine save={view.save} /> : null}
        </div>
      </header>
      <div className="desk-body">
        <LiveDocument
          facts={{
            id: documentId,
            title: copy.title,
            epoch: copy.epoch,
            recovery: null,
            schemaNumber,
            canWrite: copy.canWrite,
            whyNotWrite: null,
            canAddImages: false,
            isArchived: false,
            canOrganise: false,
            userId,
            keepsCopy: true,
            people: [],
          }}
          head={
            <p className="title doc-title" aria-hidden="true">
              {copy.title}
            </p>
          }
          onView={setView}
          onRenamed={() => {}}
        >
          <OfflineWaiting>
            <Note title="The text is being read from this device." icon="clock" />
          </OfflineWaiting>
        </LiveDocument>
      </div>
    </div>
  );
}
