/**
 * Full-text search over titles and texts (SQLite FTS5). What somebody typed becomes a
 * row of quoted words and travels as one bound parameter: no operator of FTS5 and no
 * piece of SQL can come from it (promise S14). Access is part of the query.
 */
import { type Kysely, sql } from "kysely";
import { markedText, type PassagePart } from "../../app/document/passage.ts";
import type { DocumentKind } from "../../app/domain/documents.ts";
import type { DocumentId, PartnershipId, UserId } from "../../app/domain/ids.ts";
import type { Schema } from "../schema.ts";

/** So much of a text is looked through for the passage, characters; a later hit shows its beginning. */
const passageWithin = 200_000;

/**
 * An FTS5 expression that finds all these words, the last one also as a beginning. Every
 * word is quoted, so that `NEAR`, `*`, `:` or `"` are ordinary text.
 */
export function matchExpression(words: readonly string[]): string {
  return words.map((word, index) => `"${word}"${index === words.length - 1 ? "*" : ""}`).join(" ");
}

export type SearchHit = {
  readonly documentId: DocumentId;
  readonly title: readonly PassagePart[];
  readonly passage: readonly PassagePart[];
  readonly kind: DocumentKind;
  readonly partnershipId: PartnershipId;
  readonly partnershipTitle: string;
  readonly isArchived: boolean;
};

type HitRow = {
  id: string;
  kind: string;
  partnership_id: string;
  partnership_title: string;
  archived_at: number | null;
  title: string;
  passage: string;
};

/**
 * Documents that hold all the words (at least one) and that this person may read, best
 * first; the title weighs eight times the text. `partnershipId` narrows to one
 * partnership. Passages are made for the documents that are shown, not for all found.
 */
export async function findDocuments(
  db: Kysely<Schema>,
  userId: UserId,
  words: readonly string[],
  options: { readonly partnershipId: string | null; readonly limit: number },
): Promise<readonly SearchHit[]> {
  const only = options.partnershipId;
  const result = await sql<HitRow>`
    with hit as materialized (
      select document_search.rowid as number, document.id, document.kind, document.partnership_id,
        document.archived_at, partnership.title as partnership_title,
        bm25(document_search, 8.0, 1.0) as rank
      from document_search
      join document on document.number = document_search.rowid
      join partnership on partnership.id = document.partnership_id
      join user on user.id = ${userId} and user.status = 'active'
      left join membership on membership.partnership_id = document.partnership_id
        and membership.user_id = user.id and membership.status = 'active'
      where document_search match ${matchExpression(words)}
        and (user.is_programme_admin = 1 or membership.role in ('leader','facilitator','editor','commenter'))
        and (${only} is null or document.partnership_id = ${only})
      order by document.archived_at is not null, rank, document.number
      limit ${options.limit}
    )
    select hit.id, hit.kind, hit.partnership_id, hit.archived_at, hit.partnership_title, text.title,
      passage(substr(text.body, 1, ${passageWithin}), ${JSON.stringify(words)}) as passage
    from hit cross join document_search as text on text.rowid = hit.number
    order by hit.archived_at is not null, hit.rank, hit.number`.execute(db);
  return result.rows.map((row) => ({
    documentId: row.id as DocumentId,
    title: markedText(row.title, words),
    passage: JSON.parse(row.passage) as PassagePart[],
    kind: row.kind as DocumentKind,
    partnershipId: row.partnership_id as PartnershipId,
    partnershipTitle: row.partnership_title,
    isArchived: row.archived_at !== null,
  }));
}

/** Puts a document's title and text under search; what stood there before is replaced. */
export async function indexDocument(
  db: Kysely<Schema>,
  document: { readonly number: number; readonly title: string; readonly body: string },
): Promise<void> {
  await sql`delete from document_search where rowid = ${document.number}`.execute(db);
  await sql`insert into document_search (rowid, title, body)
    values (${document.number}, ${document.title}, ${document.body})`.execute(db);
}

/** Keeps the searched title equal to the document's. */
export async function retitleInSearch(db: Kysely<Schema>, number: number, title: string): Promise<void> {
  await sql`update document_search set title = ${title} where rowid = ${number}`.execute(db);
}
