/**
 * The one place that configures Remix. vite.config.ts hands this object to the
 * Remix plugin, so the file name that the project was given is really used.
 *
 * Every flag towards Remix v3 (React Router 7) is on, so that leaving Remix v2,
 * which is at the end of its life, is a rename and not a rewrite (docs/decisions).
 *
 * @type {import("@remix-run/dev").VitePluginConfig}
 */
export default {
  appDirectory: "app",
  buildDirectory: "build",
  serverModuleFormat: "esm",
  future: {
    v3_fetcherPersist: true,
    v3_relativeSplatPath: true,
    v3_throwAbortReason: true,
    v3_singleFetch: true,
    v3_lazyRouteDiscovery: true,
    v3_routeConfig: true,
    unstable_optimizeDeps: true,
  },
};
