/**
 * What of an update may enter a document: the pure heart of the pipeline. It compares
 * an update's outline with what the room has seen and says one of three things:
 * nothing new, a row to store, or a refusal. No Y.Doc, no clock, no socket.
 */
import * as Y from "yjs";
import { limits } from "../app/document/wire.ts";
import { IdSet } from "./id-set.ts";
import { fitsTogether, readUpdate, UnreadableUpdate, type UpdateOutline } from "./update-reader.ts";

export interface Seen {
  readonly structs: IdSet;
  readonly deletes: IdSet;
}

/** Ranges that an update is the first to bring: client → flat from, to … */
export type Fresh = ReadonlyMap<number, readonly number[]>;

export type Admission =
  | { readonly kind: "nothing-new" }
  | {
      readonly kind: "row";
      /** The update without structs that were seen before: those are never stored twice. */
      readonly bytes: Uint8Array;
      readonly structs: Fresh;
      readonly deletes: Fresh;
    }
  | {
      readonly kind: "refused";
      readonly why: "unreadable" | "foreign-client" | "hole";
      readonly detail: string;
    };

/**
 * Judges `update`. `owns` says whether a client id is leased to the sender: each range
 * nobody has seen must be (promise W10). Ranges must follow what is known without a
 * hole and lean on known ids only, so that nothing can wait unseen (fact M8).
 */
export function admit(update: Uint8Array, seen: Seen, owns: (clientId: number) => boolean): Admission {
  let outline: UpdateOutline;
  try {
    outline = readUpdate(update, limits.depth);
  } catch (error) {
    if (!(error instanceof UnreadableUpdate)) throw error;
    return { kind: "refused", why: "unreadable", detail: error.message };
  }

  if (!outline.hasTidyDeletes)
    return { kind: "refused", why: "unreadable", detail: "deletions that overlap or are out of order" };
  const deleted = new IdSet();
  if (outline.longValues.length > 0)
    for (const [client, ranges] of outline.deletes) deleted.add(client, ranges);
  for (let i = 0; i < outline.longValues.length; i += 3) {
    const [client = 0, from = 0, to = 0] = outline.longValues.slice(i, i + 3);
    // Deleted in part, a value falls in pieces of which Yjs loses sight, and it fails when it tidies up.
    if (deleted.missing(client, from, to).length > 0)
      return { kind: "refused", why: "unreadable", detail: "a value in pieces" };
  }

  const structs = new Map<number, number[]>();
  /** How far each client of the message reaches once it is applied. */
  const reach = new Map<number, number>();
  let repeats = false;
  for (let i = 0; i < outline.structs.length; i += 3) {
    const client = outline.structs[i] ?? 0;
    const from = outline.structs[i + 1] ?? 0;
    const to = outline.structs[i + 2] ?? 0;
    const known = reach.get(client) ?? seen.structs.next(client);
    if (from > known && seen.structs.missing(client, known, from).length > 0)
      return { kind: "refused", why: "hole", detail: "a range with nothing before it" };
    reach.set(client, Math.max(known, to));
    const missing = seen.structs.missing(client, from, to);
    if (missing.length !== 2 || missing[0] !== from || missing[1] !== to) repeats = true;
    if (missing.length === 0) continue;
    if (!owns(client)) return { kind: "refused", why: "foreign-client", detail: "somebody else's client id" };
    const list = structs.get(client);
    if (list === undefined) structs.set(client, missing);
    else list.push(...missing);
  }

  const isKnown = (client: number, clock: number) =>
    clock < (reach.get(client) ?? 0) || seen.structs.has(client, clock);
  for (const [client, clock] of outline.needs)
    if (!isKnown(client, clock))
      return { kind: "refused", why: "hole", detail: "leans on something nobody has seen" };
  if (structs.size > 1 && !fitsTogether(update, (client, clock) => seen.structs.has(client, clock)))
    return { kind: "refused", why: "hole", detail: "structs that wait for each other" };

  const deletes = new Map<number, number[]>();
  for (const [client, ranges] of outline.deletes) {
    const missing: number[] = [];
    for (let i = 0; i < ranges.length; i += 2) {
      const from = ranges[i] ?? 0;
      const to = ranges[i + 1] ?? 0;
      if (!isKnown(client, to - 1))
        return { kind: "refused", why: "hole", detail: "deletes something nobody has seen" };
      for (const bound of seen.deletes.missing(client, from, to)) missing.push(bound);
    }
    if (missing.length > 0) deletes.set(client, missing);
  }

  if (structs.size === 0 && deletes.size === 0) return { kind: "nothing-new" };
  const bytes = repeats ? withoutRepeats(update, seen, outline) : update.slice();
  return { kind: "row", bytes, structs, deletes };
}

/** Notes everything an update holds as seen: rows that are read back from the log. */
export function noteAsSeen(update: Uint8Array, seen: Seen): void {
  const outline = readUpdate(update, Number.MAX_SAFE_INTEGER);
  for (let i = 0; i < outline.structs.length; i += 3)
    seen.structs.add(outline.structs[i] ?? 0, [outline.structs[i + 1] ?? 0, outline.structs[i + 2] ?? 0]);
  for (const [client, ranges] of outline.deletes) seen.deletes.add(client, ranges);
}

/** Cuts away the structs that are known; the set of deletions stays whole. */
function withoutRepeats(update: Uint8Array, seen: Seen, outline: UpdateOutline): Uint8Array {
  const clocks = new Map<number, number>();
  for (let i = 0; i < outline.structs.length; i += 3) {
    const client = outline.structs[i] ?? 0;
    clocks.set(client, seen.structs.next(client));
  }
  return Y.diffUpdate(update, Y.encodeStateVector(clocks));
}
