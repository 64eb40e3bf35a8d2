/** A version, or the present text of a document, as a file to keep. */
import type { LoaderFunctionArgs } from "@remix-run/node";
import { exportVersion } from "../operations/export-version.ts";
import { requireUser } from "../web/guard.server.ts";
import { throwRefusal } from "../web/refuse.server.ts";

export async function loader({ request, context, params }: LoaderFunctionArgs) {
  const signedIn = await requireUser({ request, context });
  const file = await exportVersion(signedIn.services, signedIn, {
    documentId: params.id ?? "",
    versionId: params.versionId ?? null,
    format: new URL(request.url).pathname.endsWith(".md") ? "md" : "html",
  });
  if (!file.ok) return throwRefusal(file.refusal);
  return new Response(file.value.text, { headers: file.value.headers });
}
