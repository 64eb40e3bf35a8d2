/** What a request tells about where it comes from: for sessions and rate limits only. */
import type { AppLoadContext } from "@remix-run/node";
import type { Browser } from "../operations/start-session.ts";
import { networkOf } from "./network.ts";
import "./load-context.ts";

export type Visitor = {
  readonly browser: Browser;
  readonly network: string;
  readonly requestId: string;
};

/** The address is Express's, which believes only the proxies that are configured (promise S12). */
export function visitorOf(asked: { readonly request: Request; readonly context: AppLoadContext }): Visitor {
  const { headers } = asked.request;
  return {
    browser: { cookieHeader: headers.get("Cookie"), device: headers.get("User-Agent") ?? "" },
    network: networkOf(asked.context.clientAddress),
    requestId: asked.context.requestId,
  };
}
