/**
 * Where a document stands: its title, its place among its siblings, and where it could
 * be moved to. For the page that renames, moves, duplicates and archives it.
 */
import { documentForUser } from "../../db/queries/access.ts";
import { documentsOfPartnership } from "../../db/queries/documents.ts";
import { may } from "../domain/access.ts";
import type { DocumentKind } from "../domain/documents.ts";
import type { DocumentId } from "../domain/ids.ts";
import { ok, type Result, refuse } from "../domain/result.ts";
import type { DocumentBranch } from "./list-documents.ts";
import { treeOf } from "./list-documents.ts";
import type { Services } from "./services.ts";
import type { Asker } from "./signed-in.ts";

export type Place = { readonly id: DocumentId; readonly title: string; readonly depth: number };

export type DocumentPlace = {
  readonly id: DocumentId;
  readonly title: string;
  readonly kind: DocumentKind;
  readonly isArchived: boolean;
  readonly parentId: DocumentId | null;
  readonly partnership: { readonly slug: string; readonly title: string };
  /** Documents of its kind it may stand below, in the order of the tree; never itself or its own pages. */
  readonly parents: readonly Place[];
  /** Its siblings of its kind and itself, in order: as the list of that kind shows them. */
  readonly siblings: readonly { readonly id: DocumentId; readonly title: string }[];
};

function flatten(branches: readonly DocumentBranch[], without: DocumentId, depth = 0): readonly Place[] {
  return branches
    .filter(({ id }) => id !== without)
    .flatMap(({ id, title, children }) => [{ id, title, depth }, ...flatten(children, without, depth + 1)]);
}

/** Refuses `not-found` and `not-allowed` (only who may organise sees this page). */
export async function readDocumentPlace(
  services: Pick<Services, "db">,
  asker: Asker,
  input: { readonly documentId: string },
): Promise<Result<DocumentPlace>> {
  const found = await documentForUser(services.db, asker.userId, input.documentId);
  if (found === null) return refuse("not-found");
  const { actor, document } = found;
  const allowed = may(actor, "document.organise", document);
  if (!allowed.ok) return allowed;
  const partnership = await services.db
    .selectFrom("partnership")
    .select(["slug", "title"])
    .where("id", "=", document.partnershipId)
    .executeTakeFirstOrThrow();
  // Each kind has a list of its own. One that stands below another kind by now keeps that place.
  const present = (await documentsOfPartnership(services.db, document.partnershipId)).filter(
    ({ id, kind, archivedAt }) => archivedAt === null && (kind === document.kind || id === document.parentId),
  );
  return ok({
    id: document.id,
    title: document.title,
    kind: document.kind,
    isArchived: document.isArchived,
    parentId: document.parentId,
    partnership,
    parents: flatten(treeOf(present), document.id),
    siblings: present
      .filter(({ parentId }) => parentId === document.parentId)
      .map(({ id, title }) => ({ id, title })),
  });
}
