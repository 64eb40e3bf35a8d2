/**
 * The copies of documents in this browser, seen from outside: which there are, what is
 * noted in them, and how they are forgotten. The open document's own copy is
 * `local-store.ts`.
 */
import * as Y from "yjs";
import { localStoreName } from "../document/wire.ts";

/** Key of the note that a client id has work no server has confirmed. */
export const unsyncedPrefix = "unsynced:";

/** What an offline page must know about a document besides its text. */
export type KeptAbout = { readonly title: string; readonly canWrite: boolean };

/** Everything noted in a copy beside its text. */
export function customEntries(database: IDBDatabase): Promise<ReadonlyMap<string, unknown>> {
  return new Promise((resolve, reject) => {
    const store = database.transaction(["custom"], "readonly").objectStore("custom");
    const keys = store.getAllKeys();
    const values = store.getAll();
    values.onsuccess = () =>
      resolve(new Map(keys.result.map((key, index) => [String(key), values.result[index]])));
    values.onerror = () => reject(values.error);
  });
}

export type KeptCopy = KeptAbout & { readonly epoch: string };

/**
 * The copy of a document that a person has on this device; null where there is none. Where
 * one of an earlier history is kept beside it, the one that was last whole by the server.
 */
export async function findLocalCopy(userId: string, documentId: string): Promise<KeptCopy | null> {
  if (typeof indexedDB === "undefined" || !indexedDB.databases) return null;
  const start = localStoreName(userId, documentId, "");
  let newest: KeptCopy | null = null;
  let newestAt = -1;
  for (const { name } of await indexedDB.databases()) {
    if (!name?.startsWith(start)) continue;
    const entries = await entriesOf(name);
    const title = entries?.get("title");
    const at = Number(entries?.get("whole-at") ?? 0);
    if (typeof title !== "string" || at <= newestAt) continue;
    newestAt = at;
    newest = { epoch: name.slice(start.length), title, canWrite: entries?.get("can-write") === 1 };
  }
  return newest;
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

/** What lies in a copy, read without opening the document. */
export type HeldCopy = {
  readonly name: string;
  /** Everything in it as one update; null where it cannot be read. */
  readonly update: Uint8Array | null;
  /** Client ids with work that no server had confirmed. */
  readonly unsynced: readonly number[];
};

/** Copies whose history the server has replaced, by a backup brought back or a purge: other epochs than `epoch`. */
export async function earlierCopies(
  userId: string,
  documentId: string,
  epoch: string,
): Promise<readonly HeldCopy[]> {
  if (!indexedDB.databases) return [];
  const start = localStoreName(userId, documentId, "");
  const now = localStoreName(userId, documentId, epoch);
  const copies: HeldCopy[] = [];
  for (const { name } of await indexedDB.databases()) {
    if (!name?.startsWith(start) || name === now) continue;
    copies.push(await readCopy(name));
  }
  return copies;
}

/** The copy of this name; null where there is none, and none is made. */
export async function copyNamed(name: string): Promise<HeldCopy | null> {
  if (typeof indexedDB === "undefined" || !indexedDB.databases) return null;
  const all = await indexedDB.databases();
  return all.some((one) => one.name === name) ? readCopy(name) : null;
}

async function readCopy(name: string): Promise<HeldCopy> {
  const keys = [...((await entriesOf(name))?.keys() ?? [])];
  const unsynced = keys
    .filter((key) => key.startsWith(unsyncedPrefix))
    .map((key) => Number(key.slice(unsyncedPrefix.length)));
  return { name, update: await updateOf(name), unsynced };
}

/** Removes a copy for good. */
export function deleteCopy(name: string): void {
  indexedDB.deleteDatabase(name);
}

/** What a copy holds, as y-indexeddb keeps it: a list of updates. */
function updateOf(name: string): Promise<Uint8Array | null> {
  return new Promise((resolve) => {
    const request = indexedDB.open(name);
    request.onerror = () => resolve(null);
    request.onsuccess = () => {
      const database = request.result;
      const finish = (update: Uint8Array | null) => {
        database.close();
        resolve(update);
      };
      if (!database.objectStoreNames.contains("updates")) return finish(null);
      const all = database.transaction(["updates"], "readonly").objectStore("updates").getAll();
      all.onerror = () => finish(null);
      all.onsuccess = () => {
        try {
          finish(Y.mergeUpdates(all.result as Uint8Array[]));
        } catch {
          // Bytes this Yjs cannot read: the copy stays where it is.
          finish(null);
        }
      };
    };
  });
}

/**
 * Deletes everybody's copies from this browser, except those that hold work no server has
 * (promise W12). Gives back how many of those there are. `keepsAll` deletes nothing: after
 * a backup was brought back, a copy may be the only place left for words once saved.
 */
export async function forgetLocalCopies(keepsAll: boolean): Promise<number> {
  if (typeof indexedDB === "undefined" || !indexedDB.databases) return 0;
  const all = await indexedDB.databases();
  const names = all.flatMap(({ name }) => (name?.startsWith("two-way:") ? [name] : []));
  let kept = 0;
  for (const name of names) {
    if (await holdsUnsynced(name)) kept += 1;
    else if (!keepsAll) indexedDB.deleteDatabase(name);
  }
  return kept;
}

async function holdsUnsynced(name: string): Promise<boolean> {
  const entries = await entriesOf(name);
  return entries === null || [...entries.keys()].some((key) => key.startsWith(unsyncedPrefix));
}
