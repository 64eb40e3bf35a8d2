/** The statements of the log's writer, prepared once per connection. */
import type Sqlite from "better-sqlite3";

export function prepareWriter(sqlite: Sqlite.Database) {
  return {
    begin: sqlite.prepare("begin immediate"),
    commit: sqlite.prepare("commit"),
    rollback: sqlite.prepare("rollback"),
    /** Changes when, and only when, another connection has committed. */
    dataVersion: sqlite.prepare("pragma data_version").pluck(),
    source: sqlite.prepare(
      `select document, epoch, lineage, schema_number, actor_kind, user_id, side, session_id
       from log_source where id = ?`,
    ),
    recoveringUntil: sqlite.prepare("select recovering_until from document where number = ?").pluck(),
    insertSource: sqlite.prepare(
      `insert into log_source (document, epoch, lineage, schema_number, actor_kind, user_id, side, session_id)
       values (?, ?, ?, ?, ?, ?, ?, ?)`,
    ),
    insertRow: sqlite.prepare(
      "insert into log (source, document, seq, at, client_ids, bytes, hash) values (?, ?, ?, ?, ?, ?, ?)",
    ),
    insertCarry: sqlite.prepare(
      `insert into attr_carry (document, to_client, to_clock, length, from_client, from_clock, kind, seq)
       values (?, ?, ?, ?, ?, ?, ?, ?)`,
    ),
    insertVersion: sqlite.prepare(
      `insert into version (id, document_id, number, seq, epoch, kind, name, note, snapshot, content_hash,
         canon_version, schema_number, words, authors, created_by, created_side, created_at, restored_from,
         report)
       values (@id, @document_id, @number, @seq, @epoch, @kind, @name, @note, @snapshot, @content_hash,
         @canon_version, @schema_number, @words, @authors, @created_by, @created_side, @created_at,
         @restored_from, @report)`,
    ),
  };
}
