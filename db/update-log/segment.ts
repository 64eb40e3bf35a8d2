/**
 * Sealed segments: many rows of one document packed into one, with the same bytes, the
 * same metadata and the first and last hash of the chain (rulings 1 and 2). The format
 * is fixed here so that everything written today can be sealed later; the job that
 * seals is not part of this file. Layout in ADR 0009.
 *
 * A purged segment keeps metadata and commitments and loses bytes and key: its chain
 * still verifies, its words are gone.
 */
import { brotliCompressSync, brotliDecompressSync, constants } from "node:zlib";
import { commitment, encodeMetadata, equalHashes, hashBytes, nextHash } from "./chain.ts";
import { varint } from "./varint.ts";

/** First byte of the packed metadata. */
export const segmentVersion = 1;

/** No segment may unpack to more than this: a flipped bit must not fill the memory. */
const unpackedBytesMax = 256 * 1024 * 1024;

export interface SealedRow {
  readonly seq: number;
  readonly logId: number;
  readonly source: number;
  readonly at: number;
  readonly clientIds: Uint8Array;
  readonly bytes: Uint8Array;
}

export interface RowHead extends Omit<SealedRow, "bytes"> {
  readonly byteLength: number;
}

export interface PackedSegment {
  readonly document: number;
  readonly from_seq: number;
  readonly to_seq: number;
  /** Hash of the row before `from_seq` (or the document's first hash). */
  readonly first_hash: Uint8Array;
  /** Hash of the row `to_seq`. */
  readonly last_hash: Uint8Array;
  readonly key: Uint8Array | null;
  readonly metadata: Uint8Array;
  readonly bytes: Uint8Array | null;
  readonly commitments: Uint8Array | null;
  readonly purged_at: number | null;
}

/** Packs rows with consecutive `seq`. Throws on gaps: a segment with a hole must not come to be. */
export function packSegment(order: {
  readonly document: number;
  readonly rows: readonly SealedRow[];
  readonly firstHash: Uint8Array;
  readonly lastHash: Uint8Array;
  readonly key: Uint8Array;
}): PackedSegment {
  const first = order.rows[0];
  const last = order.rows.at(-1);
  if (first === undefined || last === undefined) throw new Error("A segment has at least one row");
  for (const [index, row] of order.rows.entries())
    if (row.seq !== first.seq + index) throw new Error(`Segment with a gap at seq ${first.seq + index}`);
  return {
    document: order.document,
    from_seq: first.seq,
    to_seq: last.seq,
    first_hash: order.firstHash,
    last_hash: order.lastHash,
    key: order.key,
    metadata: compress(packHeads(order.rows)),
    bytes: compress(Buffer.concat(order.rows.map((row) => row.bytes))),
    commitments: null,
    purged_at: null,
  };
}

/** Per row, after the version byte: log id and time as zigzag differences, source, lengths, client ids. */
function packHeads(rows: readonly SealedRow[]): Uint8Array {
  const out = Buffer.allocUnsafe(1 + rows.reduce((sum, row) => sum + 48 + row.clientIds.length, 0));
  out[0] = segmentVersion;
  let end = 1;
  let logId = 0;
  let at = 0;
  for (const row of rows) {
    end = varint.write(out, end, zigzag(row.logId - logId));
    end = varint.write(out, end, zigzag(row.at - at));
    end = varint.write(out, end, row.source);
    end = varint.write(out, end, row.bytes.length);
    end = varint.write(out, end, row.clientIds.length);
    out.set(row.clientIds, end);
    end += row.clientIds.length;
    logId = row.logId;
    at = row.at;
  }
  return out.subarray(0, end);
}

/** Everything of the rows but their bytes; null where the packed metadata cannot be read. */
export function unpackHeads(
  segment: Pick<PackedSegment, "from_seq" | "to_seq" | "metadata">,
): readonly RowHead[] | null {
  const packed = decompress(segment.metadata);
  if (packed === null || packed[0] !== segmentVersion) return null;
  const heads: RowHead[] = [];
  let end = 1;
  let logId = 0;
  let at = 0;
  for (let seq = segment.from_seq; seq <= segment.to_seq; seq++) {
    const numbers: number[] = [];
    for (let i = 0; i < 5; i++) {
      const read = varint.read(packed, end);
      if (read === null) return null;
      numbers.push(read.value);
      end = read.end;
    }
    const [logIdStep = 0, atStep = 0, source = 0, byteLength = 0, idsLength = 0] = numbers;
    if (end + idsLength > packed.length) return null;
    logId += unzigzag(logIdStep);
    at += unzigzag(atStep);
    if (!Number.isSafeInteger(logId) || !Number.isSafeInteger(at) || logId < 0 || at < 0) return null;
    heads.push({ seq, logId, source, at, byteLength, clientIds: packed.subarray(end, end + idsLength) });
    end += idsLength;
  }
  return end === packed.length ? heads : null;
}

