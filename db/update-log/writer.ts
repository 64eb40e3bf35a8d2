/**
 * The one hand that writes the log (rulings 3). It owns a SQLite connection and turns
 * a batch into one synced transaction: sources, leases, then rows, each row judged
 * inside that transaction. Runs in a worker thread (`writer-worker.ts`); here is no
 * thread and no waiting, so that every step can be tested alone.
 */
import Sqlite from "better-sqlite3";
import { documentBytesMax } from "../../app/domain/documents.ts";
import { isRecovering } from "../../app/domain/recovery.ts";
import { setPragmas } from "../pragmas.ts";
import { serverUserId } from "../server-user.ts";
import {
  commitment,
  encodeClientIds,
  encodeMetadata,
  hashBytes,
  nextHash,
  type SourceFacts,
  sourceDigest,
} from "./chain.ts";
import { type Head, Heads } from "./heads.ts";
import { Leases } from "./leases.ts";
import { type Batch, type BatchAnswer, type RefusalReason, refusalReasons } from "./messages.ts";
import { type Judgement, Rights } from "./rights.ts";
import type { Companions } from "./rows.ts";
import { prepareWriter } from "./writer-statements.ts";

export interface Source {
  readonly facts: SourceFacts;
  readonly digest: Uint8Array;
}

/** SQLite's reasons that pass by themselves or by making room; everything else is a bug. */
const storageCodes =
  /^SQLITE_(FULL|IOERR|BUSY|LOCKED|READONLY|CANTOPEN|NOMEM|PROTOCOL|CORRUPT|NOTADB|PERM|NOLFS)/;

/** Sources and judgements remembered at once; the tables are asked again for others. */
const rememberedMax = 10_000;

export class Writer {
  readonly sqlite: Sqlite.Database;
  readonly heads: Heads;
  readonly #rights: Rights;
  readonly #leases: Leases;
  readonly #sources = new Map<number, Source>();
  readonly #statements: ReturnType<typeof prepareWriter>;
  /** Judgements since another connection last committed something. */
  readonly #judgements = new Map<number, Judgement>();
  #dataVersion = -1;
  #hasWritten = false;

  constructor(path: string) {
    this.sqlite = new Sqlite(path, { fileMustExist: true });
    setPragmas(this.sqlite);
    // A lock held elsewhere is waited for outside SQLite, so that readers are served meanwhile.
    this.sqlite.pragma("busy_timeout = 0");
    this.#statements = prepareWriter(this.sqlite);
    this.heads = new Heads(this.sqlite);
    this.#rights = new Rights(this.sqlite);
    this.#leases = new Leases(this.sqlite);
  }

  close(): void {
    this.sqlite.close();
  }

  /**
   * Commits a batch. `busy`: another connection holds the lock and nothing was tried.
   * When the disk refuses, everything of the batch is answered `storage`, and what is
   * known in memory goes back to what is on disk.
   */
  commit(batch: Batch): BatchAnswer | "busy" {
    try {
      this.#statements.begin.run();
    } catch (error) {
      const code = codeOf(error);
      if (code.startsWith("SQLITE_BUSY")) return "busy";
      return failure(error);
    }
    const touched = new Map<Head, { seq: number; hash: Uint8Array; ids: number; bytes: number }>();
    try {
      const answer = this.#write(batch, touched);
      this.#statements.commit.run();
      this.#leases.keep();
      if (!this.#hasWritten) {
        // SQLite may fall back to NORMAL at the first write of a connection (M10).
        this.sqlite.pragma("synchronous = FULL");
        this.#hasWritten = true;
      }
      return answer;
    } catch (error) {
      for (const [head, before] of touched) {
        head.seq = before.seq;
        head.hash = before.hash;
        head.ids.length = before.ids;
        head.bytes = before.bytes;
      }
      this.#leases.forget();
      this.#judgements.clear();
      if (this.sqlite.inTransaction) this.#statements.rollback.run();
      return failure(error);
    }
  }

