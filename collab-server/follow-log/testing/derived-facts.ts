/**
 * Everything that followers derive from the log, in a form that two runs can be compared
 * by, and the same from a run that starts on an untouched copy of the log.
 */
import { rmSync } from "node:fs";
import Sqlite from "better-sqlite3";
import * as Y from "yjs";
import { contentHash } from "../../../app/document/canonical.ts";
import { readDocument } from "../../../app/document/read-fragment.ts";
import { setPragmas } from "../../../db/pragmas.ts";
import { unpackState } from "../yjs-history.ts";
import type { FollowWorld } from "./plan-world.ts";

/** A document's facts under the name of the table they stand in. */
export type DerivedFacts = Readonly<Record<string, readonly unknown[]>>;

/** Facts of the documents with these numbers; without the ids that are drawn anew each time. */
export function derivedFacts(sqlite: Sqlite.Database, documents: readonly number[]): DerivedFacts {
  const all = (text: string) =>
    documents.flatMap((document) => sqlite.prepare(text).all(document) as Record<string, unknown>[]);
  const hashOf = (state: Buffer) => {
    const doc = new Y.Doc();
    Y.applyUpdate(doc, state);
    const { json, maps } = readDocument(doc);
    return contentHash(json, maps);
  };
  return {
    deletions: all(
      "select document, seq, user_id, side, hex(ranges) from attr_delete where document = ? order by seq",
    ),
    activity: all("select * from activity_day where document = ? order by day_on, user_id"),
    texts: all(
      `select document_text.* from document_text join document on document.id = document_id where number = ?`,
    ),
    search: all("select rowid, title, body from document_search where rowid = ?"),
    versions: all(
      `select document_id, version.number, seq, version.epoch, version.kind, hex(snapshot), content_hash, words,
         authors, version.created_by, created_side, version.created_at
         from version join document on document.id = document_id where document.number = ? order by version.number`,
    ),
    checkpoints: all(
      "select document, seq, state from checkpoint where document = ? order by seq desc limit 1",
    ).map(({ state, ...row }) => ({ ...row, content: hashOf(state as Buffer) })),
    archive: all("select document, seq, log_id, state from archive where document = ?").map(
      ({ state, ...row }) => {
        const { json, maps } = readDocument(unpackState(state as Buffer));
        return { ...row, content: contentHash(json, maps) };
      },
    ),
  };
}

/** The facts that followers find who start on a copy of the log; `change` may damage the copy before. */
export function factsOfAFreshRun(
  world: FollowWorld,
  documents: readonly { readonly id: string; readonly number: number }[],
  change: (sqlite: Sqlite.Database) => void = () => undefined,
): DerivedFacts {
  const path = freshCopy(world);
  rmSync(path, { force: true });
  world.sqlite().prepare("vacuum into ?").run(path);
  const sqlite = new Sqlite(path);
  setPragmas(sqlite);
  sqlite.exec(`
    drop trigger version_is_kept; drop trigger if exists refused;
    delete from follower; delete from set_aside; delete from attr_delete; delete from activity_day;
    delete from version; delete from document_text; delete from document_search; delete from archive;
    delete from checkpoint where seq > 1`);
  change(sqlite);
  const { follow } = world.follow({ sqlite });
  follow.read();
  for (const { id } of documents) follow.left(id);
  follow.flush({ all: true, now: 0 });
  const facts = derivedFacts(
    sqlite,
    documents.map(({ number }) => number),
  );
  sqlite.close();
  return facts;
}

/** Where the copy of the last fresh run lies. */
export function freshCopy(world: FollowWorld): string {
  return `${world.database.path}-fresh`;
}
