/**
 * The nonce of this response's content security policy, for every `<script>` and
 * `<style>` the server writes. Empty in the browser, which hides nonces after reading
 * them; code that adds a `<style>` later takes it from `meta[property="csp-nonce"]`.
 */
import { createContext, useContext } from "react";

export const NonceContext = createContext("");

/** The nonce while rendering on the server; empty text in the browser. */
export function useNonce(): string {
  return useContext(NonceContext);
}