  /** A source by its id, as the log keeps it. */
  source(id: number): Source | null {
    const known = this.#sources.get(id);
    if (known !== undefined) return known;
    const facts = this.#statements.source.get(id) as SourceFacts | undefined;
    if (facts === undefined) return null;
    const source = { facts, digest: sourceDigest(facts) };
    if (this.#sources.size >= rememberedMax) this.#sources.clear();
    this.#sources.set(id, source);
    return source;
  }

  #write(
    batch: Batch,
    touched: Map<Head, { seq: number; hash: Uint8Array; ids: number; bytes: number }>,
  ): BatchAnswer {
    const sources = batch.sources.map((source) =>
      Number(
        this.#statements.insertSource.run(
          source.document,
          source.epoch,
          source.lineage,
          source.schemaNumber,
          source.actorKind,
          source.userId,
          source.side,
          source.sessionId,
        ).lastInsertRowid,
      ),
    );
    const refusedLeases = batch.leases.map((order) => this.#leases.take(order));

    const dataVersion = this.#statements.dataVersion.get() as number;
    if (dataVersion !== this.#dataVersion) {
      this.#dataVersion = dataVersion;
      this.#judgements.clear();
    }
    const companions = new Map(batch.companions);
    const appended: number[] = [];
    const faults: [number, string][] = [];
    const rows = batch.heads.length === 0 ? 0 : countRows(batch.heads);
    const hashes = new Uint8Array(rows * hashBytes);
    let byte = 0;
    for (let at = 0, index = 0; at < batch.heads.length; index++) {
      const [document = 0, source = 0, time = 0, byteLength = 0, idCount = 0] = batch.heads.slice(at, at + 5);
      const clientIds = batch.heads.slice(at + 5, at + 5 + idCount);
      const bytes = batch.bytes.subarray(byte, byte + byteLength);
      at += 5 + idCount;
      byte += byteLength;
      const outcome = this.#append(
        { document, source, at: time, clientIds, bytes, now: batch.now, companions: companions.get(index) },
        touched,
      );
      if (outcome.kind === "refused") {
        appended.push(-1 - refusalReasons.indexOf(outcome.reason), 0);
        if (outcome.fault !== undefined) faults.push([index, outcome.fault]);
      } else {
        appended.push(outcome.seq, outcome.logId);
        hashes.set(outcome.hash, index * hashBytes);
      }
    }
    return { kind: "committed", sources, refusedLeases, appended, hashes, faults };
  }

  #append(
    row: {
      readonly document: number;
      readonly source: number;
      readonly at: number;
      readonly clientIds: readonly number[];
      readonly bytes: Uint8Array;
      readonly now: number;
      readonly companions: Companions | undefined;
    },
    touched: Map<Head, { seq: number; hash: Uint8Array; ids: number; bytes: number }>,
  ):
    | { kind: "appended"; seq: number; logId: number; hash: Uint8Array }
    | { kind: "refused"; reason: RefusalReason; fault?: string } {
    const source = this.source(row.source);
    if (source === null || source.facts.document !== row.document) return { kind: "refused", reason: "gone" };
    const right = this.#judge(row.source, source, row.now);
    if (right !== null) return { kind: "refused", reason: right };
    const head = this.heads.of(row.document);
    if (head === null) return { kind: "refused", reason: "gone" };
    if (head.bytes + row.bytes.length > documentBytesMax) {
      this.heads.measure(head);
      if (head.bytes + row.bytes.length > documentBytesMax) return { kind: "refused", reason: "too-large" };
    }
    if (!this.#ownsAll(source.facts, row)) return { kind: "refused", reason: "lease-refused" };

    if (!touched.has(head))
      touched.set(head, { seq: head.seq, hash: head.hash, ids: head.ids.length, bytes: head.bytes });
    const seq = head.seq + 1;
    const clientIds = encodeClientIds(row.clientIds);
    const metadata = encodeMetadata(
      { document: row.document, seq, at: row.at, clientIds, byteLength: row.bytes.length },
      source.digest,
    );
    const hash = nextHash(head.hash, metadata, commitment(head.key, row.bytes));
    const insert = () =>
      Number(
        this.#statements.insertRow.run(row.source, row.document, seq, row.at, clientIds, row.bytes, hash)
          .lastInsertRowid,
      );
    let logId: number;
    if (row.companions === undefined) {
      logId = insert();
    } else {
      const companions = row.companions;
      try {
        // A nested transaction: companions that the tables refuse take only their own row along.
        logId = this.sqlite.transaction(() => {
          const id = insert();
          this.#insertCompanions(row.document, seq, companions);
          return id;
        })();
      } catch (error) {
        if (!codeOf(error).startsWith("SQLITE_CONSTRAINT")) throw error;
        return { kind: "refused", reason: "gone", fault: messageOf(error) };
      }
    }
    head.seq = seq;
    head.hash = hash;
    head.ids.push(logId);
    head.bytes += row.bytes.length;
    return { kind: "appended", seq, logId, hash };
  }

  #judge(id: number, source: Source, now: number): RefusalReason | null {
    const known = this.#judgements.get(id);
    if (known !== undefined && now < known.until) return known.refused;
    const judgement = this.#rights.judge(source.facts, now);
    if (this.#judgements.size >= rememberedMax) this.#judgements.clear();
    this.#judgements.set(id, judgement);
    return judgement.refused;
  }

  /**
   * Every client id whose structs a row adds belongs to whoever sends it (promise W10);
   * a server edit's fresh id is leased here, to the server's own user (rulings 9).
   */
  #ownsAll(
    facts: SourceFacts,
    row: { readonly clientIds: readonly number[]; readonly at: number; readonly now: number },
  ): boolean {
    const owner =
      facts.actor_kind === "server" || facts.actor_kind === "import" ? serverUserId : facts.user_id;
    for (const clientId of row.clientIds) {
      const known = this.#leases.ownerOf(facts.lineage, clientId);
      if (known === owner) continue;
      if (known === null && facts.actor_kind !== "user") {
        this.#leases.take({
          lineage: facts.lineage,
          clientIds: [clientId],
          userId: owner,
          side: owner === serverUserId ? null : facts.side,
          sessionId: null,
          at: row.at,
        });
        continue;
      }
      const until = this.#statements.recoveringUntil.get(facts.document) as number | undefined;
      if (!isRecovering(until ?? 0, row.now)) return false;
      if (known === null) this.#leases.takeUnverified(facts, clientId, row.at);
    }
    return true;
  }

  #insertCompanions(document: number, seq: number, companions: Companions): void {
    for (const carry of companions.carry ?? [])
      this.#statements.insertCarry.run(
        document,
        carry.toClient,
        carry.toClock,
        carry.length,
        carry.fromClient,
        carry.fromClock,
        carry.kind,
        seq,
      );
    if (companions.version !== undefined) this.#statements.insertVersion.run({ ...companions.version, seq });
  }
}

function countRows(heads: readonly number[]): number {
  let rows = 0;
  for (let at = 0; at < heads.length; at += 5 + (heads[at + 4] ?? 0)) rows++;
  return rows;
}

function failure(error: unknown): BatchAnswer {
  return storageCodes.test(codeOf(error))
    ? { kind: "storage", message: `${codeOf(error)}: ${messageOf(error)}` }
    : { kind: "fault", message: messageOf(error) };
}

function codeOf(error: unknown): string {
  return error instanceof Sqlite.SqliteError ? error.code : "";
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
