/**
 * The copy of an open document in this browser (rulings 15): its text, and which Yjs
 * client ids wrote something that no server has confirmed, so that the next connection
 * can name them. Never used on shared computers (promise W12).
 */
import { IndexeddbPersistence } from "y-indexeddb";
import type * as Y from "yjs";
import { limits } from "../document/wire.ts";
import { customEntries, type KeptAbout, unsyncedPrefix } from "./local-copies.ts";

/** Changes per client id that wait for the server. */
export type Unsynced = ReadonlyMap<number, number>;

export interface LocalStore {
  /** Resolves when what was kept has been put into the document. */
  readonly ready: Promise<{
    readonly unsynced: Unsynced;
    /** Schema number of the editor that filled the copy; null when it never held the whole text. */
    readonly schemaNumber: number | null;
  }>;
  /** The copy now holds the whole document, written by this schema. */
  markWhole(schemaNumber: number, about: KeptAbout): void;
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

/** Opens the copy; null where this browser keeps nothing. */
export async function openLocalStore(name: string, document: Y.Doc): Promise<LocalStore | null> {
  if (typeof indexedDB === "undefined" || !(await canKeep())) return null;
  const persistence = new IndexeddbPersistence(name, document);
  const ready = persistence.whenSynced.then(async () => {
    const entries = persistence.db === null ? new Map() : await customEntries(persistence.db);
    const unsynced = new Map<number, number>();
    for (const [key, value] of entries) {
      const clientId = key.startsWith(unsyncedPrefix) ? Number(key.slice(unsyncedPrefix.length)) : Number.NaN;
      if (Number.isInteger(clientId) && unsynced.size < limits.leasedClientsPerConnect) {
        unsynced.set(clientId, typeof value === "number" && value > 0 ? value : 1);
      }
    }
    const schema = entries.get("schema");
    return { unsynced, schemaNumber: typeof schema === "number" ? schema : null };
  });
  return {
    ready,
    markWhole(schemaNumber, about) {
      void persistence.set("schema", schemaNumber);
      void persistence.set("title", about.title);
      void persistence.set("can-write", about.canWrite ? 1 : 0);
    },
    noteUnsynced(clientId, changes) {
      const key = `${unsyncedPrefix}${clientId}`;
      void (changes > 0 ? persistence.set(key, changes) : persistence.del(key));
    },
    async close() {
      await persistence.destroy();
    },
  };
}
