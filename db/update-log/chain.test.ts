import { createHash, createHmac, randomBytes } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  commitment,
  decodeClientIds,
  encodeClientIds,
  encodeMetadata,
  firstHash,
  nextHash,
  sourceDigest,
} from "./chain.ts";
import { ChainWalk } from "./chain-walk.ts";
import { varint } from "./varint.ts";

const source = {
  document: 1,
  epoch: "e",
  lineage: "l",
  schema_number: 1,
  actor_kind: "user",
  user_id: "u",
  side: "provider",
  session_id: null,
};
const row = { document: 1, seq: 2, at: 1_400_000_000_000, clientIds: encodeClientIds([7]), byteLength: 3 };

describe("the hash chain", () => {
  it("commits to bytes with HMAC-SHA-256 as the standard has it", () => {
    for (const length of [0, 1, 63, 64, 65, 5_000]) {
      const [key, bytes] = [randomBytes(32), randomBytes(length)];
      expect(commitment(key, bytes)).toEqual(createHmac("sha256", key).update(bytes).digest());
    }
  });

  it("hashes previous, metadata and commitment, in this order", () => {
    const [previous, metadata, committed] = [randomBytes(32), randomBytes(60), randomBytes(32)];
    const expected = createHash("sha256").update(previous).update(metadata).update(committed).digest();
    expect(nextHash(previous, metadata, committed)).toEqual(expected);
  });

  it("keeps its first encoding for ever: stored chains must verify in ten years too", () => {
    const key = Buffer.alloc(32, 1);
    const metadata = encodeMetadata(row, sourceDigest(source));
    const hash = nextHash(firstHash("a plan"), metadata, commitment(key, new Uint8Array([1, 2, 3])));
    expect(Buffer.from(metadata).toString("hex")).toBe(
      "01010280e082b4df280301071e0835970bbf72b49837bad7687315e02ec5d2d41a5bd750399bf2424351192b",
    );
    expect(Buffer.from(hash).toString("hex")).toBe(
      "ce4453209d05405eaa36d874e5f99f55d24e69e6204f4eb3418316d503c0d62c",
    );
  });

  it("changes with every fact of a row and of its source", () => {
    const base = encodeMetadata(row, sourceDigest(source));
    const others = [
      encodeMetadata({ ...row, document: 2 }, sourceDigest(source)),
      encodeMetadata({ ...row, seq: 3 }, sourceDigest(source)),
      encodeMetadata({ ...row, at: row.at + 1 }, sourceDigest(source)),
      encodeMetadata({ ...row, byteLength: 4 }, sourceDigest(source)),
      encodeMetadata({ ...row, clientIds: encodeClientIds([8]) }, sourceDigest(source)),
      ...Object.keys(source).map((name) => encodeMetadata(row, sourceDigest({ ...source, [name]: "other" }))),
    ];
    for (const other of others) expect(other).not.toEqual(base);
    expect(new Set(others.map((one) => Buffer.from(one).toString("hex"))).size).toBe(others.length);
  });

  it("writes numbers as Yjs does and never throws on broken ones", () => {
    fc.assert(
      fc.property(fc.array(fc.maxSafeNat()), (numbers) => {
        expect(decodeClientIds(encodeClientIds(numbers))).toEqual(numbers);
      }),
    );
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 12 }), (bytes) => {
        const read = varint.read(bytes, 0);
        expect(read === null || Number.isSafeInteger(read.value)).toBe(true);
      }),
    );
    expect(varint.read(new Uint8Array([0x80]), 0)).toBeNull();
    expect(varint.read(new Uint8Array(9).fill(0xff), 0)).toBeNull();
  });

  it("[D26] blames the damaged row and not its neighbours", () => {
    const key = randomBytes(32);
    const digest = sourceDigest(source);
    const chain = () => {
      let hash = firstHash("plan");
      return Array.from({ length: 5 }, (_, i) => {
        const bytes = Buffer.from(`row ${i}`);
        const one = { document: 1, seq: i + 1, at: i, client_ids: encodeClientIds([i]), bytes };
        const metadata = encodeMetadata(
          { ...one, clientIds: one.client_ids, byteLength: bytes.length },
          digest,
        );
        hash = nextHash(hash, metadata, commitment(key, bytes));
        return { ...one, hash: Buffer.from(hash) };
      });
    };
    const walked = (rows: ReturnType<typeof chain>) => {
      const walk = new ChainWalk(firstHash("plan"), key);
      return rows
        .map((one) => walk.step(one, digest))
        .map(({ isIntact, redeems }) => (redeems ? "r" : isIntact ? "+" : "-"))
        .join("");
    };
    expect(walked(chain())).toBe("+++++");
    const bytesFlipped = chain();
    bytesFlipped[2]!.bytes[0]! ^= 1;
    expect(walked(bytesFlipped)).toBe("++-++");
    const hashFlipped = chain();
    hashFlipped[2]!.hash[0]! ^= 1;
    expect(walked(hashFlipped)).toBe("++-r+");
    expect(walked(chain().filter((one) => one.seq !== 3))).toBe("++-+");
  });
});
