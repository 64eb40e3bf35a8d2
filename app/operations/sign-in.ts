/**
 * Signs somebody in by e-mail address and password. Unknown, invited, suspended and
 * wrong all get the same reply after the same work, so that nobody learns who has an
 * account; guessing is limited per account and per network (promise S12).
 */
import { countTry, forgetTries, uncountTry } from "../../db/queries/rate-limits.ts";
import { hashSecret } from "../../db/queries/sessions.ts";
import { ok, type Result, refuse } from "../domain/result.ts";
import type { Services } from "./services.ts";
import { type Browser, type StartedSession, startSession } from "./start-session.ts";

const quarterHour = 15 * 60_000;

/**
 * Tries per quarter of an hour. From one network an account has `near`; from everywhere
 * together `account`, so that a stranger elsewhere does not lock its owner out at once.
 * `network` counts failures over all accounts: a whole college may sit behind one address.
 */
export const signInLimits = { near: 10, account: 50, network: 60, window: quarterHour } as const;

/** Longer ones are not hashed: it would be work for nothing. */
const passwordLengthMax = 256;

export type SignInInput = {
  readonly email: string;
  readonly password: string;
  readonly isSharedComputer: boolean;
  /** From `networkOf`: the network the try comes from. */
  readonly network: string;
  readonly browser: Browser;
};

/** Refuses `wrong-credentials` and `too-many-tries`. */
export async function signIn(
  services: Pick<Services, "db" | "now" | "newId" | "newToken" | "passwords" | "live">,
  input: SignInInput,
): Promise<Result<StartedSession>> {
  const now = services.now();
  const email = input.email.trim().toLowerCase();
  // Hashed: the table of counters holds nobody's address, however strange the input.
  const account = hashSecret(email);
  const near = `sign-in:near:${account}:${input.network}`;
  const limits = [
    { key: near, most: signInLimits.near },
    { key: `sign-in:account:${account}`, most: signInLimits.account },
    { key: `sign-in:network:${input.network}`, most: signInLimits.network },
  ];
  // One after the other: a try that one limit refuses does not use up the next.
  for (const { key, most } of limits) {
    const tries = await countTry(services.db, key, now, signInLimits.window);
    if (tries > most) return refuse("too-many-tries", { minutes: minutesLeft(now) });
  }

  const user = await services.db
    .selectFrom("user")
    .select(["id", "password_hash", "status"])
    .where("email", "=", email)
    .where("kind", "=", "person")
    .executeTakeFirst();
  const password = input.password.slice(0, passwordLengthMax);
  const matches = await services.passwords.matches(password, user?.password_hash ?? null);
  if (user?.status !== "active" || !matches) return refuse("wrong-credentials");

  await forgetTries(services.db, near);
  for (const { key } of limits.slice(1)) await uncountTry(services.db, key, now, signInLimits.window);
  return ok(await startSession(services, user.id, input.browser, input.isSharedComputer));
}

function minutesLeft(now: number): number {
  return Math.ceil((quarterHour - (now % quarterHour)) / 60_000);
}
