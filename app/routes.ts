/**
 * Every address of the product. Written out rather than found in a folder, so that the
 * access test (B18) can be generated from it: a route without a row fails.
 */
import { index, type RouteConfig, route } from "@remix-run/route-config";

export default [
  index("routes/home.tsx"),

  route("programmes/new", "routes/programme-new.tsx"),
  route("programmes/:slug/partnerships/new", "routes/partnership-new.tsx"),

  route("partnerships/:slug", "routes/partnership.tsx", [
    index("routes/partnership-overview.tsx"),
    route("profile", "routes/partnership-profile.tsx"),
  ]),

  route("*", "routes/not-found.tsx"),
] satisfies RouteConfig;
