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

/** What the newest anchors since the last restore say together. Throws where a line is no anchor. */
export function readAnchors(dataFolder: string): Pick<Anchor, "documents" | "audit"> {
  const file = anchorFile(dataFolder);
  let documents: Record<string, readonly [number, string]> = {};
  let audit: Anchor["audit"] = [0, ""];
  if (!existsSync(file)) return { documents, audit };
  for (const line of readFileSync(file, "utf8").split("\n")) {
    if (line === "") continue;
    const anchor = JSON.parse(line) as Anchor;
    documents = anchor.kind === "restore" ? { ...anchor.documents } : { ...documents, ...anchor.documents };
    audit = anchor.audit;
  }
  return { documents, audit };
}

/** Appends one line and syncs it. */
export function appendAnchor(dataFolder: string, anchor: Anchor): void {
  const file = openSync(anchorFile(dataFolder), "a", 0o600);
  try {
    writeSync(file, `${JSON.stringify(anchor)}\n`);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}
