/**
 * Ends what `restore-database.ts` began before it ends by itself: from now on documents
 * take a range from nobody but the person its client id is leased to. While a recovery
 * lasts, a member could bring text in another member's name, so it should last no longer
 * than people need to open their documents once. May run beside the server.
 */
import { appendAudit } from "../audit.ts";
import { openDatabase } from "../open.ts";

/** Gives the number of documents that were recovering. With none, nothing is recorded. */
export async function endRecovery(databasePath: string, at: number): Promise<number> {
  const db = openDatabase(databasePath);
  try {
    return await db.transaction().execute(async (transaction) => {
      const ended = await transaction
        .updateTable("document")
        .set({ recovering_until: at })
        .where("recovering_until", ">", at)
        .executeTakeFirst();
      const documents = Number(ended.numUpdatedRows);
      if (documents > 0)
        await appendAudit(transaction, {
          at,
          actorUserId: null,
          partnershipId: null,
          verb: "recovery.ended",
          objectType: "database",
          objectId: "all",
          after: { documents },
        });
      return documents;
    });
  } finally {
    await db.destroy();
  }
}
