/** The versions of a document with who wrote since the one before, newest first. */
import { documentForUser } from "../../db/queries/access.ts";
import { type VersionRow, versionsOfDocument } from "../../db/queries/versions.ts";
import { may } from "../domain/access.ts";
import type { DocumentId } from "../domain/ids.ts";
import { ok, type Result, refuse } from "../domain/result.ts";
import type { Services } from "./services.ts";
import type { Asker } from "./signed-in.ts";

export type ListedVersions = {
  readonly document: { readonly id: DocumentId; readonly title: string };
  readonly versions: readonly VersionRow[];
  /** There are older ones: ask again with `before` set to the last number. */
  readonly hasMore: boolean;
  readonly canName: boolean;
  readonly canRestore: boolean;
};

const pageSize = 100;

/** Refuses `not-found`, `observer-waits`. */
export async function listVersions(
  services: Pick<Services, "db">,
  asker: Asker,
  input: { readonly documentId: string; readonly before?: number },
): Promise<Result<ListedVersions>> {
  const found = await documentForUser(services.db, asker.userId, input.documentId);
  if (found === null) return refuse("not-found");
  const { actor, document } = found;
  const allowed = may(actor, "version.read", document);
  if (!allowed.ok) return allowed;
  const versions = await versionsOfDocument(services.db, document.id, {
    limit: pageSize + 1,
    before: input.before,
  });
  return ok({
    document: { id: document.id, title: document.title },
    versions: versions.slice(0, pageSize),
    hasMore: versions.length > pageSize,
    canName: may(actor, "version.name", document).ok,
    canRestore: may(actor, "version.restore", document).ok,
  });
}
