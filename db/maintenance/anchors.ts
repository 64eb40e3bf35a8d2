/**
 * Anchors: how far each chain had come, written outside the database each time it was
 * verified or backed up. A chain alone cannot tell that its end was cut off; an anchor
 * can (promise S18). Whoever distrusts this machine keeps copies of the file elsewhere.
 */
import { closeSync, existsSync, fsyncSync, openSync, readFileSync, writeSync } from "node:fs";
import { join } from "node:path";

export interface Anchor {
  /** Server time, ms. */
  readonly at: number;
  /** `restore` starts afresh: a backup rightly ends before earlier anchors. */
  readonly kind: "verify" | "backup" | "restore" | "purge";
  /** Document id → newest seq and its hash, hex. */
  readonly documents: Readonly<Record<string, readonly [seq: number, hash: string]>>;
  /** Number of audit rows and the hash of the newest, hex. */
  readonly audit: readonly [rows: number, hash: string];
}

export function anchorFile(dataFolder: string): string {
  return join(dataFolder, "anchors.jsonl");
}

/** How far the chains have come at least. */
export type Anchors = Pick<Anchor, "documents" | "audit">;

/** Nothing is known: of a database that lies elsewhere, or before the first anchor. */
export const noAnchors: Anchors = { documents: {}, audit: [0, ""] };

/**
 * What the anchors since the last restore say together: of each chain the furthest end,
 * because a later anchor at a shorter one would make a cut-off end look whole. A line that
 * was torn while it was written says nothing.
 */
export function readAnchors(dataFolder: string): Anchors {
  let known = noAnchors;
  for (const line of linesOf(dataFolder)) {
    const anchor = anchorIn(line);
    if (anchor !== null) known = anchor.kind === "restore" ? anchor : further(known, anchor);
  }
  return { documents: known.documents, audit: known.audit };
}

/** The lines of the file; the last one is empty, unless it was torn. */
function linesOf(dataFolder: string): readonly string[] {
  const file = anchorFile(dataFolder);
  return (existsSync(file) ? readFileSync(file, "utf8") : "").split("\n");
}

function anchorIn(line: string): Anchor | null {
  try {
    return line === "" ? null : (JSON.parse(line) as Anchor);
  } catch {
    return null;
  }
}

/** How many lines of the file were torn; each may have known of a further end. */
export function tornAnchors(dataFolder: string): number {
  return linesOf(dataFolder).filter((line) => line !== "" && anchorIn(line) === null).length;
}

function further(known: Anchors, anchor: Anchors): Anchors {
  const documents: Record<string, readonly [number, string]> = { ...known.documents };
  for (const [id, end] of Object.entries(anchor.documents))
    if (end[0] >= (documents[id]?.[0] ?? 0)) documents[id] = end;
  return { documents, audit: anchor.audit[0] >= known.audit[0] ? anchor.audit : known.audit };
}

/** Appends one line and syncs it. A line before it that was torn stays one of its own. */
export function appendAnchor(dataFolder: string, anchor: Anchor): void {
  const isTorn = linesOf(dataFolder).at(-1) !== "";
  const file = openSync(anchorFile(dataFolder), "a", 0o600);
  try {
    writeSync(file, `${isTorn ? "\n" : ""}${JSON.stringify(anchor)}\n`);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}
