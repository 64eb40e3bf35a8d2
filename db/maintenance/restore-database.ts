/**
 * Puts a backup in place of the database. Browsers may hold newer text than the
 * backup, so every document gets a new epoch and is recovering for a while: what comes
 * back from them is taken, and what they cannot prove is shown as "author not
 * verified" (rulings 18). The database that was there is kept aside, never deleted, and a
 * power cut at any moment leaves it or the new one whole (`swap-database.ts`).
 *
 * What the backup knew to be open may have been ended since: signed out, used, withdrawn.
 * So every session, reset link and open invitation ends with a restore, and people sign in
 * again. Memberships, roles and passwords are those of the backup.
 */
import { randomUUID } from "node:crypto";
import { chmodSync, copyFileSync, cpSync, existsSync } from "node:fs";
import { basename, dirname } from "node:path";
import type { Kysely } from "kysely";
import { recoveryLastsMs } from "../../app/domain/recovery.ts";
import { appendAudit } from "../audit.ts";
import { claimDatabase } from "../claim-database.ts";
import { migrate } from "../migrate.ts";
import { openDatabase } from "../open.ts";
import type { Schema } from "../schema.ts";
import { hashedCheckpoint, isProved } from "../update-log/checkpoint-hash.ts";
import { appendAnchor, noAnchors } from "./anchors.ts";
import { faultOf, filesBeside, filesFolder, type Place } from "./backup-database.ts";
import { whoElseUses } from "./only-user.ts";
import {
  type BeforeStep,
  forgetUnfinishedRestore,
  incomingPath,
  removeDatabase,
  swapDatabase,
} from "./swap-database.ts";
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

/**
 * Restores `backup`. Refuses damaged backups and a database in use, and changes nothing then.
 * `beforeStep` is told of each step that changes something beside the copy.
 */
export async function restoreDatabase(
  place: Place,
  backup: string,
  now: () => number,
  beforeStep: BeforeStep = () => {},
): Promise<RestoreOutcome> {
  const { databasePath, dataFolder } = place;
  if (!existsSync(backup)) return { ok: false, sentence: `There is no file ${backup}.` };
  if (!existsSync(dirname(databasePath)))
    return { ok: false, sentence: `The folder ${dirname(databasePath)} does not exist. Make it first.` };
  const other = existsSync(databasePath) ? await whoElseUses(dataFolder, databasePath) : null;
  if (other !== null) return { ok: false, sentence: other };
  // A server that starts meanwhile would serve the file that is about to be replaced.
  const claim = claimDatabase(databasePath);
  if (claim === null)
    return { ok: false, sentence: "A server or another restore has the database. Stop it first." };
  try {
    return await restoreAlone(place, backup, now(), beforeStep);
  } finally {
    claim.close();
  }
}

async function restoreAlone(
  place: Place,
  backup: string,
  at: number,
  beforeStep: BeforeStep,
): Promise<RestoreOutcome> {
  const { databasePath, dataFolder } = place;
  forgetUnfinishedRestore(databasePath);
  const incoming = incomingPath(databasePath);
  copyFileSync(backup, incoming);
  // A copy takes over the rights of what it is copied from.
  chmodSync(incoming, 0o600);
  const fault = await faultOf(incoming, noAnchors);
  if (typeof fault === "string") {
    removeDatabase(incoming);
    return { ok: false, sentence: `${fault} Nothing was changed.` };
  }
  const { documents, ended } = await startAgain(incoming, basename(backup), at);
  const verdict = await verifyDatabase(incoming, noAnchors);

  beforeStep("bring the pictures in");
  // Before the rows that name them.
  if (existsSync(filesBeside(backup)))
    cpSync(filesBeside(backup), filesFolder(dataFolder), { recursive: true, force: false });
  const movedTo = existsSync(databasePath)
    ? `${databasePath}.before-restore-${new Date(at).toISOString().replace(/[:.]/g, "-")}`
    : null;
  swapDatabase(databasePath, movedTo, beforeStep);
  beforeStep("write the anchor");
  appendAnchor(dataFolder, { at, kind: "restore", ...verdict.anchored });
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
