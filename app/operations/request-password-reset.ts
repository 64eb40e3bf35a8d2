/**
 * Somebody does not know their password. The reply is the same for every address and is
 * given before any work that differs, so that nobody learns who has an account; the
 * letter goes out behind it (promises S10, S12).
 */
import { countTry } from "../../db/queries/rate-limits.ts";
import { hashSecret } from "../../db/queries/sessions.ts";
import { plainEmail } from "../domain/emails.ts";
import { ok, type Result, refuse } from "../domain/result.ts";
import { resetLetter } from "./letters.ts";
import type { Services } from "./services.ts";

const hour = 60 * 60_000;
/** How long a reset link counts, in milliseconds. */
export const resetLifetime = hour;
const limits = { account: 3, network: 30, window: hour } as const;

type Needed = Pick<Services, "db" | "now" | "newToken" | "mail" | "instance">;

/**
 * `behind` settles when the letter is sent, or was not needed. Refuses `email-invalid`
 * and, for a network that asks too often, `too-many-tries`.
 */
export async function requestPasswordReset(
  services: Needed,
  input: { readonly email: string; readonly network: string },
): Promise<Result<{ behind: Promise<void> }>> {
  const email = plainEmail(input.email);
  if (email === null) return refuse("email-invalid", {}, "email");
  const now = services.now();
  const tries = await countTry(services.db, `reset:network:${input.network}`, now, limits.window);
  if (tries > limits.network) return refuse("too-many-tries", { minutes: 60 });
  return ok({ behind: sendLetter(services, email, now) });
}

async function sendLetter(services: Needed, email: string, now: number): Promise<void> {
  const asked = await countTry(services.db, `reset:account:${hashSecret(email)}`, now, limits.window);
  const user = await services.db
    .selectFrom("user")
    .select(["id", "name"])
    .where("email", "=", email)
    .where("status", "=", "active")
    .where("kind", "=", "person")
    .executeTakeFirst();
  if (user === undefined || asked > limits.account) return;
  const token = services.newToken();
  await services.db
    .insertInto("password_reset")
    .values({
      token_hash: hashSecret(token),
      user_id: user.id,
      created_at: now,
      expires_at: now + resetLifetime,
      used_at: null,
    })
    .execute();
  await services.mail.send(resetLetter(services.instance.publicUrl, { to: email, name: user.name, token }));
}
