/** Who ordered which purge, from the audit trail: for the lines that `verify` prints. */
import { openDatabase } from "../open.ts";

export interface PurgeOrder {
  readonly documentId: string;
  readonly by: string;
  readonly at: number;
}

export async function purgeOrders(path: string): Promise<readonly PurgeOrder[]> {
  const db = openDatabase(path);
  try {
    const rows = await db
      .selectFrom("audit_event")
      .leftJoin("user", "user.id", "audit_event.actor_user_id")
      .select(["audit_event.object_id", "audit_event.at", "user.name"])
      .where("verb", "=", "document.purged")
      .execute();
    return rows.map((row) => ({ documentId: row.object_id, by: row.name ?? "somebody unknown", at: row.at }));
  } finally {
    await db.destroy();
  }
}
