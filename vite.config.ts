import { vitePlugin as remix } from "@remix-run/dev";
import { defineConfig, type Plugin } from "vite";
import remixConfig from "./remix.config.js";

/**
 * turbo-stream 2.4.1 (pinned by Remix v2) looks an error class up by a name taken
 * from the stream (CVE-2026-34077). Only the browser decodes; there the look-up is
 * replaced by a closed list.
 */
function closedErrorTypes(): Plugin {
  return {
    name: "closed-error-types",
    enforce: "pre",
    transform(code, id) {
      if (!id.includes("turbo-stream/dist") || !code.includes("globalObj[errorType]")) return;
      const allowed =
        "({Error,EvalError,RangeError,ReferenceError,SyntaxError,TypeError,URIError})[errorType]";
      return { code: code.replaceAll("globalObj[errorType]", allowed), map: null };
    },
  };
}

// es2022 in three places: esbuild 0.28 with Vite 6 otherwise fails on destructuring.
const target = "es2022";

export default defineConfig({
  plugins: [closedErrorTypes(), remix(remixConfig)],
  // The manifest stays beside the build: a test weighs the pages with it.
  build: {
    target,
    cssMinify: "esbuild",
    manifest: true,
    // The editor is one chunk of some 700 kB, loaded when it is wanted; a test weighs the rest.
    chunkSizeWarningLimit: 900,
    rollupOptions: {
      onwarn(warning, warn) {
        // Routes that answer with data alone have nothing for the browser.
        if (warning.code !== "EMPTY_BUNDLE") warn(warning);
      },
    },
  },
  esbuild: { target },
  optimizeDeps: { esbuildOptions: { target }, exclude: ["turbo-stream"] },
  resolve: {
    dedupe: [
      "yjs",
      "lib0",
      "y-protocols",
      "react",
      "react-dom",
      "prosemirror-model",
      "prosemirror-state",
      "prosemirror-view",
    ],
  },
});
