/**
 * Cuts the automatic versions while the log is read: "created" at the first row,
 * "auto" after a pause with enough change, "hand-over" where the other side takes up.
 * The rules are `version-rules.ts`; a version is always cut at a row that the document
 * stands exactly at, and carries that row's time.
 */
import { plainText } from "../../app/document/plain-text.ts";
import { readDocument } from "../../app/document/read-fragment.ts";
import type { Author } from "./author-of.ts";
import type { FollowerTables, StoredVersion } from "./follower-tables.ts";
import type { Held, HeldDocuments } from "./held-documents.ts";
import type { IdRanges } from "./id-ranges.ts";
import type { LogRow } from "./log-rows.ts";
import { contentOfSnapshot, versionContent } from "./version-content.ts";
import { automaticVersion, idleMs, versionsToThin, wordsChanged, wordsChangedMin } from "./version-rules.ts";

type NewVersion = Omit<StoredVersion, "number">;
export type DeletionsOf = (
  document: number,
  afterSeq: number,
  toSeq: number,
) => readonly { readonly author: Author; readonly ranges: IdRanges }[];

export class AutomaticVersions {
  readonly #tables: FollowerTables;
  readonly #documents: HeldDocuments;
  readonly #newId: () => string;
  readonly #deletions: DeletionsOf;
  /** Documents with people's rows since the last pause: number → time of the newest. */
  readonly #open = new Map<number, number>();
  readonly #waiting = new Map<number, { version: NewVersion; replaces: StoredVersion | null }[]>();

  constructor(tables: FollowerTables, documents: HeldDocuments, newId: () => string, deletions: DeletionsOf) {
    this.#tables = tables;
    this.#documents = documents;
    this.#newId = newId;
    this.#deletions = deletions;
  }

  /** Before a row is applied: did a piece of work end with the row before it? */
  before(held: Held, row: LogRow): void {
    if (held.seq === 0 || row.at - held.at < idleMs || !row.isIntact || row.source === null) return;
    if (row.source.actorKind !== "user" && row.source.actorKind !== "demo") return;
    const kind = automaticVersion({
      gapMs: row.at - held.at,
      lastSide: held.lastSide,
      nextSide: row.source.side,
      wordsChanged: () => this.#wordsChanged(held),
    });
    if (kind) this.#cut(held, kind, null);
  }

  after(held: Held, row: LogRow): void {
    if (!row.isIntact || row.source === null) return;
    if (row.seq === 1) this.#cut(held, "created", { userId: row.source.userId, side: row.source.side });
    // Demonstration history lies years back; its pauses are told by its next row alone.
    if (row.source.actorKind === "user") this.#open.set(held.number, row.at);
  }

  /** Documents that nobody wrote into for long enough. */
  quietAt(now: number): readonly number[] {
    return [...this.#open].filter(([, at]) => now - at >= idleMs).map(([number]) => number);
  }

  /** Cuts the version of a document that `quietAt` named. */
  quiet(number: number): void {
    const held = this.#documents.hold(number);
    if (this.#wordsChanged(held) >= wordsChangedMin) this.#cut(held, "auto", null);
    this.#open.delete(number);
  }

  get hasWaiting(): boolean {
    return this.#waiting.size > 0;
  }

  /** Documents with versions that are not stored. */
  documents(): readonly number[] {
    return [...this.#waiting.keys()];
  }

  /** Inside the followers' transaction. */
  store(number: number): void {
    for (const { version, replaces } of this.#waiting.get(number) ?? []) {
      if (replaces) this.#tables.removeVersion(replaces.id);
      this.#tables.insertVersion(version, replaces?.number);
    }
  }

  /** What was cut of a document is stored, or will be cut anew. */
  drop(number: number): void {
    this.#waiting.delete(number);
  }

  /** Removes automatic versions that are old and not the last of their day and side. */
  thin(now: number): number {
    let count = 0;
    for (const versions of this.#tables.oldAutomaticVersions(now)) {
      const gone = versionsToThin(versions, now);
      count += gone.length;
      this.#tables.inTransaction(() => {
        for (const id of gone) this.#tables.removeVersion(id);
      });
    }
    return count;
  }

  /** The newest version at or before where the document stands, stored or about to be. */
  #newest(held: Held, documentId: string): StoredVersion | NewVersion | null {
    const waiting = this.#waiting.get(held.number)?.at(-1)?.version ?? null;
    const stored = this.#tables.versionBefore(documentId, held.seq);
    return waiting !== null && waiting.seq >= (stored?.seq ?? 0) ? waiting : stored;
  }

  #wordsChanged(held: Held): number {
    const { id } = this.#documents.facts(held.number);
    const newest = this.#newest(held, id);
    if (newest === null) return Number.POSITIVE_INFINITY;
    if (newest.seq >= held.seq && newest.kind !== "auto") return 0;
    const base = newest.seq >= held.seq ? this.#tables.versionBefore(id, held.seq - 1) : newest;
    const before = base === null ? "" : plainText(contentOfSnapshot(held.doc, base.snapshot).json);
    return wordsChanged(before, plainText(readDocument(held.doc).json));
  }

  #cut(held: Held, kind: "created" | "auto" | "handover", by: Author | null): void {
    const facts = this.#documents.facts(held.number);
    const newest = this.#newest(held, facts.id);
    let replaces: StoredVersion | null = null;
    let base = newest;
    if (newest && newest.seq >= held.seq) {
      // The same text was kept as "auto" when the pause began; now it is known why it ended.
      if (kind !== "handover" || newest.kind !== "auto" || !("number" in newest)) return;
      replaces = newest;
      base = this.#tables.versionBefore(facts.id, held.seq - 1);
    }
    const content = versionContent(held.doc, base?.snapshot ?? null, {
      carry: this.#tables.carry(held.number),
      leases: this.#tables.leases(facts.lineage),
      deletions: this.#deletions(held.number, base?.seq ?? 0, held.seq),
      serverUserId: this.#tables.serverUserId,
    });
    if (base && base.content_hash === content.contentHash) return;
    const waiting = this.#waiting.get(held.number) ?? [];
    this.#waiting.set(held.number, waiting);
    waiting.push({
      replaces,
      version: {
        id: this.#newId(),
        document_id: facts.id,
        seq: held.seq,
        epoch: facts.epoch,
        kind,
        name: null,
        note: null,
        snapshot: content.snapshot,
        content_hash: content.contentHash,
        canon_version: content.canonVersion,
        schema_number: facts.schemaNumber,
        words: content.words,
        authors: JSON.stringify(content.authors),
        created_by: by?.userId ?? this.#tables.serverUserId,
        created_side: by?.side ?? null,
        created_at: held.at,
        restored_from: null,
        report: null,
      },
    });
  }
}
