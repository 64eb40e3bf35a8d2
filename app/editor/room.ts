/**
 * A document that is open in this page: the shared text, the live connection, the copy
 * kept in this browser, who else is here, and what the page may say about saving. No
 * React here; `use-room.ts` hands its view to components.
 *
 * It decides when the text is whole enough to be edited, when to stop trying, and what
 * to tell the person then. It never writes into the document.
 */
import { readVarString, readVarUint } from "lib0/decoding";
import { createEncoder, toUint8Array, writeVarUint, writeVarUint8Array } from "lib0/encoding";
import { Awareness, encodeAwarenessUpdate } from "y-protocols/awareness";
import { WebsocketProvider } from "y-websocket";
import * as Y from "yjs";
import { keepMarksAsWritten } from "../document/marks-as-written.ts";
import { schemaNumber } from "../document/schema-version.ts";
import { textFragment } from "../document/seed.ts";
import {
  type CollabStatus,
  type ControlMessage,
  closeCodes,
  collabPath,
  limits,
  localStoreName,
  messageTypes,
  type PersonPresent,
} from "../document/wire.ts";
import { documentBytesMax } from "../domain/documents.ts";
import type { Recovery } from "../domain/recovery.ts";
import { type RefusalCode, refusalSentences, sentenceOf } from "../domain/refusals.ts";
import { countingSocket } from "./counting-socket.ts";
import { copyNamed, deleteCopy, earlierCopies } from "./local-copies.ts";
import { type LocalStore, openLocalStore } from "./local-store.ts";
import { PatienceWithLine, stalledMs } from "./patience-with-line.ts";
import { peopleIn } from "./people-present.ts";
import { holdsMoreThan, wordsOf } from "./replaced-copies.ts";
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
  readonly leftBehind: { readonly text: string; readonly why: WhyLeftBehind } | null;
};

/** Why words stayed on this device: another history took their place, or writing was not allowed any more. */
export type WhyLeftBehind = "history-replaced" | "right-lost";

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

const refusalOfCode: Readonly<Record<number, RefusalCode>> = {
  [closeCodes.signedOut]: "signed-out",
  [closeCodes.rightLost]: "not-allowed",
  [closeCodes.gone]: "not-found",
  [closeCodes.editorTooOld]: "editor-too-old",
  [closeCodes.leaseRefused]: "client-of-another",
  [closeCodes.epochChanged]: "history-replaced",
  [closeCodes.badMessage]: "editor-too-old",
  [closeCodes.tooLarge]: "document-too-large",
};

/** A copy that may be shown to its person. */
type LeftCopy = { readonly name: string; readonly update: Uint8Array; readonly why: WhyLeftBehind };

/** Origin of what an earlier copy brings: unlike the store's it is kept, unlike the provider's sent. */
const fromEarlierCopy = "earlier-copy";

function sentence(code: RefusalCode): string {
  return sentenceOf({ code, facts: { max: documentBytesMax / 1024 / 1024 } });
}

