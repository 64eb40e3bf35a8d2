/**
 * Full-text search over titles and texts (SQLite FTS5). What somebody typed becomes a
 * row of quoted words and travels as one bound parameter: no operator of FTS5 and no
 * piece of SQL can come from it (promise S14). Access is part of the query.
 */
import { type Kysely, sql } from "kysely";
import type { DocumentKind } from "../../app/domain/documents.ts";
import type { DocumentId, PartnershipId, UserId } from "../../app/domain/ids.ts";
import type { Schema } from "../schema.ts";

/** Most words of a search that are looked for; the rest adds nothing a person could tell. */
export const searchWordsMax = 12;

/**
 * An FTS5 expression that finds all these words, the last one also as a beginning.
 * Null when the text holds no letter and no digit. Every word is quoted, so that
 * `NEAR`, `*`, `:` or `"` are ordinary text.
 */
export function matchExpression(typed: string): string | null {
  const words = [...typed.normalize("NFC").matchAll(/[\p{L}\p{N}\p{M}]+/gu)]
    .map((match) => match[0])
    .filter((word) => /[\p{L}\p{N}]/u.test(word))
    .slice(0, searchWordsMax)
    .map((word) => word.slice(0, 64));
  if (words.length === 0) return null;
  return words.map((word, index) => `"${word}"${index === words.length - 1 ? "*" : ""}`).join(" ");
}

/** A piece of the passage; found words are marked, so that no HTML travels. */
export type PassagePart = { readonly text: string; readonly isFound: boolean };

export type SearchHit = {
  readonly documentId: DocumentId;
  readonly title: readonly PassagePart[];
  readonly passage: readonly PassagePart[];
  readonly kind: DocumentKind;
  readonly partnershipId: PartnershipId;
  readonly partnershipTitle: string;
  readonly isArchived: boolean;
};

// Control characters cannot be typed into a document: its schema strips them.
const opens = "\u0002";
const closes = "\u0003";

/** Cuts FTS5's marked text into plain and found pieces. */
export function passageParts(marked: string): readonly PassagePart[] {
  const [first = "", ...rest] = marked.split(opens);
  const parts = [{ text: first, isFound: false }];
  for (const piece of rest) {
    const [found = "", ...after] = piece.split(closes);
    parts.push({ text: found, isFound: true }, { text: after.join(""), isFound: false });
  }
  return parts.filter((part) => part.text !== "");
}

type HitRow = {
  id: string;
  kind: string;
  partnership_id: string;
  partnership_title: string;
  archived_at: number | null;
  marked_title: string;
  marked_body: string;
};

/**
 * Documents that hold all the words and that this person may read, best first; the
 * title weighs eight times the text. `partnershipId` narrows to one partnership.
 */
export async function findDocuments(
  db: Kysely<Schema>,
  userId: UserId,
  expression: string,
  options: { readonly partnershipId: string | null; readonly limit: number },
): Promise<readonly SearchHit[]> {
  const only = options.partnershipId;
  const result = await sql<HitRow>`
    select document.id, document.kind, document.partnership_id, document.archived_at,
      partnership.title as partnership_title,
      highlight(document_search, 0, ${opens}, ${closes}) as marked_title,
      snippet(document_search, 1, ${opens}, ${closes}, ' … ', 28) as marked_body
    from document_search
    join document on document.number = document_search.rowid
    join partnership on partnership.id = document.partnership_id
    join user on user.id = ${userId} and user.status = 'active'
    left join membership on membership.partnership_id = document.partnership_id
      and membership.user_id = user.id and membership.status = 'active'
    where document_search match ${expression}
      and (user.is_programme_admin = 1 or membership.role in ('leader','facilitator','editor','commenter'))
      and (${only} is null or document.partnership_id = ${only})
    order by document.archived_at is not null, bm25(document_search, 8.0, 1.0), document.number
    limit ${options.limit}`.execute(db);
  return result.rows.map((row) => ({
    documentId: row.id as DocumentId,
    title: passageParts(row.marked_title),
    passage: passageParts(row.marked_body),
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
