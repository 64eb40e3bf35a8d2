/**
 * A collaboration server in a process of its own, to be killed: `node server-process.ts
 * <database> [--follow]`, with followers or, to start in half the time, without. Prints one
 * line of JSON with its port, and another at each SIGUSR2: what it holds, after a
 * collection where `--expose-gc` allows one.
 */
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { openDatabase } from "../../db/open.ts";
import { openUpdateLog } from "../../db/update-log/sqlite-update-log.ts";
import { openHistories } from "../follow-log/histories.ts";
import { httpOptions } from "../http-options.ts";
import { createCollabServer } from "../main.ts";

const [path = "", follow] = process.argv.slice(2);
const db = openDatabase(path);
const log = await openUpdateLog({ path, now: Date.now });
const http = createServer(httpOptions());
http.listen(0, "127.0.0.1");
await once(http, "listening");
const { port } = http.address() as AddressInfo;
const collab = createCollabServer({
  db,
  log,
  now: Date.now,
  // People of a test come and go as often as no person could.
  config: {
    origins: ["http://two-way.test"],
    opens: { atOnce: Number.POSITIVE_INFINITY, perSecond: 0 },
  },
  onCheckpointDue: (documentId) => histories?.left(documentId),
});
/** Whatever kept the followers from following. */
const troubles: string[] = [];
const histories =
  follow === "--follow"
    ? await openHistories({
        path,
        log,
        now: Date.now,
        newId: randomUUID,
        appendServerEdit: (edit) => collab.appendServerEdit(edit),
        onCheckpoint: (documentId) => collab.checkpointMade(documentId),
        onDamage: (damage) => troubles.push(JSON.stringify(damage)),
        onAside: (aside) => troubles.push(JSON.stringify(aside)),
        onTrouble: (message) => troubles.push(message),
      })
    : null;
http.on("upgrade", (request, socket, head) => collab.handleUpgrade(request, socket, head));
process.stdout.write(`${JSON.stringify({ port })}\n`);
process.on("SIGUSR2", () => {
  globalThis.gc?.();
  const { heapUsed, external } = process.memoryUsage();
  process.stdout.write(`${JSON.stringify({ bytes: heapUsed + external, troubles, ...collab.counts() })}\n`);
});
process.on("SIGTERM", async () => {
  await collab.drain();
  await collab.close();
  await histories?.close();
  await log.close();
  process.exit(0);
});
