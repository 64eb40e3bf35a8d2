/**
 * Every address of the product. Written out rather than found in a folder, so that the
 * access test (B18) can be generated from it: a route without a row fails.
 */
import { index, type RouteConfig, route } from "@remix-run/route-config";

export default [
  index("routes/home.tsx"),

  route("sign-in", "routes/sign-in.tsx"),
  route("sign-out", "routes/sign-out.tsx"),
  route("look-around", "routes/look-around.tsx"),
  route("forgot", "routes/forgot.tsx"),
  route("reset", "routes/reset.tsx"),
  route("invitation", "routes/invitation.tsx"),
  route("account", "routes/account.tsx"),
  route("outbox", "routes/outbox.tsx"),

  route("help", "routes/help.tsx"),
  route("search", "routes/search.tsx"),

  route("programmes", "routes/programmes.tsx"),
  route("programmes/new", "routes/programme-new.tsx"),
  route("programmes/:slug", "routes/programme.tsx"),
  route("programmes/:slug/partnerships/new", "routes/partnership-new.tsx"),

  route("partnerships/:slug", "routes/partnership.tsx", [
    index("routes/partnership-overview.tsx"),
    route("plans", "routes/partnership-documents.tsx", { id: "partnership-plans" }),
    route("case-studies", "routes/partnership-documents.tsx", { id: "partnership-case-studies" }),
    route("pages", "routes/partnership-documents.tsx", { id: "partnership-pages" }),
    route("exchanges", "routes/partnership-exchanges.tsx"),
    route("people", "routes/partnership-people.tsx"),
    route("profile", "routes/partnership-profile.tsx"),
    route("archived", "routes/partnership-archived.tsx"),
  ]),

  route("documents/:id", "routes/document.tsx"),
  route("offline", "routes/offline.tsx"),
  route("documents/:id/images", "routes/document-images.ts"),
  route("images/:id", "routes/image.ts"),
  route("documents/:id/organise", "routes/document-organise.tsx"),
  route("documents/:id/versions", "routes/versions.tsx"),
  route("documents/:id/versions/:versionId", "routes/version.tsx"),

  // A segment is all text or all parameter, so each format has an address of its own.
  route("documents/:id/export.html", "routes/version-export.ts", { id: "draft-as-html" }),
  route("documents/:id/export.md", "routes/version-export.ts", { id: "draft-as-markdown" }),
  route("documents/:id/versions/:versionId/export.html", "routes/version-export.ts", {
    id: "version-as-html",
  }),
  route("documents/:id/versions/:versionId/export.md", "routes/version-export.ts", {
    id: "version-as-markdown",
  }),

  route("*", "routes/not-found.tsx"),
] satisfies RouteConfig;
