/**
 * A document that is open in this page: its text, once it is whole enough to be edited,
 * and what the page may say of it. The line to the server is `live-connection.ts`, the
 * copy in this browser `local-store.ts`, what earlier pages left there `earlier-work.ts`.
 * No React here; `use-room.ts` hands its view to components. It never writes into the
 * document itself.
 */
import { Awareness } from "y-protocols/awareness";
import * as Y from "yjs";
import { keepMarksAsWritten } from "../document/marks-as-written.ts";
import { schemaNumber } from "../document/schema-version.ts";
import { textFragment } from "../document/seed.ts";
import { localStoreName, type PersonPresent } from "../document/wire.ts";
import { documentBytesMax } from "../domain/documents.ts";
import type { Recovery } from "../domain/recovery.ts";
import { type RefusalCode, sentenceOf } from "../domain/refusals.ts";
import { noticeOf } from "./control-message.ts";
import { earlierWork, type LeftBehind } from "./earlier-work.ts";
import { liveConnection } from "./live-connection.ts";
import { type LocalStore, openLocalStore } from "./local-store.ts";
import { stalledMs } from "./patience-with-line.ts";
import {
  emptySaveState,
  reduceSaveState,
  type SaveEvent,
  type SaveState,
  unsavedChanges,
  wouldLose,
} from "./save-state.ts";
import { keepForOffline } from "./service-worker.ts";

export type RoomOptions = {
  readonly documentId: string;
  readonly epoch: string;
  readonly userId: string;
  readonly title: string;
  readonly canWrite: boolean;
  /**
   * A backup was brought back: what this browser holds from after it is offered while the
   * recovery lasts (rulings 18). Null: not known, without the server.
   */
  readonly recovery: Recovery | null;
  /** Nothing is kept on a shared computer. */
  readonly keepsCopy: boolean;
  readonly origin: string;
};

export type RoomView = {
  readonly save: SaveState;
  /** The text is here; an editor may be mounted on it. */
  readonly isReady: boolean;
  readonly people: readonly PersonPresent[];
  /** Why live editing ended for good on this page; null while it goes on. */
  readonly stopped: { readonly code: RefusalCode; readonly sentence: string } | null;
  /** Something worth knowing that needs no answer; the newest. */
  readonly notice: string | null;
  /** Words of this device that no server has, to take along before they are removed. */
  readonly leftBehind: LeftBehind | null;
};

export interface Room {
  readonly document: Y.Doc;
  readonly awareness: Awareness;
  readonly view: () => RoomView;
  subscribe(listener: () => void): () => void;
  /** Calls before each message that changes the text; the answer ends it. */
  beforeNews(listener: () => void): () => void;
  /** Is there anything here that neither the server nor this device holds for certain? */
  wouldLoseByLeaving(): boolean;
  /** Tries again after the person has signed in elsewhere in this browser; stops again if not. */
  goOn(): void;
  /** Removes from this device what `leftBehind` shows. */
  forgetLeftBehind(): void;
  close(): void;
}

function sentence(code: RefusalCode): string {
  return sentenceOf({ code, facts: { max: documentBytesMax / 1024 / 1024 } });
}

