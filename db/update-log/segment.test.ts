import { randomBytes } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { commitment, encodeClientIds, encodeMetadata, nextHash } from "./chain.ts";
import {
  packSegment,
  purgedSegment,
  type SealedRow,
  unpackHeads,
  unpackSegment,
  verifySegment,
} from "./segment.ts";

const digests = new Map([1, 2, 3].map((id) => [id, randomBytes(32)]));
const digestOf = (source: number) => digests.get(source) ?? null;

function sealed(rows: readonly SealedRow[]) {
  const key = randomBytes(32);
  const firstHash = randomBytes(32);
  let lastHash: Uint8Array = firstHash;
  for (const row of rows) {
    const metadata = encodeMetadata(
      { ...row, document: 9, byteLength: row.bytes.length },
      digestOf(row.source) ?? new Uint8Array(),
    );
    lastHash = nextHash(lastHash, metadata, commitment(key, row.bytes));
  }
  return packSegment({ document: 9, rows, firstHash, lastHash, key });
}

const rowsOf = fc.integer({ min: 1, max: 1_000_000 }).chain((from) =>
  fc
    .array(
      fc.record({
        logId: fc.nat(2 ** 40),
        source: fc.constantFrom(1, 2, 3),
        at: fc.nat(2 ** 41),
        ids: fc.array(fc.nat(2 ** 32 - 1), { maxLength: 3 }),
        bytes: fc.uint8Array({ maxLength: 60 }),
      }),
      { minLength: 1, maxLength: 40 },
    )
    .map((rows) =>
      rows.map(
        ({ ids, ...row }, i): SealedRow => ({ ...row, seq: from + i, clientIds: encodeClientIds(ids) }),
      ),
    ),
);
const plain = (rows: readonly SealedRow[] | null) =>
  rows?.map((row) => ({ ...row, clientIds: [...row.clientIds], bytes: [...row.bytes] }));

describe("sealed segments", () => {
  it("[D19] give back the same rows, byte for byte, with their metadata", () => {
    fc.assert(
      fc.property(rowsOf, (rows) => {
        expect(plain(unpackSegment(sealed(rows)))).toEqual(plain(rows));
      }),
      { numRuns: 200 },
    );
  });

  it("verify along the chain, and still after a purge took bytes and key", () => {
    fc.assert(
      fc.property(rowsOf, (rows) => {
        const segment = sealed(rows);
        expect(verifySegment(segment, digestOf)).toEqual({ kind: "intact" });
        const purged = purgedSegment(segment, 77);
        expect(purged).toMatchObject({ key: null, bytes: null, purged_at: 77 });
        expect(purged && verifySegment(purged, digestOf)).toEqual({ kind: "purged", at: 77 });
        expect(purged && unpackSegment(purged)).toBeNull();
        expect(purged && unpackHeads(purged)).toHaveLength(rows.length);
      }),
      { numRuns: 50 },
    );
  });

  it("[D26] with any single bit flipped anywhere are found damaged, never crash, never lie", () => {
    const rows = Array.from(
      { length: 50 },
      (_, i): SealedRow => ({
        seq: i + 1,
        logId: 100 + i * 3,
        source: 1 + (i % 3),
        at: 1_000 + i,
        clientIds: encodeClientIds(i % 10 === 0 ? [i] : []),
        bytes: randomBytes(20),
      }),
    );
    const segment = sealed(rows);
    let flips = 0;
    for (const part of ["metadata", "bytes", "key", "first_hash", "last_hash"] as const)
      for (let bit = 0; bit < (segment[part]?.length ?? 0) * 8; bit += 7) {
        const flipped = Buffer.from(segment[part] ?? []);
        flipped[bit >> 3]! ^= 1 << (bit & 7);
        const damaged = { ...segment, [part]: flipped };
        const facts = (of: readonly SealedRow[] | null) =>
          JSON.stringify(plain(of)?.map((row) => ({ ...row, logId: 0 })));
        const same = facts(unpackSegment(damaged)) === facts(rows);
        // A few bits of a compressed stream carry no meaning; then the rows are the same.
        // The log id is a place, not a fact about the row: the chain does not cover it.
        if (!same || part === "key" || part.endsWith("hash"))
          expect(verifySegment(damaged, digestOf)).toEqual({ kind: "damaged" });
        flips++;
      }
    console.log(`[D26] segments: ${flips} single-bit flips, every change of a row found`);
  });

  it("refuse to be made with a hole", () => {
    const row = { logId: 1, source: 1, at: 1, clientIds: new Uint8Array(), bytes: new Uint8Array() };
    expect(() =>
      sealed([
        { ...row, seq: 1 },
        { ...row, seq: 3 },
      ]),
    ).toThrow("gap at seq 2");
  });

  it("take few bytes per keystroke", () => {
    // Shape of a typing session: one source, 20-byte updates that differ in two bytes.
    const rows = Array.from({ length: 1_000 }, (_, i): SealedRow => {
      const bytes = Buffer.from("0101a8f3d2c9040284a8f3d2c9040301610000", "hex");
      bytes.writeUInt16LE(i, 15);
      return {
        seq: i + 1,
        logId: i + 1,
        source: 1,
        at: 1_400_000_000_000 + i * 180,
        clientIds: encodeClientIds([5]),
        bytes,
      };
    });
    const segment = sealed(rows);
    const perRow = (segment.metadata.length + (segment.bytes?.length ?? 0)) / rows.length;
    console.log(`sealed: ${perRow.toFixed(1)} bytes per keystroke`);
    expect(perRow).toBeLessThan(10);
  });
});
