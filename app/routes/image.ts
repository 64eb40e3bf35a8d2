/** Serves a stored picture: `/images/<id>`, to those who may read its document. */
import type { LoaderFunctionArgs } from "@remix-run/node";
import { readImage } from "../operations/read-image.ts";
import { requireUser } from "../web/guard.server.ts";
import { throwRefusal } from "../web/refuse.server.ts";

export async function loader({ request, context, params }: LoaderFunctionArgs) {
  const signedIn = await requireUser({ request, context });
  const image = await readImage(signedIn.services, signedIn, { imageId: params["id"] ?? "" });
  if (!image.ok) return throwRefusal(image.refusal);
  const { bytes, mediaType } = image.value;
  return new Response(bytes.slice(), {
    headers: {
      "Content-Type": mediaType,
      "Content-Length": String(bytes.length),
      // Opened by itself it is a picture in an empty room: no script, no frame, nothing else.
      "Content-Security-Policy": "default-src 'none'; sandbox",
      "X-Content-Type-Options": "nosniff",
      // Never changes, but rights do: the browser of this person may keep it for a while.
      "Cache-Control": "private, max-age=300",
    },
  });
}