/** Opens a document. The caller closes the room when its page goes. */
export function openRoom(options: RoomOptions, onRenamed: (title: string) => void): Room {
  const document = keepMarksAsWritten(new Y.Doc());
  const awareness = new Awareness(document);
  const listeners = new Set<() => void>();
  const newsListeners = new Set<() => void>();
  let view: RoomView = {
    save: { ...emptySaveState, isOnline: navigator.onLine },
    isReady: false,
    people: [],
    stopped: null,
    notice: null,
    leftBehind: null,
  };
  let store: LocalStore | null = null;
  let isClosed = false;

  const update = (change: Partial<RoomView>) => {
    view = { ...view, ...change };
    for (const listener of listeners) listener();
  };
  const tell = (event: SaveEvent) => {
    const before = unsavedChanges(view.save);
    let save = reduceSaveState(view.save, event);
    if (save === view.save) return;
    // How far the device is was of no interest until now.
    if (hasNoLine(save) && !hasNoLine(view.save) && store?.hasSettled())
      save = reduceSaveState(save, { kind: "settled" });
    update({ save });
    const after = unsavedChanges(save);
    if (before === after) return;
    store?.noteUnsynced(document.clientID, Math.max(0, after - earlier.changes()));
    if (after > 0) return;
    for (const clientId of earlier.confirmed()) store?.noteUnsynced(clientId, 0);
  };

  const earlier = earlierWork(
    { ...options, document },
    {
      onTakenOver: (changes) => tell({ kind: "found", changes, at: Date.now() }),
      onLeftBehind: (leftBehind) => update({ leftBehind }),
    },
  );

  const connection = liveConnection(
    { ...options, document, awareness, unconfirmed: earlier.clientIds },
    {
      onSave: tell,
      onNews() {
        for (const listener of newsListeners) listener();
      },
      onPeople: (people) => update({ people }),
      onControl(message) {
        if (message.kind === "not-saving") tell({ kind: "trouble" });
        else if (message.kind === "renamed") onRenamed(message.title);
        else update({ notice: noticeOf(message) });
      },
      onSynced() {
        if (!hasContent(document)) return;
        store?.markWhole(schemaNumber, { title: options.title, canWrite: options.canWrite });
        if (store !== null) void keepForOffline(options.userId);
        earlier.judge();
        tell({ kind: "synced", at: Date.now() });
        update({ isReady: true });
      },
      onRefused(code) {
        if (view.stopped !== null) return;
        connection.close();
        update({ stopped: { code, sentence: sentence(code) }, people: [] });
        tell({ kind: "disconnected" });
      },
    },
  );

  // Registered before the connection's own listener: a change is noted before its frame goes.
  document.on("update", (_bytes: Uint8Array, origin: unknown) => {
    if (connection.hasBrought(origin) || earlier.hasBrought(origin) || isFromStore(origin)) return;
    tell({ kind: "changed", at: Date.now() });
  });

  const onOnline = () => {
    tell({ kind: "online", isOnline: true });
    connection.goOnline();
  };
  const onOffline = () => {
    tell({ kind: "online", isOnline: false });
    connection.goOffline();
  };
  const wouldLoseByLeaving = () => {
    // The device needs a moment to write, too: what neither it nor the server has is lost by leaving.
    const isOnTheWay = unsavedChanges(view.save) > 0 && store !== null && !store.hasSettled();
    return wouldLose(view.save) || isOnTheWay;
  };
  const onBeforeUnload = (event: BeforeUnloadEvent) => {
    if (wouldLoseByLeaving()) event.preventDefault();
  };
  window.addEventListener("online", onOnline);
  window.addEventListener("offline", onOffline);
  window.addEventListener("beforeunload", onBeforeUnload);
  // A half-dead line gives no sign: what waits too long is offered on a new one (promise D10).
  const watch = setInterval(() => {
    const { isConnected, waitingSince } = view.save;
    if (isConnected && waitingSince !== null) connection.renewIfStalled(waitingSince);
  }, stalledMs / 2);

  /** Takes in what this browser's own copy holds, where there is one. */
  const takeInCopy = async (name: string): Promise<void> => {
    store = await openLocalStore(
      name,
      document,
      () => tell({ kind: "kept", isKept: false }),
      // While the server answers nobody reads how far the device is: no page is drawn for it.
      () => hasNoLine(view.save) && tell({ kind: "settled" }),
    );
    const found = isClosed ? null : ((await store?.ready) ?? null);
    if (isClosed || found === null) {
      void store?.close();
      store = null;
      return;
    }
    const changes = earlier.found(found.unsynced);
    tell({ kind: "kept", isKept: true });
    tell({ kind: "found", changes, at: Date.now() });
    // An older editor must never be mounted on a text of a newer one (rulings 15).
    if (found.schemaNumber === schemaNumber && hasContent(document)) {
      tell({ kind: "filled" });
      update({ isReady: true });
    }
    await earlier.meetReplacedCopies();
  };
  const start = async () => {
    if (options.keepsCopy) {
      const name = localStoreName(options.userId, options.documentId, options.epoch);
      if (await earlier.meetUnsentOfReader(name)) await earlier.meetReplacedCopies();
      else if (!isClosed) await takeInCopy(name);
    }
    if (!isClosed) connection.open();
  };
  void start();

  return {
    document,
    awareness,
    view: () => view,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    beforeNews(listener) {
      newsListeners.add(listener);
      return () => newsListeners.delete(listener);
    },
    wouldLoseByLeaving,
    goOn() {
      if (isClosed || view.stopped?.code !== "signed-out") return;
      update({ stopped: null, notice: null });
      connection.open();
    },
    forgetLeftBehind: earlier.forgetShown,
    close() {
      isClosed = true;
      clearInterval(watch);
      window.removeEventListener("online", onOnline);
      window.removeEventListener("offline", onOffline);
      window.removeEventListener("beforeunload", onBeforeUnload);
      earlier.close();
      connection.close();
      awareness.destroy();
      void store?.close();
      document.destroy();
    },
  };
}

/** What the copy in this browser brings has its store for an origin. */
const isFromStore = (origin: unknown) =>
  typeof origin === "object" && origin !== null && "_storeUpdate" in origin;

const hasNoLine = ({ isConnected, isOnline }: SaveState) => !isConnected || !isOnline;

/** Is there any text? Templates leave a paragraph at least, so nothing means nothing arrived. */
function hasContent(document: Y.Doc): boolean {
  return document.getXmlFragment(textFragment).length > 0;
}
