/**
 * Sessions as rows. A session is found by the SHA-256 of its cookie's secret; the
 * secret itself is stored nowhere (promise S11). Who may end which session is decided
 * by putting the asker's user id into the query.
 */
import { createHash } from "node:crypto";
import { type Kysely, sql } from "kysely";
import type { SessionId, UserId } from "../../app/domain/ids.ts";
import type { Schema } from "../schema.ts";
import { noted, waitsBriefly } from "../storage-fault.ts";

/** SHA-256 in hex: how secrets of cookies and links are kept. */
export function hashSecret(secret: string): string {
  return createHash("sha256").update(secret).digest("hex");
}

export type SessionRow = {
  readonly sessionId: SessionId;
  readonly userId: UserId;
  readonly createdAt: number;
  readonly lastSeenAt: number;
  readonly expiresAt: number;
  readonly isSharedComputer: boolean;
  readonly user: {
    readonly id: UserId;
    readonly name: string;
    readonly email: string;
    readonly jobTitle: string | null;
    readonly isProgrammeAdmin: boolean;
    readonly status: string;
  };
};

/** The session of a cookie's secret with its person, whatever its age; null when unknown. */
export async function sessionOfSecret(db: Kysely<Schema>, secret: string): Promise<SessionRow | null> {
  const row = await db
    .selectFrom("session")
    .innerJoin("user", "user.id", "session.user_id")
    .select([
      "session.id as session_id",
      "session.user_id",
      "session.created_at",
      "session.last_seen_at",
      "session.expires_at",
      "session.is_shared_computer",
      "user.name",
      "user.email",
      "user.job_title",
      "user.is_programme_admin",
      "user.status",
    ])
    .where("session.secret_hash", "=", hashSecret(secret))
    .where("user.kind", "=", "person")
    .executeTakeFirst();
  if (!row) return null;
  return {
    sessionId: row.session_id as SessionId,
    userId: row.user_id as UserId,
    createdAt: row.created_at,
    lastSeenAt: row.last_seen_at,
    expiresAt: row.expires_at,
    isSharedComputer: row.is_shared_computer === 1,
    user: {
      id: row.user_id as UserId,
      name: row.name,
      email: row.email ?? "",
      jobTitle: row.job_title,
      isProgrammeAdmin: row.is_programme_admin === 1,
      status: row.status,
    },
  };
}

/** Notes that the session was used, unless the disk says no: the next request notes it then. */
export async function touchSession(db: Kysely<Schema>, sessionId: string, at: number): Promise<void> {
  await noted(
    db
      .updateTable("session")
      .set({ last_seen_at: at })
      .where("id", "=", sessionId)
      .modifyEnd(sql.raw(waitsBriefly))
      .execute(),
  );
}

export type NewSession = {
  readonly secret: string;
  readonly id: string;
  readonly userId: string;
  readonly at: number;
  readonly expiresAt: number;
  readonly device: string;
  readonly isSharedComputer: boolean;
};

export async function insertSession(db: Kysely<Schema>, session: NewSession): Promise<void> {
  await db
    .insertInto("session")
    .values({
      secret_hash: hashSecret(session.secret),
      id: session.id,
      user_id: session.userId,
      created_at: session.at,
      last_seen_at: session.at,
      expires_at: session.expiresAt,
      device: session.device,
      is_shared_computer: session.isSharedComputer ? 1 : 0,
    })
    .execute();
}

/** Ends one session of this user. Says whether there was one. */
export async function deleteSession(db: Kysely<Schema>, userId: string, sessionId: string): Promise<boolean> {
  const result = await db
    .deleteFrom("session")
    .where("id", "=", sessionId)
    .where("user_id", "=", userId)
    .executeTakeFirst();
  return result.numDeletedRows > 0n;
}

/** Ends all sessions of this user, but for the one to keep. Gives the ids that ended. */
export async function deleteSessionsOf(
  db: Kysely<Schema>,
  userId: string,
  keep: string | null = null,
): Promise<readonly string[]> {
  const ended = await db
    .deleteFrom("session")
    .where("user_id", "=", userId)
    .where("id", "!=", keep ?? "")
    .returning("id")
    .execute();
  return ended.map((row) => row.id);
}

/** The sessions of one user, last used first. */
export async function sessionsOf(db: Kysely<Schema>, userId: string) {
  return db
    .selectFrom("session")
    .select(["id", "created_at", "last_seen_at", "expires_at", "device", "is_shared_computer"])
    .where("user_id", "=", userId)
    .orderBy("last_seen_at", "desc")
    .execute();
}

/** Forgets sessions that are past their absolute end. */
export async function sweepSessions(db: Kysely<Schema>, now: number): Promise<void> {
  await db.deleteFrom("session").where("expires_at", "<=", now).execute();
}
