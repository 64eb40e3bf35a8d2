/**
 * Hands out a version, or the present text, as a file: one-file HTML or Markdown. The
 * file says which version it is, of which moment, by whom it was taken and the hash of
 * its content. Rights are judged here, at delivery.
 */
import { documentForUser } from "../../db/queries/access.ts";
import { exportFacts, imagesOfPartnership } from "../../db/queries/exports.ts";
import { versionOfDocument } from "../../db/queries/versions.ts";
import { may } from "../domain/access.ts";
import { formatDate } from "../domain/dates.ts";
import { documentKindNames } from "../domain/documents.ts";
import { isId, type VersionId } from "../domain/ids.ts";
import { ok, type Result, refuse } from "../domain/result.ts";
import type { ExportImage } from "../export/export-html.ts";
import { fileBytes, fileLength } from "../export/file-bytes.ts";
import { attachmentHeader, safeFileName } from "../export/file-name.ts";
import { type Provenance, versionLabel } from "../export/provenance.ts";
import type { ExportFormat } from "../export/render.ts";
import type { Services } from "./services.ts";
import type { Asker } from "./signed-in.ts";
import { spendAllowance } from "./spend-allowance.ts";

export type ExportedFile = {
  readonly fileName: string;
  /** Small pieces, each made when it is asked for: a file may hold hundreds of megabytes of pictures. */
  readonly bytes: AsyncGenerator<Uint8Array<ArrayBuffer>, void>;
  readonly headers: Readonly<Record<string, string>>;
};

const mediaTypes: Readonly<Record<ExportFormat, string>> = {
  html: "text/html; charset=utf-8",
  md: "text/markdown; charset=utf-8",
};

/**
 * Makes the file. `versionId` null: the present text, as far as it is durable. Refuses
 * `not-found`, `not-allowed`, `observer-waits`, `version-elsewhere` (the version is of
 * another document), `version-erased`, `history-damaged`, `export-too-long` and `too-often`.
 */
export async function exportVersion(
  services: Pick<Services, "db" | "now" | "histories" | "images" | "exports" | "instance">,
  asker: Asker,
  input: { readonly documentId: string; readonly versionId: string | null; readonly format: ExportFormat },
): Promise<Result<ExportedFile>> {
  const found = await documentForUser(services.db, asker.userId, input.documentId);
  if (found === null) return refuse("not-found");
  const { actor, document } = found;
  const allowed = may(actor, "document.export", document);
  if (!allowed.ok) return allowed;
  if (input.versionId !== null && !isId(input.versionId)) return refuse("not-found");

  const erasedAt =
    input.versionId === null
      ? null
      : ((await versionOfDocument(services.db, document.id, input.versionId))?.erasedAt ?? null);
  if (erasedAt !== null) return refuse("version-erased", { date: formatDate(erasedAt) });
  const facts = await exportFacts(services.db, {
    userId: asker.userId,
    partnershipId: document.partnershipId,
    documentId: document.id,
    versionId: input.versionId,
  });
  if (input.versionId !== null && facts.version === null) return refuse("version-elsewhere");
  const spent = await spendAllowance(services, asker.userId, "file");
  if (!spent.ok) return spent;
  const read =
    facts.version === null
      ? await services.histories.packPresent(document.id)
      : await services.histories.packVersion(document.id, facts.version.id as VersionId);
  if (!read.ok) return read;
  const { bytes, imageIds } = read.value;

  const now = services.now();
  const from: Provenance = {
    title: document.title,
    kindName: documentKindNames[document.kind],
    partnershipTitle: facts.partnershipTitle,
    programmeTitle: facts.programmeTitle,
    sides: facts.sides,
    isIllustrative: facts.isIllustrative,
    version: facts.version,
    asAt: facts.version?.madeAt ?? now,
    contentHash: facts.version?.contentHash ?? null,
    exportedBy: facts.exportedBy,
    exportedAt: now,
    url: `${services.instance.publicUrl}/documents/${document.id}`,
  };
  const images =
    input.format === "html" ? await imagesOf(services, document.partnershipId, imageIds) : new Map();
  const drawn = await services.exports.render({
    format: input.format,
    bytes,
    from,
    images,
    imageBase: `${services.instance.publicUrl}/images/`,
  });
  if (!drawn.ok) return drawn;
  const label = from.version === null ? "draft" : versionLabel(from.version).replaceAll(/[“”]/g, "");
  const fileName = safeFileName(document.title, label, input.format);
  return ok({
    fileName,
    bytes: fileBytes(drawn.value, images, services.images.read),
    headers: {
      "Content-Type": mediaTypes[input.format],
      // So that a browser knows a download that broke off from one that came to its end.
      "Content-Length": String(fileLength(drawn.value, images)),
      "Content-Disposition": attachmentHeader(fileName),
    },
  });
}

/**
 * The pictures of a text that belong to its partnership and are there; another
 * partnership's are not asked for.
 */
async function imagesOf(
  services: Pick<Services, "db" | "images">,
  partnershipId: string,
  wanted: readonly string[],
): Promise<ReadonlyMap<string, ExportImage>> {
  const images = new Map<string, ExportImage>();
  for (const image of await imagesOfPartnership(services.db, partnershipId, wanted)) {
    const size = await services.images.size(image.id);
    if (size !== null) images.set(image.id, { mediaType: image.mediaType, size });
  }
  return images;
}