/** The rows as they were before sealing; null where the segment is purged or cannot be read. */
export function unpackSegment(
  segment: Pick<PackedSegment, "from_seq" | "to_seq" | "metadata" | "bytes">,
): readonly SealedRow[] | null {
  const heads = unpackHeads(segment);
  const bytes = segment.bytes === null ? null : decompress(segment.bytes);
  if (heads === null || bytes === null) return null;
  let end = 0;
  const rows = heads.map(({ byteLength, ...head }) => {
    const row = { ...head, bytes: bytes.subarray(end, end + byteLength) };
    end += byteLength;
    return row;
  });
  return end === bytes.length ? rows : null;
}

/** Destroys bytes and key, keeps what the chain needs. Null where the segment cannot be read any more. */
export function purgedSegment(segment: PackedSegment, at: number): PackedSegment | null {
  if (segment.bytes === null) return segment;
  const rows = unpackSegment(segment);
  const key = segment.key;
  if (rows === null || key === null) return null;
  const commitments = Buffer.concat(rows.map((row) => commitment(key, row.bytes)));
  return { ...segment, key: null, bytes: null, commitments, purged_at: at };
}

export type SegmentVerdict =
  | { readonly kind: "intact" }
  | { readonly kind: "purged"; readonly at: number }
  | { readonly kind: "damaged" };

/**
 * Does the chain run from `first_hash` to `last_hash` through every row? `digestOf`
 * gives a source's digest, or null where there is no such source; `visit` sees each
 * row's hash.
 */
export function verifySegment(
  segment: PackedSegment,
  digestOf: (source: number) => Uint8Array | null,
  visit: (seq: number, hash: Uint8Array) => void = () => {},
): SegmentVerdict {
  const heads = unpackHeads(segment);
  const rows = segment.bytes === null ? null : unpackSegment(segment);
  const { commitments, key } = segment;
  if (heads === null || (segment.bytes !== null && (rows === null || key === null)))
    return { kind: "damaged" };
  if (rows === null && commitments?.length !== heads.length * hashBytes) return { kind: "damaged" };
  let hash = segment.first_hash;
  for (const [index, head] of heads.entries()) {
    const source = digestOf(head.source);
    if (source === null) return { kind: "damaged" };
    const row = rows?.[index];
    const committed =
      row !== undefined && key !== null
        ? commitment(key, row.bytes)
        : commitments?.subarray(index * hashBytes, (index + 1) * hashBytes);
    if (committed === undefined) return { kind: "damaged" };
    hash = nextHash(hash, encodeMetadata({ ...head, document: segment.document }, source), committed);
    visit(head.seq, hash);
  }
  if (!equalHashes(hash, segment.last_hash)) return { kind: "damaged" };
  return segment.purged_at === null ? { kind: "intact" } : { kind: "purged", at: segment.purged_at };
}

/** Small negative differences become small numbers: 0, -1, 1, -2 … → 0, 1, 2, 3 … */
function zigzag(value: number): number {
  return value < 0 ? -value * 2 - 1 : value * 2;
}
function unzigzag(value: number): number {
  return value % 2 === 1 ? -(value + 1) / 2 : value / 2;
}

function compress(bytes: Uint8Array): Buffer {
  return brotliCompressSync(bytes, {
    params: {
      [constants.BROTLI_PARAM_QUALITY]: 5,
      [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
    },
  });
}

/** Null where the packed bytes are damaged: damage is an answer here, not an accident. */
function decompress(packed: Uint8Array): Buffer | null {
  try {
    return brotliDecompressSync(packed, { maxOutputLength: unpackedBytesMax });
  } catch {
    return null;
  }
}
