/**
 * The token of a letter's link. It stands behind `#`; once read it is taken out of the
 * address bar, so that it stays neither in the history nor in a photograph of the screen.
 */
import { useEffect, useState } from "react";

/** Null on the server, without JavaScript, and where the address has none. */
export function useLinkToken(): string | null {
  const [token, setToken] = useState<string | null>(null);
  useEffect(() => {
    const found = /^#([\w-]{43})$/.exec(window.location.hash)?.[1];
    if (found === undefined) return;
    window.history.replaceState(window.history.state, "", window.location.pathname);
    setToken(found);
  }, []);
  return token;
}
