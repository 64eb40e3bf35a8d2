/**
 * The live connection of an open document: what it names when it asks for entry, what it
 * counts of what goes out, when it is made anew, and why it ends for good. What the
 * server's messages mean for the page is up to whoever opened it.
 */
import { readVarString, readVarUint } from "lib0/decoding";
import { createEncoder, toUint8Array, writeVarUint, writeVarUint8Array } from "lib0/encoding";
import { type Awareness, encodeAwarenessUpdate } from "y-protocols/awareness";
import { WebsocketProvider } from "y-websocket";
import type * as Y from "yjs";
import { schemaNumber } from "../document/schema-version.ts";
import {
  type CollabStatus,
  type ControlMessage,
  closeCodes,
  collabPath,
  limits,
  messageTypes,
  type PersonPresent,
} from "../document/wire.ts";
import { type RefusalCode, refusalSentences } from "../domain/refusals.ts";
import { controlIn } from "./control-message.ts";
import { countingSocket } from "./counting-socket.ts";
import { PatienceWithLine } from "./patience-with-line.ts";
import { peopleIn } from "./people-present.ts";
import type { SaveEvent } from "./save-state.ts";

export type ConnectionOptions = {
  readonly origin: string;
  readonly documentId: string;
  readonly epoch: string;
  readonly canWrite: boolean;
  readonly document: Y.Doc;
  readonly awareness: Awareness;
  /** Client ids of earlier pages whose work the server has not confirmed. */
  readonly unconfirmed: () => readonly number[];
};

export type ConnectionListener = {
  /** Something that the save state goes by. */
  readonly onSave: (event: SaveEvent) => void;
  /** Called before each message that changes the text. */
  readonly onNews: () => void;
  readonly onPeople: (people: readonly PersonPresent[]) => void;
  readonly onControl: (message: ControlMessage) => void;
  /** The server has told all it knows. */
  readonly onSynced: () => void;
  /** The server does not let this page in, and trying again would not help. */
  readonly onRefused: (code: RefusalCode) => void;
};

