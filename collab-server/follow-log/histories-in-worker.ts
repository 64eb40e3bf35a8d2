/**
 * What the histories answer, computed from the followers' documents: cutting a version
 * at a fixed row, inverting history for a restore, reading versions and the present.
 * Runs in the worker; appending the restoring edit is the serving thread's.
 */
import * as Y from "yjs";
import { contentHash } from "../../app/document/canonical.ts";
import { type DocumentContent, readDocument } from "../../app/document/read-fragment.ts";
import { ok, type Result, refuse } from "../../app/domain/result.ts";
import type { CutVersion, DocumentJson } from "../../app/operations/services.ts";
import type { Carry } from "./author-of.ts";
import type { FollowLog } from "./follow-log.ts";
import type { Held } from "./held-documents.ts";
import { IdRanges } from "./id-ranges.ts";
import { invertHistory, keptApart } from "./invert-history.ts";
import { contentOfSnapshot, versionContent } from "./version-content.ts";

export type CutOrder = Omit<CutVersion, "documentId" | "by" | "restoredFrom" | "seq"> & {
  readonly documentId: string;
  readonly by: { readonly userId: string; readonly side: string | null };
  readonly restoredFrom: string | null;
  /** Fixed by the serving thread when the request came. */
  readonly seq: number;
  readonly at: number;
  readonly versionId: string;
  readonly report: string | null;
};

export type RestorePlan = {
  /** Who brings back what, for the people who have the document open. */
  readonly byName: string;
  readonly versionLabel: string;
  readonly document: number;
  readonly epoch: string;
  readonly lineage: string;
  readonly schemaNumber: number;
  readonly update: Uint8Array;
  readonly clientId: number;
  readonly carry: readonly Carry[];
  /** The row that the edit was computed at, and the state there. */
  readonly seq: number;
  readonly logId: number;
  readonly stateVector: Uint8Array;
};

/** What is needed afterwards to find text that the restore pushed aside. */
export type RestoredAt = Pick<RestorePlan, "seq" | "logId" | "stateVector" | "clientId">;

export class HistoriesInWorker {
  readonly #follow: FollowLog;
  readonly #random: () => number;

  /** `random`: a new number below 2^32 each time, for client ids. */
  constructor(follow: FollowLog, random: () => number) {
    this.#follow = follow;
    this.#random = random;
  }

  /**
   * The row of this document that was its newest when the log stood at `upTo`; 0 for now.
   * Refuses `not-found` and `history-damaged`.
   */
  headSeq(documentId: string, upTo: number): Result<number> {
    const now = this.#present(documentId);
    if (!now.ok) return now;
    const { held, facts } = now.value;
    const isNewest = upTo === 0 || held.logId <= upTo;
    return ok(isNewest ? held.seq : (this.#follow.rows.seqAt(facts.number, upTo) ?? held.seq));
  }

  /** Refuses `not-found`, `not-saved` (the row is not durable) and `history-damaged`. */
  cut(order: CutOrder): Result<{ versionId: string; number: number }> {
    const made = this.#follow.tables.version(order.versionId);
    if (made !== null && made.document_id === order.documentId)
      return ok({ versionId: order.versionId, number: made.number });
    const at = this.#standingAt(order.documentId, order.seq);
    if (!at.ok) return at;
    const { held, facts } = at.value;
    // A version says for ever who deleted what; while that is not on record, none is cut.
    if (!this.#follow.knowsAuthors(facts.number)) return refuse("history-damaged");
    const before = this.#follow.tables.versionBefore(facts.id, order.seq);
    const content = versionContent(held.doc, before?.snapshot ?? null, {
      carry: this.#follow.tables.carry(facts.number),
      leases: this.#follow.tables.leases(facts.lineage),
      deletions: this.#follow.deletionsOf(facts.number, before?.seq ?? 0, order.seq),
      serverUserId: this.#follow.tables.serverUserId,
    });
    const number = this.#follow.tables.inTransaction(() =>
      this.#follow.tables.insertVersion({
        id: order.versionId,
        document_id: facts.id,
        seq: order.seq,
        epoch: facts.epoch,
        kind: order.kind,
        name: order.name,
        note: order.note,
        snapshot: content.snapshot,
        content_hash: content.contentHash,
        canon_version: content.canonVersion,
        schema_number: facts.schemaNumber,
        words: content.words,
        authors: JSON.stringify(content.authors),
        created_by: order.by.userId,
        created_side: order.by.side,
        created_at: order.at,
        restored_from: order.restoredFrom,
        report: order.report,
      }),
    );
    return ok({ versionId: order.versionId, number });
  }

