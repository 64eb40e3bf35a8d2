/** One version of a document: its facts and its text, exactly as it was hashed. */
import { documentForUser } from "../../db/queries/access.ts";
import { type VersionRow, versionOfDocument } from "../../db/queries/versions.ts";
import { may } from "../domain/access.ts";
import type { DocumentId } from "../domain/ids.ts";
import { ok, type Result, refuse } from "../domain/result.ts";
import type { Services } from "./services.ts";
import type { Asker } from "./signed-in.ts";

export type OpenedVersion = {
  readonly document: { readonly id: DocumentId; readonly title: string };
  readonly version: VersionRow;
  /** Safe HTML; null when the text was erased: the facts stay. */
  readonly html: string | null;
  readonly canRestore: boolean;
  readonly canExport: boolean;
};

/**
 * Refuses `not-found`, `observer-waits`, `version-elsewhere` (a version of another
 * document) and `history-damaged`.
 */
export async function readVersion(
  services: Pick<Services, "db" | "histories">,
  asker: Asker,
  input: { readonly documentId: string; readonly versionId: string },
): Promise<Result<OpenedVersion>> {
  const found = await documentForUser(services.db, asker.userId, input.documentId);
  if (found === null) return refuse("not-found");
  const { actor, document } = found;
  const allowed = may(actor, "version.read", document);
  if (!allowed.ok) return allowed;
  const version = await versionOfDocument(services.db, document.id, input.versionId);
  if (version === null) return refuse("version-elsewhere");
  const text =
    version.erasedAt === null
      ? await services.histories.drawVersion(document.id, version.id)
      : ok({ html: null });
  if (!text.ok) return text;
  return ok({
    document: { id: document.id, title: document.title },
    version,
    html: text.value.html,
    canRestore: may(actor, "version.restore", document).ok,
    canExport: may(actor, "document.export", document).ok,
  });
}
