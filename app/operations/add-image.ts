/**
 * Adds a picture to a document: cleaned, stored, and only then known to the database. Where
 * the row cannot be stored, the file goes again.
 */
import { documentForUser } from "../../db/queries/access.ts";
import { may } from "../domain/access.ts";
import type { ImageId } from "../domain/ids.ts";
import { ok, type Result, refuse } from "../domain/result.ts";
import type { Services } from "./services.ts";
import type { Asker } from "./signed-in.ts";
import { spendAllowance } from "./spend-allowance.ts";

/**
 * Refuses `not-found`, `not-allowed`, `document-archived`, `file-missing`, `too-often`, and what
 * `Images.clean` refuses. Names and types that a browser claims are not asked for.
 */
export async function addImage(
  services: Pick<Services, "db" | "now" | "newId" | "images">,
  asker: Asker,
  input: { readonly documentId: string; readonly bytes: Uint8Array },
): Promise<Result<{ imageId: ImageId; width: number; height: number }>> {
  const found = await documentForUser(services.db, asker.userId, input.documentId);
  if (found === null) return refuse("not-found");
  const { actor, document } = found;
  const allowed = may(actor, "image.add", document);
  if (!allowed.ok) return allowed;
  if (input.bytes.length === 0) return refuse("file-missing");
  const spent = await spendAllowance(services, asker.userId, "picture");
  if (!spent.ok) return spent;
  const cleaned = await services.images.clean(input.bytes);
  if (!cleaned.ok) return cleaned;
  const { bytes, mediaType, width, height } = cleaned.value;
  const id = services.newId() as ImageId;
  await services.images.store(id, bytes);
  try {
    await services.db
      .insertInto("image")
      .values({
        id,
        document_id: document.id,
        partnership_id: document.partnershipId,
        media_type: mediaType,
        width,
        height,
        byte_length: bytes.length,
        created_by: asker.userId,
        created_at: services.now(),
      })
      .execute();
  } catch (error) {
    await services.images.remove(id);
    throw error;
  }
  return ok({ imageId: id, width, height });
}
