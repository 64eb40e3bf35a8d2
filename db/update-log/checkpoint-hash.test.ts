import { describe, expect, it } from "vitest";
import { checkpointHash, hashedCheckpoint, isProved } from "./checkpoint-hash.ts";

const owner = { documentId: "a plan", schemaNumber: 1, epoch: "e" };
const row = {
  document: 7,
  seq: 60,
  epoch: "e",
  log_id: 61,
  state: Uint8Array.of(1, 2, 3, 4),
  state_vector: Uint8Array.of(5),
  delete_set: Uint8Array.of(0),
  pieces: new Uint8Array(0),
  at: 1_400_000_000_000,
};

describe("the hash of a checkpoint", () => {
  it("keeps its first encoding for ever: what is stored must be proved in ten years too", () => {
    expect(checkpointHash(owner, row).toString("hex")).toBe(
      "1631d6af1857bb8c7fdbe1238cf85da53a301d9c3d96174b93cb1fc9ddaaca60",
    );
    expect(checkpointHash(owner, { ...row, pieces: Uint8Array.of(1, 1, 3, 4) }).toString("hex")).toBe(
      "6f7798fc6a4d5ed688ac4792fc5acccae424d4b3357c4e407fe13f4f460c630d",
    );
  });

  it("[D26] proves what was written, and nothing with one fact or one byte changed", () => {
    const stored = hashedCheckpoint(owner, row);
    expect(isProved(owner, stored)).toBe(true);
    const changed = [
      { ...stored, seq: 61 },
      { ...stored, epoch: "f" },
      { ...stored, log_id: 62 },
      { ...stored, at: stored.at + 1 },
      { ...stored, state: Uint8Array.of(1, 2, 3, 5) },
      { ...stored, state_vector: Uint8Array.of(6) },
      { ...stored, delete_set: Uint8Array.of(1) },
      // The same bytes, cut at another place.
      { ...stored, state: Uint8Array.of(1, 2, 3), state_vector: Uint8Array.of(4, 5) },
      { ...stored, pieces: Uint8Array.of(0) },
      { ...stored, hash: Buffer.alloc(32) },
      { ...stored, hash: Buffer.alloc(31) },
      { ...stored, hash: null },
    ];
    expect(changed.filter((one) => isProved(owner, one))).toEqual([]);
    expect(isProved({ ...owner, documentId: "another plan" }, stored)).toBe(false);
    expect(isProved({ ...owner, schemaNumber: 2 }, stored)).toBe(false);
    expect(isProved({ ...owner, epoch: "f" }, stored)).toBe(false);
  });
});
