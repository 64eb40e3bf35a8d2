/** Tells Remix's types that single fetch is on, so that loaders' data keep their types. */
import "@remix-run/node";

declare module "@remix-run/server-runtime" {
  interface Future {
    v3_singleFetch: true;
  }
}
