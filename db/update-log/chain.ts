/**
 * The hash chain of a document's log (rulings 2, ADR 0009): pure functions shared by
 * the writer, the creating transaction and the verifier.
 *
 *   commitment = HMAC-SHA-256(segment key, update bytes)
 *   hash       = SHA-256(previous hash ‖ metadata ‖ commitment)
 *
 * Bytes enter only through the commitment, so a purge can destroy bytes and key,
 * keep the commitment, and the chain still verifies. The metadata carries a digest of
 * the whole source row: who wrote cannot be changed without breaking the chain.
 */
import { hash as sha256, timingSafeEqual } from "node:crypto";
import { varint } from "./varint.ts";

/** First byte of every row's metadata. A new encoding takes a new number. */
export const metadataVersion = 1;

export const hashBytes = 32;
/** Bytes of the random key of a document's open end. */
export const keyBytes = 32;

export interface SourceFacts {
  readonly document: number;
  readonly epoch: string;
  readonly lineage: string;
  readonly schema_number: number;
  readonly actor_kind: string;
  readonly user_id: string;
  readonly side: string | null;
  readonly session_id: string | null;
}

export interface RowFacts {
  readonly document: number;
  readonly seq: number;
  readonly at: number;
  /** The `client_ids` column as stored. */
  readonly clientIds: Uint8Array;
  readonly byteLength: number;
}

/** Where a document's chain starts: bound to its id, so that chains cannot be swapped. */
export function firstHash(documentId: string): Uint8Array {
  return digest(Buffer.from(`two-way log v1\n${documentId}`));
}

/** Digest of who and where a row comes from, as in `log_source`. */
export function sourceDigest(source: SourceFacts): Uint8Array {
  return digest(
    Buffer.from(
      JSON.stringify([
        "two-way source v1",
        source.document,
        source.epoch,
        source.lineage,
        source.schema_number,
        source.actor_kind,
        source.user_id,
        source.side,
        source.session_id,
      ]),
    ),
  );
}

/**
 * Version byte, then varuints document, seq, at (ms), number of bytes of the update,
 * number of bytes of the client ids, then the client ids and the source's digest.
 */
export function encodeMetadata(row: RowFacts, source: Uint8Array): Uint8Array {
  const out = Buffer.allocUnsafe(50 + row.clientIds.length + source.length);
  let end = 0;
  out[end++] = metadataVersion;
  for (const value of [row.document, row.seq, row.at, row.byteLength, row.clientIds.length])
    end = varint.write(out, end, value);
  out.set(row.clientIds, end);
  end += row.clientIds.length;
  out.set(source, end);
  return out.subarray(0, end + source.length);
}

/** HMAC-SHA-256, written out with one-shot digests: a quarter of `createHmac`'s time per keystroke. */
export function commitment(key: Uint8Array, bytes: Uint8Array): Uint8Array {
  if (key.length !== keyBytes) throw new Error("A segment key has 32 bytes");
  const inner = Buffer.allocUnsafe(64 + bytes.length);
  const outer = Buffer.allocUnsafe(64 + hashBytes);
  inner.fill(0x36, 0, 64);
  outer.fill(0x5c, 0, 64);
  for (let i = 0; i < keyBytes; i++) {
    inner[i] = 0x36 ^ (key[i] ?? 0);
    outer[i] = 0x5c ^ (key[i] ?? 0);
  }
  inner.set(bytes, 64);
  outer.set(digest(inner), 64);
  return digest(outer);
}

/** The hash of a row, from the one before, its metadata and its commitment. */
export function nextHash(previous: Uint8Array, metadata: Uint8Array, committed: Uint8Array): Uint8Array {
  const input = Buffer.allocUnsafe(previous.length + metadata.length + committed.length);
  input.set(previous, 0);
  input.set(metadata, previous.length);
  input.set(committed, previous.length + metadata.length);
  return digest(input);
}

export function equalHashes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && timingSafeEqual(a, b);
}

/** Client ids as one column: varuints one after the other. */
export function encodeClientIds(ids: readonly number[]): Uint8Array {
  const out = Buffer.allocUnsafe(ids.length * 8);
  let end = 0;
  for (const id of ids) end = varint.write(out, end, id);
  return out.subarray(0, end);
}

/** Null where the column is not a list of varuints. */
export function decodeClientIds(bytes: Uint8Array): readonly number[] | null {
  const ids: number[] = [];
  for (let at = 0; at < bytes.length; ) {
    const read = varint.read(bytes, at);
    if (read === null) return null;
    ids.push(read.value);
    at = read.end;
  }
  return ids;
}

function digest(bytes: Uint8Array): Buffer {
  return sha256("sha256", bytes, "buffer");
}
