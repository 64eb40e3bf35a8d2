/**
 * The browser's first step: wake the page the server drew.
 *
 * Remix decodes the page's data when it is first drawn, and lets React wait meanwhile. A
 * key or a click in that moment makes React 18 draw at once what has to wait: it throws
 * error 345 and never tries again, so that the page sleeps for ever. Therefore the data
 * is decoded first, and React begins when nothing has to wait any more.
 */
import { RemixBrowser } from "@remix-run/react";
import { StrictMode, startTransition } from "react";
import { hydrateRoot } from "react-dom/client";

/** What Remix waits for before it can draw; null where it waits for nothing. */
function firstWait(): PromiseLike<unknown> | null {
  try {
    RemixBrowser({});
  } catch (thrown) {
    // Before its first hook it throws the promise, as components of React 18 do. A fault is thrown again when React draws.
    if (thrown instanceof Promise) return thrown;
  }
  return null;
}

function wake(): void {
  startTransition(() => {
    hydrateRoot(
      document,
      <StrictMode>
        <RemixBrowser />
      </StrictMode>,
    );
  });
}

const waiting = firstWait();
if (waiting === null) wake();
else waiting.then(wake);
