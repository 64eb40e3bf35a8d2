/**
 * What is stored for a version: a Yjs snapshot of a few kB (full JSON only for signed
 * ones, later), the hash of its canonical content, its words, and who wrote since the
 * version before. Everything is computed here from a document standing exactly at the
 * row; storing it is `follow-log.ts`.
 */
import * as Y from "yjs";
import { canonVersion, contentHash } from "../../app/document/canonical.ts";
import { countWords, plainText } from "../../app/document/plain-text.ts";
import { type DocumentContent, readDocument } from "../../app/document/read-fragment.ts";
import { type Author, type Carry, CarryMap } from "./author-of.ts";
import { IdRanges } from "./id-ranges.ts";
import { deletedRanges, documentAt, rangesBelow, textRanges } from "./yjs-history.ts";

export type AuthorShare = {
  readonly userId: string;
  readonly side: string | null;
  /** Characters since the version before. */
  readonly added: number;
  readonly removed: number;
};

export type VersionContent = {
  readonly snapshot: Uint8Array;
  readonly contentHash: string;
  readonly canonVersion: number;
  readonly words: number;
  readonly authors: readonly AuthorShare[];
};

export type AuthorRecord = {
  readonly carry: readonly Carry[];
  readonly leases: ReadonlyMap<number, Author>;
  /** Who deleted what since the version before. */
  readonly deletions: readonly { readonly author: Author; readonly ranges: IdRanges }[];
  /** The server's own user: its words count for nobody. */
  readonly serverUserId: string;
};

/** The content of a version at the row where `doc` stands. `before`: snapshot of the version before. */
export function versionContent(doc: Y.Doc, before: Uint8Array | null, record: AuthorRecord): VersionContent {
  const content = readDocument(doc);
  return {
    snapshot: Y.encodeSnapshotV2(Y.snapshot(doc)),
    contentHash: contentHash(content.json, content.maps),
    canonVersion,
    words: countWords(plainText(content.json)),
    authors: authorsSince(doc, before, record),
  };
}

/** Reads a version out of the document with history. Throws where snapshot or history are damaged. */
export function contentOfSnapshot(doc: Y.Doc, snapshot: Uint8Array): DocumentContent {
  const past = documentAt(doc, Y.decodeSnapshotV2(snapshot));
  const content = readDocument(past);
  past.destroy();
  return content;
}

/**
 * Characters that became visible or vanished between two versions, by author: identity
 * decides, not the wording. Text that came back under new ids counts for nobody.
 */
function authorsSince(doc: Y.Doc, before: Uint8Array | null, record: AuthorRecord): readonly AuthorShare[] {
  const text = textRanges(doc);
  const visible = text.minus(deletedRanges(doc));
  const then = before === null ? null : Y.decodeSnapshotV2(before);
  const visibleThen =
    then === null ? new IdRanges() : text.and(rangesBelow(then.sv)).minus(IdRanges.fromDeleteSet(then.ds));
  const carry = new CarryMap(record.carry);
  const shares = new Map<string, { side: string | null; added: number; removed: number }>();
  const share = (author: Author) => {
    const known = shares.get(author.userId) ?? { side: author.side, added: 0, removed: 0 };
    shares.set(author.userId, known);
    return known;
  };

  // Compared where the text first came from: what was restored in between is no new text.
  const come = piecesOf(visible.minus(visibleThen), carry);
  const gone = piecesOf(visibleThen.minus(visible), carry);
  const both = IdRanges.of(come).and(IdRanges.of(gone));
  for (const piece of come) {
    const author = record.leases.get(piece.client);
    if (author && author.userId !== record.serverUserId)
      share(author).added += IdRanges.of([piece]).minus(both).size;
  }
  const lost = IdRanges.of(
    gone.flatMap((piece) =>
      [...IdRanges.of([piece]).minus(both)].map(({ clock, length }) => ({
        client: piece.at.client,
        clock: piece.at.clock + clock - piece.clock,
        length,
      })),
    ),
  );
  for (const deletion of record.deletions) {
    const removed = deletion.ranges.and(lost).size;
    if (removed > 0 && deletion.author.userId !== record.serverUserId)
      share(deletion.author).removed += removed;
  }
  return [...shares]
    .filter(([, { added, removed }]) => added + removed > 0)
    .map(([userId, found]) => ({ userId, ...found }))
    .sort((a, b) => b.added + b.removed - (a.added + a.removed) || (a.userId < b.userId ? -1 : 1));
}

function piecesOf(ranges: IdRanges, carry: CarryMap) {
  return [...ranges].flatMap((range) => carry.origins(range.client, range.clock, range.length));
}
