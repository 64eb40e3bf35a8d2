/**
 * Versions of a document as people see them: number, name, who wrote since the one
 * before. The caller has asked `may` for the document; every query also names the
 * document, so that a version of another one is simply not found (promise S1).
 */
import type { Kysely } from "kysely";
import type { DocumentId, UserId, VersionId } from "../../app/domain/ids.ts";
import { isSide, type Side } from "../../app/domain/sides.ts";
import type { Schema } from "../schema.ts";

export type VersionKind = "created" | "auto" | "handover" | "named" | "before_restore" | "restored";

export type VersionAuthor = {
  readonly userId: UserId;
  readonly name: string;
  readonly side: Side | null;
  /** Characters since the version before. */
  readonly added: number;
  readonly removed: number;
};

export type VersionRow = {
  readonly id: VersionId;
  readonly number: number;
  readonly seq: number;
  readonly kind: VersionKind;
  readonly name: string | null;
  readonly note: string | null;
  readonly words: number;
  readonly contentHash: string;
  readonly createdAt: number;
  /** Who cut it; null where it was cut by rule. */
  readonly createdBy: { readonly userId: UserId; readonly name: string; readonly side: Side | null } | null;
  readonly authors: readonly VersionAuthor[];
  /** The version that was brought back by it. */
  readonly restoredFrom: {
    readonly id: VersionId;
    readonly number: number;
    readonly name: string | null;
  } | null;
  /** Text a restore could not keep in its place. */
  readonly keptApart: readonly string[];
  /** When the rows it is made of were erased (ADR 0011), ms; null while it can be read. */
  readonly erasedAt: number | null;
};

const columns = (db: Kysely<Schema>, documentId: DocumentId) =>
  db
    .selectFrom("version")
    .leftJoin("user", (join) =>
      join.onRef("user.id", "=", "version.created_by").on("user.kind", "=", "person"),
    )
    .leftJoin("version as source", "source.id", "version.restored_from")
    .select([
      "version.id",
      "version.number",
      "version.seq",
      "version.kind",
      "version.name",
      "version.note",
      "version.words",
      "version.content_hash",
      "version.created_at",
      "version.created_by",
      "version.created_side",
      "version.authors",
      "version.report",
      "user.name as creator",
      "source.id as source_id",
      "source.number as source_number",
      "source.name as source_name",
    ])
    // A purge takes whole segments: a version that ends in one or before it has lost its rows.
    .select((of) =>
      of
        .selectFrom("segment")
        .innerJoin("document", "document.number", "segment.document")
        .select((segment) => segment.fn.min("segment.purged_at").as("at"))
        .whereRef("document.id", "=", "version.document_id")
        .whereRef("segment.to_seq", ">=", "version.seq")
        .where("segment.purged_at", "is not", null)
        .as("erased_at"),
    )
    .where("version.document_id", "=", documentId);
type Columns = Awaited<ReturnType<ReturnType<typeof columns>["execute"]>>[number];

type Share = { userId: string; side: string | null; added: number; removed: number };

async function withNames(db: Kysely<Schema>, rows: readonly Columns[]): Promise<readonly VersionRow[]> {
  const shares = new Map(rows.map((row) => [row.id, JSON.parse(row.authors) as readonly Share[]]));
  const ids = [...new Set([...shares.values()].flat().map((share) => share.userId))];
  const people =
    ids.length === 0
      ? []
      : await db.selectFrom("user").select(["id", "name"]).where("id", "in", ids).execute();
  const names = new Map(people.map((person) => [person.id, person.name]));
  return rows.map((row) => ({
    id: row.id as VersionId,
    number: row.number,
    seq: row.seq,
    kind: row.kind as VersionKind,
    name: row.name,
    note: row.note,
    words: row.words,
    contentHash: row.content_hash,
    createdAt: row.created_at,
    createdBy:
      row.creator === null
        ? null
        : { userId: row.created_by as UserId, name: row.creator, side: sideOf(row.created_side) },
    authors: (shares.get(row.id) ?? []).flatMap((share) => {
      const name = names.get(share.userId);
      return name === undefined
        ? []
        : [{ ...share, userId: share.userId as UserId, side: sideOf(share.side), name }];
    }),
    restoredFrom:
      row.source_id === null || row.source_number === null
        ? null
        : { id: row.source_id as VersionId, number: row.source_number, name: row.source_name },
    erasedAt: row.erased_at,
    keptApart:
      row.report === null ? [] : ((JSON.parse(row.report) as { keptApart?: string[] }).keptApart ?? []),
  }));
}

function sideOf(text: string | null): Side | null {
  return isSide(text) ? text : null;
}

/** Versions of a document, newest first. */
export async function versionsOfDocument(
  db: Kysely<Schema>,
  documentId: DocumentId,
  page: { readonly limit: number; readonly before?: number } = { limit: 500 },
): Promise<readonly VersionRow[]> {
  const rows = await columns(db, documentId)
    .where("version.number", "<", page.before ?? Number.MAX_SAFE_INTEGER)
    .orderBy("version.number", "desc")
    .limit(page.limit)
    .execute();
  return withNames(db, rows);
}

/** One version of this document, or null: also for a version of another document. */
export async function versionOfDocument(
  db: Kysely<Schema>,
  documentId: DocumentId,
  versionId: string,
): Promise<VersionRow | null> {
  const rows = await columns(db, documentId).where("version.id", "=", versionId).execute();
  return (await withNames(db, rows))[0] ?? null;
}