/** What a control message tells the person. */
function noticeOf(message: ControlMessage): string | null {
  switch (message.kind) {
    case "size": {
      const megabytes = (bytes: number) => (bytes / 1024 / 1024).toFixed(1);
      return `This document has ${megabytes(message.bytes)} of ${megabytes(message.max)} MB. Move a part of it into a document of its own soon.`;
    }
    case "draining":
      return "The server restarts. You can go on writing; it will be sent in a moment.";
    case "restored":
      return `${message.by} brought back ${message.version}.`;
    default:
      return null;
  }
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
  let provider: WebsocketProvider | null = null;
  let isClosed = false;
  /** Client ids of earlier pages whose work the server has not confirmed. */
  let earlier: readonly number[] = [];
  /** Those of them the server has leased to us since this page began; leases last. */
  const named = new Set<number>();
  let earlierChanges = 0;
  let have = 0;
  let wasOpen = false;
  const patience = new PatienceWithLine();
  /** Copies of an earlier history: taken over and not confirmed yet, or shown to be taken along. */
  let takenOver: readonly string[] = [];
  let shown: readonly string[] = [];
  /** Copies that may hold more than the server does: judged once its text is here. */
  const doubtful: LeftCopy[] = [];

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
    store?.noteUnsynced(document.clientID, Math.max(0, after - earlierChanges));
    if (after > 0) return;
    for (const clientId of earlier) store?.noteUnsynced(clientId, 0);
    earlier = [];
    earlierChanges = 0;
    for (const name of takenOver) deleteCopy(name);
    takenOver = [];
    // The next connection need not name them again.
    if (provider) provider.params = params();
  };

  /** What the next connection names: as much as one may. */
  const nextToName = () =>
    earlier.filter((clientId) => !named.has(clientId)).slice(0, limits.leasedClientsPerConnect);
  const params = () => ({
    schema: String(schemaNumber),
    epoch: options.epoch,
    client: String(document.clientID),
    also: nextToName().join(","),
    have: String(have),
    writes: options.canWrite ? "1" : "0",
  });

  // Registered before the provider's own listener: a change is noted before its frame goes.
  document.on("update", (_bytes: Uint8Array, origin: unknown) => {
    if (origin === provider || origin === fromEarlierCopy || isFromStore(origin)) return;
    tell({ kind: "changed", at: Date.now() });
  });
  // Yjs takes another client id when it meets its own: that one needs a lease of its own.
  document.on("afterTransaction", () => {
    if (provider && provider.params["client"] !== String(document.clientID)) reconnect();
  });
  const isFromStore = (origin: unknown) =>
    typeof origin === "object" && origin !== null && "_storeUpdate" in origin;

  const stop = (code: RefusalCode) => {
    if (view.stopped !== null) return;
    provider?.destroy();
    update({ stopped: { code, sentence: sentence(code) }, people: [] });
    tell({ kind: "disconnected" });
  };

  /** A browser is not told why an upgrade failed, so it asks (rulings 12). */
  const askWhy = async () => {
    try {
      const query = new URLSearchParams(params());
      const answer = await fetch(`${options.origin}${collabPath}${options.documentId}/status?${query}`, {
        headers: { Accept: "application/json" },
      });
      if (!answer.ok || isClosed) return;
      const status = (await answer.json()) as CollabStatus;
      if (status.open) return;
      if (status.code === closeCodes.tryAgain) tell({ kind: "trouble" });
      else stop(status.refusal);
    } catch {
      // No network either: the provider goes on trying, and the page says it is offline.
    }
  };

  const reconnect = () => {
    if (!provider || view.stopped !== null) return;
    provider.disconnect();
    provider.params = params();
    if (navigator.onLine) provider.connect();
  };

  /**
   * More client ids than one connection may name are named over several, each closed as
   * soon as it is open: what we offer before the last of them would be refused. True
   * while there are more.
   */
  const goesOnNaming = (): boolean => {
    for (const clientId of nextToName()) named.add(clientId);
    if (nextToName().length === 0) return false;
    reconnect();
    return true;
  };

  const connect = () => {
    const socketAddress = options.origin.replace(/^http/, "ws") + collabPath.replace(/\/$/, "");
    const live = new WebsocketProvider(socketAddress, options.documentId, document, {
      connect: false,
      disableBc: true,
      awareness,
      params: params(),
      WebSocketPolyfill: countingSocket(
        (bytes) => {
          patience.sent(bytes);
          tell({ kind: "frame-sent" });
        },
        // Later: the provider is in the middle of sending. A new line's first answer may be larger.
        () => queueMicrotask(reconnect),
      ),
      shouldReconnect: (event) =>
        !(event.code >= 4400 && event.code < 4500) && event.code !== closeCodes.tooLarge,
    });
    provider = live;
    onlyOwnPresence(live, document, awareness);
    const takeSync = live.messageHandlers[messageTypes.sync];
    live.messageHandlers[messageTypes.sync] = (...message) => {
      for (const listener of newsListeners) listener();
      takeSync?.(...message);
    };
    live.messageHandlers[messageTypes.ack] = (_encoder, decoder) => {
      const frames = readVarUint(decoder);
      have = Math.max(have, readVarUint(decoder));
      live.params = params();
      patience.acked(frames);
      tell({ kind: "acked", frames, at: Date.now() });
    };
    live.messageHandlers[messageTypes.people] = (_encoder, decoder) => {
      update({ people: peopleIn(readVarString(decoder)) });
    };
    live.messageHandlers[messageTypes.control] = (_encoder, decoder) => {
      const message = controlIn(readVarString(decoder));
      if (message === null) return;
      if (message.kind === "not-saving") tell({ kind: "trouble" });
      else if (message.kind === "renamed") onRenamed(message.title);
      else update({ notice: noticeOf(message) });
    };
    live.on("status", ({ status }) => {
      if (status === "connected") {
        wasOpen = true;
        patience.opened();
        if (!goesOnNaming()) tell({ kind: "connected" });
      } else if (status === "disconnected") {
        update({ people: [] });
        tell({ kind: "disconnected" });
      }
    });
    live.on("connection-close", (event) => {
      const failedToOpen = !wasOpen && event !== null;
      wasOpen = false;
      if (failedToOpen && navigator.onLine) void askWhy();
    });
    live.on("closed", ({ code, reason }) => {
      const isKnown = code === closeCodes.rightLost && Object.hasOwn(refusalSentences, reason);
      stop(isKnown ? (reason as RefusalCode) : (refusalOfCode[code] ?? "try-again"));
    });
    live.on("sync", (isSynced) => {
      if (!isSynced || !hasContent(document)) return;
      store?.markWhole(schemaNumber, { title: options.title, canWrite: options.canWrite });
      if (store !== null) void keepForOffline(options.userId);
      for (const copy of doubtful.splice(0)) {
        if (holdsMoreThan(copy.update, document)) showLeftBehind(copy);
        else if (copy.why === "history-replaced") deleteCopy(copy.name);
      }
      tell({ kind: "synced", at: Date.now() });
      update({ isReady: true });
    });
    if (navigator.onLine) live.connect();
  };

  const onOnline = () => {
    tell({ kind: "online", isOnline: true });
    if (view.stopped === null) provider?.connect();
  };
  const onOffline = () => {
    tell({ kind: "online", isOnline: false });
    provider?.disconnect();
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
    if (isConnected && waitingSince !== null && Date.now() - waitingSince > patience.ms) reconnect();
  }, stalledMs / 2);

  const start = async () => {
    if (options.keepsCopy) {
      const name = localStoreName(options.userId, options.documentId, options.epoch);
      const unsent = await unsentOfReader(name);
      if (isClosed) return;
      if (unsent !== null) {
        doubtful.push(unsent);
        await meetEarlierCopies();
        return isClosed ? undefined : connect();
      }
      store = await openLocalStore(
        name,
        document,
        () => tell({ kind: "kept", isKept: false }),
        // While the server answers nobody reads how far the device is: no page is drawn for it.
        () => hasNoLine(view.save) && tell({ kind: "settled" }),
      );
      if (isClosed) return void store?.close();
      if (store !== null) {
        const found = await store.ready;
        if (isClosed) return void store.close();
        if (found === null) {
          void store.close();
          store = null;
          return connect();
        }
        earlier = [...found.unsynced.keys()];
        const changes = [...found.unsynced.values()].reduce((sum, count) => sum + count, 0);
        earlierChanges = changes;
        tell({ kind: "kept", isKept: true });
        tell({ kind: "found", changes, at: Date.now() });
        // An older editor must never be mounted on a text of a newer one (rulings 15).
        if (found.schemaNumber === schemaNumber && hasContent(document)) {
          tell({ kind: "filled" });
          update({ isReady: true });
        }
        await meetEarlierCopies();
        if (isClosed) return;
      }
    }
    connect();
  };
  /**
   * What somebody wrote before their right to write ended, and no server confirmed. Inside
   * the text it would look stored, so it is shown beside it; the copy stays as it is, and
   * is sent should the right come back.
   */
  const unsentOfReader = async (name: string): Promise<LeftCopy | null> => {
    // Without the server nobody knows what may be written.
    if (options.canWrite || options.recovery === null) return null;
    const copy = await copyNamed(name);
    if (copy === null || copy.update === null || copy.unsynced.length === 0) return null;
    return { name, update: copy.update, why: "right-lost" };
  };
  /**
   * Copies from before the server's history was replaced. After a backup was brought back
   * they are offered to it; where that is no longer taken, what they hold beyond it is
   * shown to the person. After a purge nothing of them may return by itself: what the
   * server once had is forgotten, what it never had is shown.
   */
  const meetEarlierCopies = async () => {
    // Without the server nobody knows what became of the history: all stays where it is.
    if (options.recovery === null) return;
    const copies = await earlierCopies(options.userId, options.documentId, options.epoch);
    if (isClosed) return;
    for (const { name, update: bytes, unsynced } of copies) {
      if (bytes === null) continue;
      if (options.recovery === "under-way" && options.canWrite) {
        tell({ kind: "found", changes: Math.max(1, unsynced.length), at: Date.now() });
        earlier = [...new Set([...earlier, ...unsynced])];
        Y.applyUpdate(document, bytes, fromEarlierCopy);
        takenOver = [...takenOver, name];
      } else if (unsynced.length > 0) showLeftBehind({ name, update: bytes, why: "history-replaced" });
      else if (options.recovery === "none") deleteCopy(name);
      else doubtful.push({ name, update: bytes, why: "history-replaced" });
    }
  };
  const showLeftBehind = (copy: LeftCopy) => {
    shown = [...shown, copy.name];
    const before = view.leftBehind === null ? "" : `${view.leftBehind.text}\n\n`;
    update({
      leftBehind: { text: before + wordsOf(copy.update), why: view.leftBehind?.why ?? copy.why },
    });
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
      connect();
    },
    forgetLeftBehind() {
      for (const name of shown) deleteCopy(name);
      shown = [];
      update({ leftBehind: null });
    },
    close() {
      isClosed = true;
      clearInterval(watch);
      window.removeEventListener("online", onOnline);
      window.removeEventListener("offline", onOffline);
      window.removeEventListener("beforeunload", onBeforeUnload);
      provider?.destroy();
      awareness.destroy();
      void store?.close();
      document.destroy();
    },
  };
}

