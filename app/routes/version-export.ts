/** A version, or the present text of a document, as a file to keep. */
import type { LoaderFunctionArgs } from "@remix-run/node";
import { sentenceOf } from "../domain/refusals.ts";
import { exportVersion } from "../operations/export-version.ts";
import { requireUser } from "../web/guard.server.ts";
import { initOf } from "../web/refuse.server.ts";
import { streamOf } from "../web/stream-file.server.ts";

export async function loader({ request, context, params }: LoaderFunctionArgs) {
  const signedIn = await requireUser({ request, context });
  const file = await exportVersion(signedIn.services, signedIn, {
    documentId: params.id ?? "",
    versionId: params.versionId ?? null,
    format: new URL(request.url).pathname.endsWith(".md") ? "md" : "html",
  });
  // No page stands around a file: the sentence is the whole answer.
  if (!file.ok) {
    const { status, headers } = initOf(file.refusal);
    return new Response(`${sentenceOf(file.refusal)}\n`, {
      status,
      headers: { ...headers, "Content-Type": "text/plain; charset=utf-8" },
    });
  }
  return new Response(streamOf(file.value.bytes, context.untilRoom), { headers: file.value.headers });
}
