/**
 * The pages about versions: the list, and one version with its text drawn as safe HTML.
 * Rights are judged by `list-versions` and `read-version`; this adds what stands around.
 */
import { documentForUser } from "../../db/queries/access.ts";
import { type PartnershipOfDocument, partnershipOfDocument } from "../../db/queries/partnerships.ts";
import type { DocumentKind } from "../domain/documents.ts";
import { ok, type Result, refuse } from "../domain/result.ts";
import { type ListedVersions, listVersions } from "./list-versions.ts";
import { type OpenedVersion, readVersion } from "./read-version.ts";
import type { Services } from "./services.ts";
import type { Asker } from "./signed-in.ts";

export type Around = {
  readonly kind: DocumentKind;
  readonly isArchived: boolean;
  readonly partnership: PartnershipOfDocument;
};

async function around(
  services: Pick<Services, "db">,
  asker: Asker,
  documentId: string,
): Promise<Result<Around>> {
  const found = await documentForUser(services.db, asker.userId, documentId);
  if (found === null) return refuse("not-found");
  const { kind, isArchived, partnershipId } = found.document;
  return ok({ kind, isArchived, partnership: await partnershipOfDocument(services.db, partnershipId) });
}

/** Refuses `not-found` and `observer-waits`. `before` asks for versions older than that number. */
export async function readVersionsPage(
  services: Pick<Services, "db">,
  asker: Asker,
  input: { readonly documentId: string; readonly before?: number },
): Promise<Result<ListedVersions & Around>> {
  const listed = await listVersions(services, asker, input);
  if (!listed.ok) return listed;
  const place = await around(services, asker, input.documentId);
  return place.ok ? ok({ ...listed.value, ...place.value }) : place;
}

/** Refuses `not-found`, `observer-waits`, `version-elsewhere` and `history-damaged`. */
export async function readVersionPage(
  services: Pick<Services, "db" | "histories">,
  asker: Asker,
  input: { readonly documentId: string; readonly versionId: string },
): Promise<Result<OpenedVersion & Around>> {
  const opened = await readVersion(services, asker, input);
  if (!opened.ok) return opened;
  const place = await around(services, asker, input.documentId);
  if (!place.ok) return place;
  return ok({ ...opened.value, ...place.value });
}
