/** The SQL of the followers: their cursors and what they derive from the log. */
import type BetterSqlite3 from "better-sqlite3";
import { serverUserId } from "../../db/server-user.ts";
import { archiveHash } from "../../db/update-log/archive-hash.ts";
import type { Author, Carry } from "./author-of.ts";
import { IdRanges } from "./id-ranges.ts";
import { prepared } from "./prepared.ts";
import { thinAfterMs } from "./version-rules.ts";

export const followers = ["authorship", "versions", "search", "checkpoints", "archive"] as const;
export type Follower = (typeof followers)[number];

export interface StoredVersion {
  readonly id: string;
  readonly document_id: string;
  readonly number: number;
  readonly seq: number;
  readonly epoch: string;
  readonly kind: string;
  readonly name: string | null;
  readonly note: string | null;
  readonly snapshot: Uint8Array;
  readonly content_hash: string;
  readonly canon_version: number;
  readonly schema_number: number;
  readonly words: number;
  readonly authors: string;
  readonly created_by: string;
  readonly created_side: string | null;
  readonly created_at: number;
  readonly restored_from: string | null;
  readonly report: string | null;
}

export type Activity = {
  readonly document: number;
  readonly day: string;
  readonly userId: string;
  side: string | null;
  added: number;
  removed: number;
  firstAt: number;
  lastAt: number;
};

export class FollowerTables {
  readonly #sqlite: BetterSqlite3.Database;

  constructor(sqlite: BetterSqlite3.Database) {
    this.#sqlite = sqlite;
  }

  /** `begin immediate`: a reader that turns writer late would fail at once beside the log's writer. */
  inTransaction<T>(work: () => T): T {
    return this.#sqlite.transaction(work).immediate();
  }

  cursors(): Record<Follower, number> {
    const rows = prepared(this.#sqlite, "select name, log_id from follower").raw().all() as [
      string,
      number,
    ][];
    const found = new Map(rows);
    const cursor = (name: Follower) => found.get(name) ?? 0;
    return {
      authorship: cursor("authorship"),
      versions: cursor("versions"),
      search: cursor("search"),
      checkpoints: cursor("checkpoints"),
      archive: cursor("archive"),
    };
  }

  setCursor(name: Follower, logId: number, at: number): void {
    prepared(
      this.#sqlite,
      `insert into follower (name, log_id, at) values (?, ?, ?)
         on conflict (name) do update set log_id = excluded.log_id, at = excluded.at`,
    ).run(name, logId, at);
  }

  /** Per follower, the documents it had to leave behind and how far it got with each. */
  leftBehind(): Record<Follower, Map<number, number>> {
    const behind: Record<Follower, Map<number, number>> = {
      authorship: new Map(),
      versions: new Map(),
      search: new Map(),
      checkpoints: new Map(),
      archive: new Map(),
    };
    const rows = prepared(this.#sqlite, "select document, follower, log_id from set_aside").raw().all() as [
      number,
      string,
      number,
    ][];
    for (const [document, name, logId] of rows) behind[name as Follower]?.set(document, logId);
    return behind;
  }

  leaveBehind(left: { name: Follower; document: number; logId: number; fault: string; at: number }): void {
    prepared(
      this.#sqlite,
      `insert into set_aside (document, follower, log_id, fault, at)
         values (@document, @name, @logId, @fault, @at) on conflict do nothing`,
    ).run(left);
  }

