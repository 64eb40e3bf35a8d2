/**
 * Every address of the product. Written out rather than found in a folder, so that the
 * access test (B18) can be generated from it: a route without a row fails.
 */
import type { RouteConfig } from "@remix-run/route-config";

export default [] satisfies RouteConfig;
