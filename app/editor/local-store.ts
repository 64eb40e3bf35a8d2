/**
 * The copy of an open document in this browser (rulings 15): its text, and which Yjs
 * client ids wrote something that no server has confirmed, so that the next connection
 * can name them. Never used on shared computers (promise W12).
 */
import { IndexeddbPersistence } from "y-indexeddb";
import type * as Y from "yjs";
import { limits, localStoreName } from "../document/wire.ts";

/** Changes per client id that wait for the server. */
export type Unsynced = ReadonlyMap<number, number>;

/** What an offline page must know about a document besides its text. */
export type KeptAbout = { readonly title: string; readonly canWrite: boolean };

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

const prefix = "unsynced:";

function customEntries(database: IDBDatabase): Promise<ReadonlyMap<string, unknown>> {
  return new Promise((resolve, reject) => {
    const store = database.transaction(["custom"], "readonly").objectStore("custom");
    const keys = store.getAllKeys();
    const values = store.getAll();
    values.onsuccess = () =>
      resolve(new Map(keys.result.map((key, index) => [String(key), values.result[index]])));
    values.onerror = () => reject(values.error);
  });
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
      const clientId = key.startsWith(prefix) ? Number(key.slice(prefix.length)) : Number.NaN;
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
      const key = `${prefix}${clientId}`;
      void (changes > 0 ? persistence.set(key, changes) : persistence.del(key));
    },
    async close() {
      await persistence.destroy();
    },
  };
}

export type KeptCopy = KeptAbout & { readonly epoch: string };

/** The copy of a document that a person has on this device; null where there is none. */
export async function findLocalCopy(userId: string, documentId: string): Promise<KeptCopy | null> {
  if (typeof indexedDB === "undefined" || !indexedDB.databases) return null;
  const start = localStoreName(userId, documentId, "");
  for (const { name } of await indexedDB.databases()) {
    if (!name?.startsWith(start)) continue;
    const entries = await entriesOf(name);
    const title = entries?.get("title");
    if (typeof title === "string") {
      return { epoch: name.slice(start.length), title, canWrite: entries?.get("can-write") === 1 };
    }
  }
  return null;
}

/** What is noted in a copy beside its text; null where it cannot be read. */
function entriesOf(name: string): Promise<ReadonlyMap<string, unknown> | null> {
  return new Promise((resolve) => {
    const request = indexedDB.open(name);
    request.onerror = () => resolve(null);
    request.onsuccess = async () => {
      const database = request.result;
      const hasStore = database.objectStoreNames.contains("custom");
      const entries = hasStore ? await customEntries(database) : new Map<string, unknown>();
      database.close();
      resolve(entries);
    };
  });
}

/**
 * Deletes the copies of a person (or of everybody) from this browser, except those that
 * hold work no server has (promise W12). Gives back how many had to stay.
 */
export async function forgetLocalCopies(userId?: string): Promise<number> {
  if (typeof indexedDB === "undefined" || !indexedDB.databases) return 0;
  const start = userId === undefined ? "two-way:" : `two-way:${userId}:`;
  const names = (await indexedDB.databases()).flatMap(({ name }) => (name?.startsWith(start) ? [name] : []));
  let kept = 0;
  for (const name of names) {
    if (await holdsUnsynced(name)) kept += 1;
    else indexedDB.deleteDatabase(name);
  }
  return kept;
}

async function holdsUnsynced(name: string): Promise<boolean> {
  const entries = await entriesOf(name);
  return entries === null || [...entries.keys()].some((key) => key.startsWith(prefix));
}
