/** Where is this person signed in? Their own live sessions, last used first. */
import { sessionsOf } from "../../db/queries/sessions.ts";
import { sessionLimits } from "../domain/session-limits.ts";
import type { Services } from "./services.ts";
import type { Asker } from "./signed-in.ts";

export type ListedSession = {
  readonly id: string;
  /** "Firefox on Windows"; what a browser says about itself, shortened. */
  readonly device: string;
  readonly startedAt: number;
  readonly lastSeenAt: number;
  readonly isSharedComputer: boolean;
  readonly isThisOne: boolean;
};

/** Refuses nothing: nobody's but the asker's are read. */
export async function listSessions(
  services: Pick<Services, "db" | "now">,
  signedIn: Asker & { readonly sessionId: string },
): Promise<readonly ListedSession[]> {
  const now = services.now();
  const rows = await sessionsOf(services.db, signedIn.userId);
  return rows
    .filter((row) => {
      const { idle } = row.is_shared_computer === 1 ? sessionLimits.shared : sessionLimits.own;
      return now < row.expires_at && now - row.last_seen_at < idle;
    })
    .map((row) => ({
      id: row.id,
      device: deviceName(row.device),
      startedAt: row.created_at,
      lastSeenAt: row.last_seen_at,
      isSharedComputer: row.is_shared_computer === 1,
      isThisOne: row.id === signedIn.sessionId,
    }));
}

const browsers: readonly (readonly [RegExp, string])[] = [
  [/Edg\//, "Edge"],
  [/Firefox\//, "Firefox"],
  [/Chrome\//, "Chrome"],
  [/Safari\//, "Safari"],
];
const systems: readonly (readonly [RegExp, string])[] = [
  [/iPhone|iPad/, "iPhone or iPad"],
  [/Android/, "Android"],
  [/Windows/, "Windows"],
  [/Mac OS X/, "Mac"],
  [/Linux|X11/, "Linux"],
];

/** User-agent texts are long and lie a little; two words of them are enough to tell devices apart. */
function deviceName(userAgent: string): string {
  const nameIn = (list: typeof browsers) => list.find(([pattern]) => pattern.test(userAgent))?.[1];
  const browser = nameIn(browsers);
  const system = nameIn(systems);
  if (browser && system) return `${browser} on ${system}`;
  return browser ?? system ?? "A browser we do not recognise";
}