  takeAlong(name: Follower, document: number): void {
    prepared(this.#sqlite, "delete from set_aside where document = ? and follower = ?").run(document, name);
  }

  addDeletion(document: number, seq: number, author: Author, ranges: IdRanges): void {
    prepared(
      this.#sqlite,
      "insert or replace into attr_delete (document, seq, user_id, side, ranges) values (?, ?, ?, ?, ?)",
    ).run(document, seq, author.userId, author.side, ranges.encode());
  }

  addActivity(activity: Activity): void {
    prepared(
      this.#sqlite,
      `insert into activity_day (document, day_on, user_id, side, characters_added, characters_removed, first_at, last_at)
         values (@document, @day, @userId, @side, @added, @removed, @firstAt, @lastAt)
         on conflict (document, day_on, user_id) do update set side = excluded.side,
           characters_added = characters_added + excluded.characters_added,
           characters_removed = characters_removed + excluded.characters_removed,
           first_at = min(first_at, excluded.first_at), last_at = max(last_at, excluded.last_at)`,
    ).run(activity);
  }

  /** Empties what a follower derived, so that it can start again from the first row. */
  empty(name: Follower): void {
    if (name === "authorship") this.#sqlite.exec("delete from attr_delete; delete from activity_day");
    if (name === "search") this.#sqlite.exec("delete from document_text; delete from document_search");
    // The archive is everybody's starting point and must not be ahead of anyone.
    this.#sqlite.exec("delete from archive");
    for (const cursor of [name, "archive"]) {
      prepared(this.#sqlite, "delete from follower where name = ?").run(cursor);
      prepared(this.#sqlite, "delete from set_aside where follower = ?").run(cursor);
    }
  }

  setText(
    document: { id: string; number: number; title: string },
    text: { seq: number; body: string; words: number },
  ): void {
    const known = prepared(this.#sqlite, "select body from document_text where document_id = ?")
      .pluck()
      .get(document.id) as string | undefined;
    prepared(
      this.#sqlite,
      `insert into document_text (document_id, seq, body, words) values (?, ?, ?, ?)
         on conflict (document_id) do update set seq = excluded.seq, body = excluded.body, words = excluded.words`,
    ).run(document.id, text.seq, text.body, text.words);
    if (known === text.body) return;
    prepared(this.#sqlite, "delete from document_search where rowid = ?").run(document.number);
    prepared(this.#sqlite, "insert into document_search (rowid, title, body) values (?, ?, ?)").run(
      document.number,
      document.title,
      text.body,
    );
  }

  /** An older state never replaces a newer one, unless that one is damaged (`replaces`). */
  setArchive(
    row: { number: number; seq: number; logId: number; state: Uint8Array; replaces: boolean },
    owner: { readonly id: string; readonly epoch: string },
    at: number,
  ): void {
    const { number: document, seq, logId: log_id, state } = row;
    const hash = archiveHash(owner.id, { seq, log_id, state });
    prepared(
      this.#sqlite,
      `insert into archive (document, seq, epoch, log_id, state, at, hash)
         values (@document, @seq, @epoch, @log_id, @state, @at, @hash)
         on conflict (document) do update set seq = excluded.seq, epoch = excluded.epoch,
           log_id = excluded.log_id, state = excluded.state, at = excluded.at, hash = excluded.hash
         where excluded.seq > archive.seq or @replaces`,
    ).run({ document, seq, epoch: owner.epoch, log_id, state, at, hash, replaces: Number(row.replaces) });
  }

  version(id: string): StoredVersion | null {
    return (
      (prepared(this.#sqlite, "select * from version where id = ?").get(id) as StoredVersion | undefined) ??
      null
    );
  }

  /** The newest version of a document at or before a row. */
  versionBefore(documentId: string, seq: number): StoredVersion | null {
    return (
      (prepared(
        this.#sqlite,
        "select * from version where document_id = ? and seq <= ? order by seq desc, number desc limit 1",
      ).get(documentId, seq) as StoredVersion | undefined) ?? null
    );
  }

  newestVersion(documentId: string): StoredVersion | null {
    return this.versionBefore(documentId, Number.MAX_SAFE_INTEGER);
  }

  /** Inserts a version once and complete; gives back its number. */
  insertVersion(version: Omit<StoredVersion, "number">, number?: number): number {
    const next =
      number ??
      (prepared(this.#sqlite, "select coalesce(max(number), 0) + 1 from version where document_id = ?")
        .pluck()
        .get(version.document_id) as number);
    prepared(
      this.#sqlite,
      `insert into version (id, document_id, number, seq, epoch, kind, name, note, snapshot, content_hash,
           canon_version, schema_number, words, authors, created_by, created_side, created_at, restored_from, report)
         values (@id, @document_id, @number, @seq, @epoch, @kind, @name, @note, @snapshot, @content_hash,
           @canon_version, @schema_number, @words, @authors, @created_by, @created_side, @created_at, @restored_from, @report)`,
    ).run({ ...version, number: next });
    return next;
  }

  /** Automatic versions that may be thinned, document by document; nothing was restored from them. */
  oldAutomaticVersions(
    now: number,
  ): readonly { id: string; kind: string; at: number; side: string | null }[][] {
    const rows = prepared(
      this.#sqlite,
      `select id, document_id, kind, created_at as at, authors from version
         where kind = 'auto' and created_at < ?
           and id not in (select restored_from from version where restored_from is not null)`,
    ).all(now - thinAfterMs) as {
      id: string;
      document_id: string;
      kind: string;
      at: number;
      authors: string;
    }[];
    const byDocument = Map.groupBy(rows, (row) => row.document_id);
    return [...byDocument.values()].map((versions) =>
      versions.map(({ id, kind, at, authors }) => {
        const shares = JSON.parse(authors) as { side: string | null }[];
        return { id, kind, at, side: shares[0]?.side ?? null };
      }),
    );
  }

  removeVersion(id: string): void {
    prepared(this.#sqlite, "delete from version where id = ?").run(id);
  }

  /** Name of a person; empty where there is none. */
  nameOf(userId: string): string {
    return (
      (prepared(this.#sqlite, "select name from user where id = ?").pluck().get(userId) as
        | string
        | undefined) ?? ""
    );
  }

  carry(document: number): readonly Carry[] {
    return prepared(
      this.#sqlite,
      `select to_client as toClient, to_clock as toClock, length, from_client as fromClient,
           from_clock as fromClock from attr_carry where document = ?`,
    ).all(document) as Carry[];
  }

  leases(lineage: string): ReadonlyMap<number, Author> {
    const rows = prepared(
      this.#sqlite,
      "select client_id, user_id, side from client_lease where lineage = ? and is_verified = 1",
    )
      .raw()
      .all(lineage) as [number, string, string | null][];
    return new Map(rows.map(([client, userId, side]) => [client, { userId, side }]));
  }

  /** Deletions of rows after `afterSeq` up to `toSeq`. */
  deletions(document: number, afterSeq: number, toSeq: number) {
    const rows = prepared(
      this.#sqlite,
      "select user_id, side, ranges from attr_delete where document = ? and seq > ? and seq <= ?",
    ).all(document, afterSeq, toSeq) as { user_id: string; side: string | null; ranges: Buffer }[];
    return rows.map((row) => ({
      author: { userId: row.user_id, side: row.side },
      ranges: IdRanges.decode(row.ranges),
    }));
  }

  readonly serverUserId = serverUserId;
}