const hasNoLine = ({ isConnected, isOnline }: SaveState) => !isConnected || !isOnline;

/** Is there any text? Templates leave a paragraph at least, so nothing means nothing arrived. */
function hasContent(document: Y.Doc): boolean {
  return document.getXmlFragment(textFragment).length > 0;
}

function controlIn(text: string): ControlMessage | null {
  const message: unknown = JSON.parse(text);
  return typeof message === "object" && message !== null && "kind" in message
    ? (message as ControlMessage)
    : null;
}

/** y-websocket sends on what it hears about others; here a page speaks for itself alone (rulings 10). */
function onlyOwnPresence(provider: WebsocketProvider, document: Y.Doc, awareness: Awareness): void {
  awareness.off("update", provider._awarenessUpdateHandler);
  provider._awarenessUpdateHandler = (
    { added, updated, removed }: { added: number[]; updated: number[]; removed: number[] },
    _origin: unknown,
  ) => {
    const own = document.clientID;
    if (!added.includes(own) && !updated.includes(own) && !removed.includes(own)) return;
    if (!provider.wsconnected || provider.ws?.readyState !== WebSocket.OPEN) return;
    const encoder = createEncoder();
    writeVarUint(encoder, messageTypes.awareness);
    writeVarUint8Array(encoder, encodeAwarenessUpdate(awareness, [own]));
    provider.ws.send(toUint8Array(encoder));
  };
  awareness.on("update", provider._awarenessUpdateHandler);
}