export interface LiveConnection {
  /** Connects, and goes on trying until `close`. */
  open(): void;
  /** Ends it; `open` begins anew. */
  close(): void;
  goOnline(): void;
  goOffline(): void;
  /** Makes a new line where an answer has been waited for since then (ms) for too long. */
  renewIfStalled(waitingSince: number): void;
  /** Does a change with this origin come from the server? */
  hasBrought(origin: unknown): boolean;
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

/** A connection that is not open yet. */
export function liveConnection(options: ConnectionOptions, on: ConnectionListener): LiveConnection {
  const { document, awareness } = options;
  let provider: WebsocketProvider | null = null;
  /** The client id that the present line was asked for with. */
  let connectedAs = document.clientID;
  /** Earlier client ids the server has leased to us since this page began; leases last. */
  const named = new Set<number>();
  let have = 0;
  let wasOpen = false;
  const patience = new PatienceWithLine();

  /** What the next connection names: as much as one may. */
  const nextToName = () =>
    options
      .unconfirmed()
      .filter((clientId) => !named.has(clientId))
      .slice(0, limits.leasedClientsPerConnect);
  // Read by the provider whenever it connects, so each line names what is so then.
  const query = {
    schema: String(schemaNumber),
    epoch: options.epoch,
    get client() {
      return String(document.clientID);
    },
    get also() {
      return nextToName().join(",");
    },
    get have() {
      return String(have);
    },
    writes: options.canWrite ? "1" : "0",
  };

  const renew = () => {
    if (!provider) return;
    connectedAs = document.clientID;
    provider.disconnect();
    if (navigator.onLine) provider.connect();
  };
  // Yjs takes another client id when it meets its own: that one needs a lease of its own.
  document.on("afterTransaction", () => {
    if (connectedAs !== document.clientID) renew();
  });

  /** A browser is not told why an upgrade failed, so it asks (rulings 12). */
  const askWhy = async (asking: WebsocketProvider) => {
    try {
      const address = `${options.origin}${collabPath}${options.documentId}/status`;
      const answer = await fetch(`${address}?${new URLSearchParams(query)}`, {
        headers: { Accept: "application/json" },
      });
      if (!answer.ok || provider !== asking) return;
      const status = (await answer.json()) as CollabStatus;
      if (status.open) return;
      if (status.code === closeCodes.tryAgain) on.onSave({ kind: "trouble" });
      else on.onRefused(status.refusal);
    } catch {
      // No network either: the provider goes on trying, and the page says it is offline.
    }
  };

  /**
   * More client ids than one connection may name are named over several, each closed as
   * soon as it is open: what we offer before the last of them would be refused. True
   * while there are more.
   */
  const goesOnNaming = (): boolean => {
    for (const clientId of nextToName()) named.add(clientId);
    if (nextToName().length === 0) return false;
    renew();
    return true;
  };

  const hear = (live: WebsocketProvider) => {
    const takeSync = live.messageHandlers[messageTypes.sync];
    live.messageHandlers[messageTypes.sync] = (...message) => {
      on.onNews();
      takeSync?.(...message);
    };
    live.messageHandlers[messageTypes.ack] = (_encoder, decoder) => {
      const frames = readVarUint(decoder);
      have = Math.max(have, readVarUint(decoder));
      patience.acked(frames);
      on.onSave({ kind: "acked", frames, at: Date.now() });
    };
    live.messageHandlers[messageTypes.people] = (_encoder, decoder) => {
      on.onPeople(peopleIn(readVarString(decoder)));
    };
    live.messageHandlers[messageTypes.control] = (_encoder, decoder) => {
      const message = controlIn(readVarString(decoder));
      if (message !== null) on.onControl(message);
    };
    live.on("status", ({ status }) => {
      if (status === "connected") {
        wasOpen = true;
        patience.opened();
        if (!goesOnNaming()) on.onSave({ kind: "connected" });
      } else if (status === "disconnected") {
        on.onPeople([]);
        on.onSave({ kind: "disconnected" });
      }
    });
    live.on("connection-close", (event) => {
      const failedToOpen = !wasOpen && event !== null;
      wasOpen = false;
      if (failedToOpen && navigator.onLine) void askWhy(live);
    });
    live.on("closed", ({ code, reason }) => {
      const isKnown = code === closeCodes.rightLost && Object.hasOwn(refusalSentences, reason);
      on.onRefused(isKnown ? (reason as RefusalCode) : (refusalOfCode[code] ?? "try-again"));
    });
    live.on("sync", (isSynced) => {
      if (isSynced) on.onSynced();
    });
  };

  return {
    open() {
      const socketAddress = options.origin.replace(/^http/, "ws") + collabPath.replace(/\/$/, "");
      const live = new WebsocketProvider(socketAddress, options.documentId, document, {
        connect: false,
        disableBc: true,
        awareness,
        params: query,
        WebSocketPolyfill: countingSocket(
          (bytes) => {
            patience.sent(bytes);
            on.onSave({ kind: "frame-sent" });
          },
          // Later: the provider is in the middle of sending. A new line's first answer may be larger.
          () => queueMicrotask(renew),
        ),
        shouldReconnect: (event) =>
          !(event.code >= 4400 && event.code < 4500) && event.code !== closeCodes.tooLarge,
      });
      provider = live;
      connectedAs = document.clientID;
      onlyOwnPresence(live, document, awareness);
      hear(live);
      if (navigator.onLine) live.connect();
    },
    close() {
      const closing = provider;
      provider = null;
      closing?.destroy();
    },
    goOnline: () => provider?.connect(),
    goOffline: () => provider?.disconnect(),
    renewIfStalled(waitingSince) {
      if (Date.now() - waitingSince > patience.ms) renew();
    },
    hasBrought: (origin) => provider !== null && origin === provider,
  };
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
