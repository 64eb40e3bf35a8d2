/**
 * Brings an old version back as a forward edit: nothing that came after it is lost, it
 * stays in the history, and what people type meanwhile is kept (rulings 18).
 */
import { documentForUser } from "../../db/queries/access.ts";
import { versionOfDocument } from "../../db/queries/versions.ts";
import { may, sideOf } from "../domain/access.ts";
import { formatDate } from "../domain/dates.ts";
import type { VersionId } from "../domain/ids.ts";
import { ok, type Result, refuse } from "../domain/result.ts";
import type { Services } from "./services.ts";
import type { Asker } from "./signed-in.ts";

export type RestoredVersion = {
  /** The version cut after the restore. */
  readonly versionId: VersionId;
  /** Number of the version that came back. */
  readonly restoredNumber: number;
  /** Text typed meanwhile whose place the restore removed; offered back to people. */
  readonly keptApart: readonly string[];
};

/**
 * Refuses `not-found`, `not-allowed`, `document-archived`, `version-elsewhere`,
 * `version-erased`, `already-like-this`, `history-damaged`, `document-too-large`, `not-saved`.
 */
export async function restoreVersion(
  services: Pick<Services, "db" | "histories">,
  asker: Asker,
  input: { readonly documentId: string; readonly versionId: string },
): Promise<Result<RestoredVersion>> {
  const found = await documentForUser(services.db, asker.userId, input.documentId);
  if (found === null) return refuse("not-found");
  const { actor, document } = found;
  const allowed = may(actor, "version.restore", document);
  if (!allowed.ok) return allowed;
  const version = await versionOfDocument(services.db, document.id, input.versionId);
  if (version === null) return refuse("version-elsewhere");
  if (version.erasedAt !== null) return refuse("version-erased", { date: formatDate(version.erasedAt) });
  const restored = await services.histories.restore({
    documentId: document.id,
    versionId: version.id,
    by: { userId: asker.userId, side: sideOf(actor) },
  });
  return restored.ok ? ok({ ...restored.value, restoredNumber: version.number }) : restored;
}
