/**
 * The copy of an open document in this browser (rulings 15): its text, and which Yjs
 * client ids wrote something that no server has confirmed, so that the next connection
 * can name them. Never used on shared computers (promise W12).
 */
import { IndexeddbPersistence } from "y-indexeddb";
import type * as Y from "yjs";
import { customEntries, type KeptAbout, unsyncedPrefix } from "./local-copies.ts";

/** Changes per client id that wait for the server. */
export type Unsynced = ReadonlyMap<number, number>;

export interface LocalStore {
  /** Resolves when what was kept has been put into the document; null: it cannot be read. */
  readonly ready: Promise<{
    readonly unsynced: Unsynced;
    /** Schema number of the editor that filled the copy; null when it never held the whole text. */
    readonly schemaNumber: number | null;
  } | null>;
  /** The copy now holds the whole document, written by this schema. */
  markWhole(schemaNumber: number, about: KeptAbout): void;
  /** Is everything that was written into the document until now safely on this device? */
  hasSettled(): boolean;
  /** Notes how many changes of a client id wait; 0 forgets it. */
  noteUnsynced(clientId: number, changes: number): void;
  close(): Promise<void>;
}

/** Can this browser keep anything at all? Private windows of some cannot. */
function canKeep(): Promise<boolean> {
  return new Promise((resolve) => {
    try {
      const request = indexedDB.open("two-way:probe");
      request.onsuccess = () => {
        request.result.close();
        resolve(true);
      };
      request.onerror = () => resolve(false);
    } catch {
      // Access to storage is forbidden by the browser's settings: nothing is kept, and the page says so.
      resolve(false);
    }
  });
}

/** A copy that is not read by then is done without: the document must open all the same (ms). */
const readWithinMs = 10_000;

/**
 * Opens the copy; null where this browser keeps nothing. `onLost` is called when it can
 * keep nothing more: no room left, or the browser took the copy away. `onSettled` is called
 * when everything written into the document so far has come to be safely on this device.
 */
export async function openLocalStore(
  name: string,
  document: Y.Doc,
  onLost: () => void,
  onSettled: () => void,
): Promise<LocalStore | null> {
  if (typeof indexedDB === "undefined" || !(await canKeep())) return null;
  const persistence = new IndexeddbPersistence(name, document);
  let isGone = false;
  const read = persistence.whenSynced.then(async () => {
    // y-indexeddb does not say when a write fails; the database itself does.
    for (const sign of ["abort", "error", "close"]) persistence.db?.addEventListener(sign, onLost);
    // Another tab takes the copy away: where its person signs in again, it holds nothing unsent.
    // What is written from now on must not run into a closed database before the line hears of it.
    persistence.db?.addEventListener("versionchange", () => {
      isGone = true;
      document.off("update", persistence._storeUpdate);
      onLost();
    });
    const entries = persistence.db === null ? new Map() : await customEntries(persistence.db);
    const unsynced = new Map<number, number>();
    for (const [key, value] of entries) {
      const clientId = key.startsWith(unsyncedPrefix) ? Number(key.slice(unsyncedPrefix.length)) : Number.NaN;
      if (Number.isInteger(clientId))
        unsynced.set(clientId, typeof value === "number" && value > 0 ? value : 1);
    }
    const schema = entries.get("schema");
    return { unsynced, schemaNumber: typeof schema === "number" ? schema : null };
  });
  let late: ReturnType<typeof setTimeout> | undefined;
  const ready = Promise.race([
    read,
    // It only ever rejects here: a copy that opens is read above.
    persistence._db.then(() => read),
    new Promise<null>((resolve) => {
      late = setTimeout(() => resolve(null), readWithinMs);
    }),
  ])
    .catch(() => null)
    .finally(() => clearTimeout(late));
  // Changes are written in transactions of their own. An empty one over the same store
  // completes after all that were begun before it: that is how far this device has come.
  let written = 0;
  let settled = 0;
  let isWatching = false;
  const watch = () => {
    if (isWatching || isGone || persistence.db === null) return;
    isWatching = true;
    const upTo = written;
    const transaction = persistence.db.transaction(["updates"], "readwrite");
    const isDone = () => {
      isWatching = false;
      if (written > settled) watch();
      else onSettled();
    };
    transaction.oncomplete = () => {
      settled = upTo;
      isDone();
    };
    // What failed is told by `onLost`; asking again at once would only fail again.
    transaction.onabort = () => {
      isWatching = false;
    };
  };
  document.on("update", (_bytes: Uint8Array, origin: unknown) => {
    if (origin === persistence) return;
    written++;
    watch();
  });
  return {
    ready,
    hasSettled: () => settled === written,
    markWhole(schemaNumber, about) {
      for (const [key, value] of [
        ["schema", schemaNumber],
        ["title", about.title],
        ["can-write", about.canWrite ? 1 : 0],
        ["whole-at", Date.now()],
      ] as const)
        persistence.set(key, value).catch(onLost);
    },
    noteUnsynced(clientId, changes) {
      const key = `${unsyncedPrefix}${clientId}`;
      (changes > 0 ? persistence.set(key, changes) : persistence.del(key)).catch(onLost);
    },
    async close() {
      await persistence.destroy();
    },
  };
}
