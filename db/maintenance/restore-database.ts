/**
 * Puts a backup in place of the database. Browsers may hold newer text than the
 * backup, so every document gets a new epoch and is recovering for a while: what comes
 * back from them is taken, and what they cannot prove is shown as "author not
 * verified" (rulings 18). The database that was there is moved aside, never deleted.
 *
 * What the backup knew to be open may have been ended since: signed out, used, withdrawn.
 * So every session, reset link and open invitation ends with a restore, and people sign in
 * again. Memberships, roles and passwords are those of the backup.
 */
import { randomUUID } from "node:crypto";
import {
  chmodSync,
  closeSync,
  copyFileSync,
  cpSync,
  existsSync,
  fsyncSync,
  openSync,
  renameSync,
  rmSync,
} from "node:fs";
import { basename, dirname } from "node:path";
import type { Kysely } from "kysely";
import { recoveryLastsMs } from "../../app/domain/recovery.ts";
import { appendAudit } from "../audit.ts";
import { migrate } from "../migrate.ts";
import { openDatabase } from "../open.ts";
import type { Schema } from "../schema.ts";
import { hashedCheckpoint, isProved } from "../update-log/checkpoint-hash.ts";
import { appendAnchor, noAnchors } from "./anchors.ts";
import { faultOf, filesBeside, filesFolder, type Place } from "./backup-database.ts";
import { whoElseUses } from "./only-user.ts";
import { verifyDatabase } from "./verify-database.ts";

/** How many ways in have ended. */
type Ended = { readonly sessions: number; readonly resetLinks: number; readonly invitations: number };

export type RestoreOutcome =
  | {
      readonly ok: true;
      readonly documents: number;
      /** What was open in the backup and is not any more. */
      readonly ended: Ended;
      /** When the recovery ends by itself, ms. */
      readonly recoveringUntil: number;
      /** Where the database that was there is now; null when there was none. */
      readonly movedTo: string | null;
      /** Documents of the backup with damaged rows: their present text is not affected. */
      readonly damaged: number;
    }
  | { readonly ok: false; readonly sentence: string };

/** Restores `backup`. Refuses damaged backups and a database in use, and changes nothing then. */
export async function restoreDatabase(
  place: Place,
  backup: string,
  now: () => number,
): Promise<RestoreOutcome> {
  if (!existsSync(backup)) return { ok: false, sentence: `There is no file ${backup}.` };
  const isThere = existsSync(place.databasePath);
  const other = isThere ? await whoElseUses(place.dataFolder, place.databasePath) : null;
  if (other !== null) return { ok: false, sentence: other };

  const incoming = `${place.databasePath}.incoming`;
  remove(incoming);
  copyFileSync(backup, incoming);
  // A copy takes over the rights of what it is copied from.
  chmodSync(incoming, 0o600);
  const fault = await faultOf(incoming, noAnchors);
  if (typeof fault === "string") {
    remove(incoming);
    return { ok: false, sentence: `${fault} Nothing was changed.` };
  }
  const at = now();
  const { documents, ended } = await startAgain(incoming, basename(backup), at);
  const verdict = await verifyDatabase(incoming, noAnchors);

  const movedTo = isThere
    ? `${place.databasePath}.before-restore-${new Date(at).toISOString().replace(/[:.]/g, "-")}`
    : null;
  if (movedTo !== null)
    for (const end of ["", "-wal", "-shm"])
      if (existsSync(`${place.databasePath}${end}`))
        renameSync(`${place.databasePath}${end}`, `${movedTo}${end}`);
  sync(incoming);
  renameSync(incoming, place.databasePath);
  remove(incoming);
  sync(dirname(place.databasePath));
  if (existsSync(filesBeside(backup)))
    cpSync(filesBeside(backup), filesFolder(place.dataFolder), { recursive: true, force: false });
  appendAnchor(place.dataFolder, { at, kind: "restore", ...verdict.anchored });
  return {
    ok: true,
    documents,
    ended,
    recoveringUntil: at + recoveryLastsMs,
    movedTo,
    damaged: fault.documents.filter(({ damaged }) => damaged.length > 0).length,
  };
}

/** A new epoch for every document and no way in from before, with an audit row, in one transaction. */
async function startAgain(
  path: string,
  backupName: string,
  at: number,
): Promise<{ readonly documents: number; readonly ended: Ended }> {
  const recoveringUntil = at + recoveryLastsMs;
  const db = openDatabase(path);
  try {
    await migrate(db);
    return await db.transaction().execute(async (transaction) => {
      const documents = await transaction
        .selectFrom("document")
        .select(["number", "id as documentId", "schema_number as schemaNumber", "epoch"])
        .execute();
      for (const { number, ...owner } of documents) {
        const epoch = randomUUID();
        await transaction
          .updateTable("document")
          .set({ epoch, recovering_until: recoveringUntil })
          .where("number", "=", number)
          .execute();
        await moveCheckpoints(transaction, number, owner, epoch);
        await transaction.updateTable("archive").set({ epoch }).where("document", "=", number).execute();
      }
      const ended = await endWaysIn(transaction, at);
      await appendAudit(transaction, {
        at,
        actorUserId: null,
        partnershipId: null,
        verb: "database.restored",
        objectType: "backup",
        objectId: backupName,
        after: { documents: documents.length, recoveringUntil, ended },
      });
      return { documents: documents.length, ended };
    });
  } finally {
    // Closing writes everything back into the one file that is about to be renamed.
    await db.destroy();
  }
}

/** Checkpoints go along under the new epoch. A damaged one stays what it is: nobody vouches for it. */
async function moveCheckpoints(
  transaction: Kysely<Schema>,
  document: number,
  owner: Parameters<typeof isProved>[0],
  epoch: string,
): Promise<void> {
  const rows = await transaction
    .selectFrom("checkpoint")
    .select([
      "document",
      "seq",
      "epoch",
      "log_id",
      "state",
      "state_vector",
      "delete_set",
      "pieces",
      "at",
      "hash",
    ])
    .where("document", "=", document)
    .execute();
  for (const row of rows)
    if (isProved(owner, row))
      await transaction
        .updateTable("checkpoint")
        .set({ epoch, hash: hashedCheckpoint(owner, { ...row, epoch }).hash })
        .where("document", "=", document)
        .where("seq", "=", row.seq)
        .execute();
}

async function endWaysIn(transaction: Kysely<Schema>, at: number): Promise<Ended> {
  const sessions = await transaction.deleteFrom("session").executeTakeFirst();
  const resetLinks = await transaction.deleteFrom("password_reset").executeTakeFirst();
  const invitations = await transaction
    .updateTable("invitation")
    .set({ revoked_at: at })
    .where("accepted_at", "is", null)
    .where("revoked_at", "is", null)
    .executeTakeFirst();
  return {
    sessions: Number(sessions.numDeletedRows),
    resetLinks: Number(resetLinks.numDeletedRows),
    invitations: Number(invitations.numUpdatedRows),
  };
}

function sync(path: string): void {
  const file = openSync(path, "r");
  try {
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

function remove(path: string): void {
  for (const end of ["", "-wal", "-shm", "-journal"]) rmSync(`${path}${end}`, { force: true });
}
