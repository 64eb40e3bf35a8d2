/**
 * The delete set of a Yjs update (v1), as bytes: what a checkpoint keeps beside its
 * state vector. Read from the update, without a Y.Doc.
 */
import * as Y from "yjs";
import { varint } from "./varint.ts";

/** Encoding v1: clients from the highest id down, each with its ranges (clock, length). */
export function deleteSetOf(update: Uint8Array): Uint8Array {
  const clients = [...Y.decodeUpdate(update).ds.clients].sort((a, b) => b[0] - a[0]);
  const numbers = [clients.length];
  for (const [client, ranges] of clients) {
    numbers.push(client, ranges.length);
    for (const range of ranges) numbers.push(range.clock, range.len);
  }
  const out = new Uint8Array(numbers.reduce((size, number) => size + varint.size(number), 0));
  let end = 0;
  for (const number of numbers) end = varint.write(out, end, number);
  return out;
}
