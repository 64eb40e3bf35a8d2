/** Rows on their way to the writer's thread: flat numbers and one block of bytes, to be transferred. */
import type { Batch } from "./messages.ts";
import type { Companions, NewRow } from "./rows.ts";

/** Most rows and bytes of one commit: bounds how long the next one waits. */
const batchRowsMax = 2_000;
const batchBytesMax = 8 * 1024 * 1024;

interface Waiting {
  readonly row: NewRow;
  readonly companions: Companions | undefined;
}

/** How many of the waiting rows, from the first on, go into one batch. At least one, if any waits. */
export function countForBatch(waiting: readonly Waiting[]): number {
  let bytes = 0;
  let count = 0;
  while (count < waiting.length && count < batchRowsMax && bytes < batchBytesMax)
    bytes += waiting[count++]?.row.bytes.length ?? 0;
  return count;
}

/** Copies the rows' bytes once, into a block of their own: they may be slices of a socket's buffer. */
export function packRows(rows: readonly Waiting[]): Pick<Batch, "heads" | "bytes" | "companions"> & {
  readonly bytes: Uint8Array<ArrayBuffer>;
} {
  const heads: number[] = [];
  const bytes = new Uint8Array(rows.reduce((sum, { row }) => sum + row.bytes.length, 0));
  const companions: [number, Companions][] = [];
  let end = 0;
  for (const [index, { row, companions: own }] of rows.entries()) {
    heads.push(row.document, row.source, row.at, row.bytes.length, row.clientIds.length, ...row.clientIds);
    bytes.set(row.bytes, end);
    end += row.bytes.length;
    if (own !== undefined) companions.push([index, own]);
  }
  return { heads, bytes, companions };
}
