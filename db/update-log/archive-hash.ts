/**
 * The checksum of a document's archive: the history that followers start from. One that was
 * damaged and still unpacks would become checkpoints, versions and search of another text
 * than people wrote; what does not fit its hash is made again from the log (promise D26).
 * Epoch and time are not covered: nothing is read by them, and a restore gives every archive
 * a new epoch.
 */
import { createHash } from "node:crypto";
import type { ArchiveTable } from "../schema.ts";
import { equalHashes } from "./chain.ts";

type Facts = Readonly<Pick<ArchiveTable, "seq" | "log_id" | "state">>;

/** SHA-256 of a line of JSON, which names the document and the place, and of the state. */
export function archiveHash(documentId: string, { seq, log_id, state }: Facts): Buffer {
  const head = JSON.stringify(["two-way archive v1", documentId, seq, log_id, state.length]);
  return createHash("sha256").update(`${head}\n`).update(state).digest();
}

/** Is this archive, byte for byte, what was written for this document? */
export function isProvedArchive(
  documentId: string,
  archive: Facts & { readonly hash: Uint8Array | null },
): boolean {
  return archive.hash !== null && equalHashes(archiveHash(documentId, archive), archive.hash);
}