  /**
   * The edit that brings a version back, computed at the fixed row `seq`. Refuses
   * `version-elsewhere`, `already-like-this`, `history-damaged`.
   */
  planRestore(documentId: string, versionId: string, seq: number, byUserId: string): Result<RestorePlan> {
    const version = this.#follow.tables.version(versionId);
    if (version === null || version.document_id !== documentId) return refuse("version-elsewhere");
    const at = this.#standingAt(documentId, seq);
    if (!at.ok) return at;
    const { held, facts } = at.value;
    const present = readDocument(held.doc);
    if (contentHash(present.json, present.maps) === version.content_hash) return refuse("already-like-this");
    const past = this.#content(held, version);
    if (past === null) return refuse("history-damaged");
    const leases = this.#follow.tables.leases(facts.lineage);
    let clientId = this.#random();
    while (clientId === 0 || leases.has(clientId) || held.doc.store.clients.has(clientId))
      clientId = this.#random();
    const inverse = invertHistory(held.doc, Y.decodeSnapshotV2(version.snapshot), clientId);
    if (inverse === null) return refuse("already-like-this");
    return ok({
      byName: this.#follow.tables.nameOf(byUserId),
      versionLabel:
        version.name === null ? `version ${version.number}` : `version ${version.number}, “${version.name}”`,
      document: facts.number,
      epoch: facts.epoch,
      lineage: facts.lineage,
      schemaNumber: facts.schemaNumber,
      clientId,
      ...inverse,
      seq,
      logId: held.logId,
      stateVector: Y.encodeStateVector(held.doc),
    });
  }

  /** Text written beside a restore whose block it removed, up to the newest durable row. */
  keptApart(documentId: string, plan: RestoredAt): readonly string[] {
    const now = this.#present(documentId);
    if (!now.ok) return [];
    const { held, facts } = now.value;
    let byHand = new IdRanges();
    for (const row of this.#follow.rows.ofDocument(facts.number, plan.seq + 1, held.seq, plan.logId))
      if (row.isIntact) byHand = byHand.plus(IdRanges.fromDeleteSet(Y.decodeUpdate(row.bytes).ds));
    return keptApart(held.doc, Y.decodeStateVector(plan.stateVector), plan.clientId, byHand);
  }

  /** Refuses `version-elsewhere` and `history-damaged`. */
  readVersion(documentId: string, versionId: string): Result<{ json: DocumentJson; contentHash: string }> {
    const version = this.#follow.tables.version(versionId);
    if (version === null || version.document_id !== documentId) return refuse("version-elsewhere");
    const now = this.#present(documentId);
    if (!now.ok) return now;
    const content = this.#content(now.value.held, version);
    return content === null
      ? refuse("history-damaged")
      : ok({ json: content.json as DocumentJson, contentHash: version.content_hash });
  }

  /**
   * The durable text now. Damage in the past does not keep it from being read. Refuses
   * `not-found`, and `history-damaged` where the document cannot be followed at all.
   */
  readPresent(documentId: string): Result<{ json: DocumentJson; seq: number }> {
    const now = this.#present(documentId);
    if (!now.ok) return now;
    const { held } = now.value;
    return ok({ json: readDocument(held.doc).json as DocumentJson, seq: held.seq });
  }

  #present(documentId: string) {
    this.#follow.read();
    const facts = this.#follow.documents.byId(documentId);
    if (facts === null) return refuse("not-found");
    const held = this.#follow.present(facts.number);
    return held === null ? refuse("history-damaged") : ok({ held, facts });
  }

  #standingAt(documentId: string, seq: number) {
    const now = this.#present(documentId);
    if (!now.ok) return now;
    this.#follow.storeVersions();
    const { held: newest, facts } = now.value;
    if (seq > newest.seq) return refuse("not-saved");
    const held = newest.seq === seq ? newest : this.#follow.documents.replay(facts.number, seq);
    return ok({ held, facts });
  }

  /**
   * Null where what comes out is not what was hashed: then the history is damaged. Yjs
   * itself spoils an emoji that somebody cuts in half, in all of the past; the log, read
   * only up to that version, still has it whole.
   */
  #content(held: Held, version: { seq: number; snapshot: Uint8Array; content_hash: string }) {
    const isWhole = (content: DocumentContent) =>
      contentHash(content.json, content.maps) === version.content_hash;
    try {
      const content = contentOfSnapshot(held.doc, version.snapshot);
      if (isWhole(content)) return content;
    } catch {
      // A snapshot that cannot be read: the log may still tell.
    }
    const replayed = readDocument(this.#follow.documents.replay(held.number, version.seq).doc);
    return isWhole(replayed) ? replayed : null;
  }
}
