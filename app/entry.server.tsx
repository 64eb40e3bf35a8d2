/**
 * Draws a page on the server. The shell waits for all data (no half pages for people
 * without JavaScript, and a status code that is true); what fails while drawing is
 * logged with the request's id and answered by the nearest error boundary.
 */
import { PassThrough } from "node:stream";
import { type AppLoadContext, createReadableStreamFromReadable, type EntryContext } from "@remix-run/node";
import { RemixServer } from "@remix-run/react";
import { renderToPipeableStream } from "react-dom/server";
import { NonceContext } from "./nonce-context.ts";
import { errorFields, logLine } from "./web/log-line.ts";

/** A page that is not ready by then is given up, so that no request hangs for ever. */
const renderDeadlineMs = 10_000;

export default function handleRequest(
  request: Request,
  status: number,
  headers: Headers,
  remixContext: EntryContext,
  context: AppLoadContext,
): Promise<Response> {
  return new Promise((resolve, reject) => {
    let drawnStatus = status;
    const { pipe, abort } = renderToPipeableStream(
      <NonceContext.Provider value={context.nonce}>
        <RemixServer
          context={remixContext}
          url={request.url}
          abortDelay={renderDeadlineMs}
          nonce={context.nonce}
        />
      </NonceContext.Provider>,
      {
        nonce: context.nonce,
        onAllReady() {
          const body = new PassThrough();
          headers.set("Content-Type", "text/html; charset=utf-8");
          resolve(new Response(createReadableStreamFromReadable(body), { headers, status: drawnStatus }));
          pipe(body);
        },
        onShellError: reject,
        onError(error) {
          drawnStatus = 500;
          logLine("error", "page-failed", { requestId: context.requestId, ...errorFields(error) });
        },
      },
    );
    setTimeout(abort, renderDeadlineMs + 1_000).unref();
  });
}

/** Loaders and actions that throw anything but a Response end here. */
export function handleError(
  error: unknown,
  { request, context }: { request: Request; context: AppLoadContext },
): void {
  // People who leave before the answer are no fault of ours.
  if (request.signal.aborted) return;
  // A file that is refused ends here too; a refusal is an answer, not a bug.
  if (isRefusal(error)) return;
  logLine("error", "page-failed", { requestId: context.requestId, ...errorFields(error) });
}

/** Thrown by `throwRefusal`: data with a status below 500, wrapped or not by the router. */
function isRefusal(error: unknown): boolean {
  if (typeof error !== "object" || error === null || error instanceof Error) return false;
  const { status, init } = error as { status?: unknown; init?: { status?: unknown } | null };
  const code = status ?? init?.status;
  return typeof code === "number" && code < 500;
}
