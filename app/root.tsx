/**
 * The frame around every page: language, styles, policy nonce, and what is shown when
 * a page cannot be found or drawn. Pages that are a tool of their own (sign-in, the
 * editor) set `handle = { frame: "none" }` and draw without bar and footer.
 */
import { Links, Meta, Outlet, Scripts, ScrollRestoration, useMatches } from "@remix-run/react";
import type { ReactNode } from "react";
import { Shell } from "./components/shell.tsx";
import { useNonce } from "./nonce-context.ts";
import "./styles/index.css";

export function Layout({ children }: { children: ReactNode }) {
  const nonce = useNonce();
  return (
    <html lang="en-GB">
      <head>
        <meta charSet="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta property="csp-nonce" nonce={nonce} suppressHydrationWarning />
        <Meta />
        <Links />
      </head>
      <body>
        {children}
        <ScrollRestoration nonce={nonce} />
        <Scripts nonce={nonce} />
      </body>
    </html>
  );
}

/** Does the page draw itself without the shell? */
function drawsAlone(handle: unknown): boolean {
  return typeof handle === "object" && handle !== null && "frame" in handle && handle.frame === "none";
}

export default function Root() {
  const isAlone = useMatches().some((match) => drawsAlone(match.handle));
  if (isAlone) return <Outlet />;
  return (
    <Shell person={null}>
      <Outlet />
    </Shell>
  );
}
