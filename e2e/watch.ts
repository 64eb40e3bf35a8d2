/**
 * Watches a page for what a visitor's console should not show: errors, warnings about
 * the content security policy, uncaught exceptions, and requests to anywhere else.
 */
import type { Page } from "@playwright/test";

/**
 * What Chromium and Remix themselves write to the console while there is no network: a
 * refused request, a broken WebSocket, and the list of routes that is fetched ahead for
 * the links in view. Nobody can keep them from writing it, and nothing is lost by it.
 */
export const noNetwork =
  /ERR_INTERNET_DISCONNECTED|WebSocket connection to .* failed|Failed to fetch manifest patches/;

/** `expected` is read at the end, so that a test can add patterns while it runs. */
export function watchPage(page: Page, ownOrigin: string, expected: readonly RegExp[]) {
  const seen: string[] = [];
  const own = new URL(ownOrigin).host;
  page.on("console", (message) => {
    if (message.type() === "error" || /content security policy|hydrat/i.test(message.text())) {
      seen.push(`console: ${message.text()} (${message.location().url})`);
    }
  });
  page.on("pageerror", (error) => seen.push(`uncaught: ${error.message}`));
  page.on("request", (request) => {
    const url = new URL(request.url());
    if (/^(https?|wss?):$/.test(url.protocol) && url.host !== own) seen.push(`outbound: ${request.url()}`);
  });
  page.on("websocket", (socket) => {
    if (new URL(socket.url()).host !== own) seen.push(`outbound: ${socket.url()}`);
  });
  return {
    faults: (): readonly string[] => seen.filter((line) => !expected.some((pattern) => pattern.test(line))),
  };
}
