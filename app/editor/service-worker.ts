/** Asks the service worker (`public/sw.js`) to keep what an offline reload needs. */

/** Who used this device last for a document: whose copy an offline page opens. */
const personKey = "two-way:person";

/** Registers the worker and hands it the assets this page has loaded. Not on shared computers. */
export async function keepForOffline(userId: string): Promise<void> {
  if (!("serviceWorker" in navigator)) return;
  try {
    localStorage.setItem(personKey, userId);
    await navigator.serviceWorker.register("/sw.js");
    const registration = await navigator.serviceWorker.ready;
    navigator.serviceWorker.addEventListener("message", (event: MessageEvent<unknown>) => {
      const answer = event.data as { kind?: unknown } | null;
      // For whoever must know that a reload works from here on without a network.
      if (answer?.kind === "kept") document.documentElement.dataset["keptForOffline"] = "yes";
    });
    // Messages wait until this is said when the listener is no `onmessage`.
    navigator.serviceWorker.startMessages();
    const assets = performance
      .getEntriesByType("resource")
      .map(({ name }) => new URL(name))
      .filter(({ origin, pathname }) => origin === location.origin && pathname.startsWith("/assets/"))
      .map(({ pathname }) => pathname);
    registration.active?.postMessage({ kind: "keep", assets });
  } catch (error) {
    // Some browsers forbid workers or storage; then a reload needs the network, and nothing else changes.
    console.info("Offline pages are not kept here.", error);
  }
}

/** Whose copies an offline page may open; null where nobody's were kept. */
export function personOfThisDevice(): string | null {
  try {
    return localStorage.getItem(personKey);
  } catch {
    // Storage is forbidden: nothing was kept either.
    return null;
  }
}

/** At sign-out the next person must not be taken for this one. */
export function forgetPersonOfThisDevice(): void {
  try {
    localStorage.removeItem(personKey);
  } catch {
    // Storage is forbidden: nothing was kept.
  }
}
