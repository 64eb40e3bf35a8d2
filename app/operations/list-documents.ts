/** The tree of a partnership's documents, as far as the asker may read them. */
import { actorInPartnership } from "../../db/queries/access.ts";
import { type DocumentRow, documentsOfPartnership } from "../../db/queries/documents.ts";
import { may } from "../domain/access.ts";
import type { PartnershipId } from "../domain/ids.ts";
import { type Refusal, sentenceOf } from "../domain/refusals.ts";
import { ok, type Result, refuse } from "../domain/result.ts";
import type { Services } from "./services.ts";
import type { Asker } from "./signed-in.ts";

export type DocumentBranch = DocumentRow & { readonly children: readonly DocumentBranch[] };

export type DocumentList = {
  readonly documents: readonly DocumentBranch[];
  /** Archived ones, flat, newest first. */
  readonly archived: readonly DocumentRow[];
  readonly canOrganise: boolean;
  /** Why somebody who may see the partnership sees none of its texts; null otherwise. */
  readonly whyNone: string | null;
};

/** Builds the tree; a document whose parent is not among them stands at the top. */
export function treeOf(rows: readonly DocumentRow[]): readonly DocumentBranch[] {
  const present = new Set(rows.map((row) => row.id));
  const below = (parent: string | null): DocumentBranch[] =>
    rows
      .filter((row) => (row.parentId !== null && present.has(row.parentId) ? row.parentId : null) === parent)
      .map((row) => ({ ...row, children: below(row.id) }));
  return below(null);
}

/** Refuses `not-found`. An observer gets an empty list and the sentence that says why. */
export async function listDocuments(
  services: Pick<Services, "db">,
  asker: Asker,
  input: { readonly partnershipId: string },
): Promise<Result<DocumentList>> {
  const actor = await actorInPartnership(services.db, asker.userId, input.partnershipId);
  if (actor === null) return refuse("not-found");
  const partnershipId = input.partnershipId as PartnershipId;
  const listed = may(actor, "document.list", { partnershipId });
  if (!listed.ok) return listed;

  const rows = await documentsOfPartnership(services.db, partnershipId);
  const readable: DocumentRow[] = [];
  let why: Refusal | null = null;
  for (const row of rows) {
    const allowed = may(actor, "document.read", {
      partnershipId,
      isArchived: row.archivedAt !== null,
      hasAgreedVersion: false,
    });
    if (allowed.ok) readable.push(row);
    else why = allowed.refusal;
  }
  return ok({
    documents: treeOf(readable.filter((row) => row.archivedAt === null)),
    archived: readable
      .filter((row) => row.archivedAt !== null)
      .toSorted((one, other) => (other.archivedAt ?? 0) - (one.archivedAt ?? 0)),
    canOrganise: may(actor, "document.organise", { partnershipId }).ok,
    whyNone: why === null ? null : sentenceOf(why),
  });
}
