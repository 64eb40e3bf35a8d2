/**
 * What `server.ts` hands to every loader and action. Live things (database, mail,
 * collaboration) travel here and never through an import, because Remix bundles its own
 * copy of every module that a route imports.
 */
import type { Services } from "../operations/services.ts";

declare module "@remix-run/node" {
  /** Loaders and actions are typed as they travel: `data(...)` unwrapped, nothing made JSON. */
  interface Future {
    v3_singleFetch: true;
  }
  interface AppLoadContext {
    services: Services;
    /** Of this response's content security policy. */
    nonce: string;
    /** Names this request in the log and in audit rows. */
    requestId: string;
    /** The asker's address as the trusted proxies give it; for rate limits only. */
    clientAddress?: string;
    /**
     * Resolves when the line to the asker takes more of this answer: true; or when it is
     * gone: false. For answers that are too large to wait in memory.
     */
    untilRoom(): Promise<boolean>;
  }
}
