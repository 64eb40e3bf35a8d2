/** A stored picture, for those who may read the document it was added to. */
import { documentForUser } from "../../db/queries/access.ts";
import { may } from "../domain/access.ts";
import { isId } from "../domain/ids.ts";
import { ok, type Result, refuse } from "../domain/result.ts";
import type { Services } from "./services.ts";
import type { Asker } from "./signed-in.ts";

export type StoredImage = { readonly bytes: Uint8Array; readonly mediaType: string };

/** Refuses `not-found`, also where the document may not be read: its pictures tell as much. */
export async function readImage(
  services: Pick<Services, "db" | "images">,
  asker: Asker,
  input: { readonly imageId: string },
): Promise<Result<StoredImage>> {
  if (!isId(input.imageId)) return refuse("not-found");
  const image = await services.db
    .selectFrom("image")
    .select(["id", "document_id", "media_type"])
    .where("id", "=", input.imageId)
    .executeTakeFirst();
  if (!image) return refuse("not-found");
  const found = await documentForUser(services.db, asker.userId, image.document_id);
  if (found === null || !may(found.actor, "document.read", found.document).ok) return refuse("not-found");
  const bytes = await services.images.load(image.id);
  if (bytes === null) return refuse("not-found");
  return ok({ bytes, mediaType: image.media_type });
}
