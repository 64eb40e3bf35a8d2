/**
 * `npm run verify`: is the record whole? Walks every document's chain and the audit
 * trail, holds both against the anchors, prints one line per document and sets the
 * exit code: 0 whole, 1 broken.
 */
import { appendAnchor, readAnchors, tornAnchors } from "../db/maintenance/anchors.ts";
import { type PurgeOrder, purgeOrders } from "../db/maintenance/purge-orders.ts";
import { whyNotUsable } from "../db/maintenance/usable-database.ts";
import { verifyDatabase } from "../db/maintenance/verify-database.ts";
import type { DocumentVerdict } from "../db/maintenance/verify-log.ts";
import { command, failIf } from "./command.ts";

await command(async ({ databasePath, dataFolder }) => {
  failIf(whyNotUsable(databasePath, { isOlderFine: true }));
  const verdict = await verifyDatabase(databasePath, readAnchors(dataFolder));
  const orders = await purgeOrders(databasePath);

  for (const document of verdict.documents) console.log(`${document.documentId}  ${line(document, orders)}`);
  for (const { documentId, anchoredSeq } of verdict.cutOff)
    console.log(
      `${documentId}  BROKEN: row ${anchoredSeq} was there when an anchor was written, and is gone or changed`,
    );
  if (verdict.auditBrokenAt !== null) console.log(`audit trail  BROKEN at row ${verdict.auditBrokenAt}`);
  else if (verdict.isAuditCutOff) console.log("audit trail  BROKEN: rows an anchor saw are gone or changed");
  else console.log(`audit trail  ok, ${verdict.anchored.audit[0]} rows`);
  for (const { documentId, followers, fault, since } of verdict.leftBehind)
    console.log(
      `${documentId}  not followed for ${followers.join(", ")} since ${new Date(since).toISOString()} (${fault}); no word is lost`,
    );
  for (const { documentId, seq } of verdict.damagedCheckpoints)
    console.log(
      documentId === null
        ? `checkpoint at row ${seq}  belongs to no document and is not used; no word is lost`
        : `${documentId}  checkpoint at row ${seq} is damaged and not used; a new one is made when somebody opens the document; no word is lost`,
    );
  for (const documentId of verdict.damagedArchives)
    console.log(
      `${documentId ?? "archive of no document"}  archive is damaged and not used; it is made anew from the log; no word is lost`,
    );
  const torn = tornAnchors(dataFolder);
  if (torn > 0) console.log(`anchors.jsonl  ${torn} lines cannot be read and are left out`);
  appendAnchor(dataFolder, { at: Date.now(), kind: "verify", ...verdict.anchored });

  const broken = verdict.documents.filter(({ damaged }) => damaged.length > 0).length;
  console.log(
    verdict.isWhole
      ? `The record is whole: ${verdict.documents.length} documents.`
      : `The record is NOT whole: ${broken} of ${verdict.documents.length} documents have damaged rows, ${verdict.cutOff.length} lost their end.`,
  );
  if (!verdict.isWhole) process.exitCode = 1;
});

function line(document: DocumentVerdict, all: readonly PurgeOrder[]): string {
  const ordered = all.filter(({ documentId }) => documentId === document.documentId);
  const purged = document.purged.map(({ fromSeq, toSeq, at }) => {
    const order = ordered.find((one) => one.at === at);
    return `, rows ${fromSeq} to ${toSeq} purged by ${order?.by ?? "nobody on record"} on ${new Date(at).toISOString()}`;
  });
  const damage = document.damaged.map(({ fromSeq, toSeq }) =>
    fromSeq === toSeq ? `${fromSeq}` : `${fromSeq} to ${toSeq}`,
  );
  return damage.length === 0
    ? `ok, ${document.headSeq} rows${purged.join("")}`
    : `BROKEN at row ${damage.join(", ")}${purged.join("")}`;
}
