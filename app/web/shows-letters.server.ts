/**
 * Who may look at the letters that a demonstration wrote instead of sending? They hold
 * links to new passwords, of administrators too, so only whoever sits at the very
 * machine it runs on: a public demonstration keeps its letters in `DATA_DIR/outbox`.
 */
import type { AppLoadContext } from "@remix-run/node";
import { isLoopback } from "./env.ts";
import "./load-context.ts";

/** True on a demonstration that sends no mail, has no public address, and is asked from its own machine. */
export function showsLetters(context: Pick<AppLoadContext, "services" | "clientAddress">): boolean {
  const { isDemo, keepsMails, publicUrl } = context.services.instance;
  const address = (context.clientAddress ?? "").replace(/^::ffff:/i, "");
  return isDemo && keepsMails && isLoopback(new URL(publicUrl).hostname) && isLoopback(address);
}
