/** Takes a picture for a document: `POST /documents/<id>/images` with a form field `file`. */
import type { ActionFunctionArgs } from "@remix-run/node";
import { tooLargeImage } from "../domain/image-limits.ts";
import { refuse } from "../domain/result.ts";
import { addImage } from "../operations/add-image.ts";
import { orNotStored } from "../web/answer-form.server.ts";
import { readForm } from "../web/forms.server.ts";
import { requireUser } from "../web/guard.server.ts";
import { initOf, throwRefusal, viewOf } from "../web/refuse.server.ts";

const noStore = { "Cache-Control": "no-store" };

/** There is nothing to look at here. */
export function loader() {
  return throwRefusal({ code: "not-found", facts: {} });
}

type Added = Awaited<ReturnType<typeof addImage>>;

export async function action({ request, context, params }: ActionFunctionArgs) {
  const signedIn = await requireUser({ request, context });
  const file = (await readForm(request)).file("file");
  const tooLarge = tooLargeImage(file?.size ?? 0);
  const added = await orNotStored<Added, Added>(
    { context },
    () => refuse("not-saved"),
    async () =>
      tooLarge !== null
        ? { ok: false, refusal: tooLarge }
        : addImage(signedIn.services, signedIn, {
            documentId: params["id"] ?? "",
            bytes: file !== null ? new Uint8Array(await file.arrayBuffer()) : new Uint8Array(),
          }),
  );
  if (!added.ok) {
    const { refusal } = added;
    return Response.json({ refusal: viewOf(refusal) }, initOf(refusal));
  }
  return Response.json(added.value, { status: 201, headers: noStore });
}
