/**
 * A collaboration server in a process of its own, to be killed: `node server-process.ts
 * <database> <documents to keep warm>`. Prints one line of JSON with its port.
 */
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { openDatabase } from "../../db/open.ts";
import { openUpdateLog } from "../../db/update-log/sqlite-update-log.ts";
import { createCollabServer } from "../main.ts";

const [path = ""] = process.argv.slice(2);
const db = openDatabase(path);
const log = await openUpdateLog({ path, now: Date.now });
const http = createServer();
http.listen(0, "127.0.0.1");
await once(http, "listening");
const { port } = http.address() as AddressInfo;
const collab = createCollabServer({
  db,
  log,
  now: Date.now,
  config: { origins: ["http://two-way.test"] },
});
http.on("upgrade", (request, socket, head) => collab.handleUpgrade(request, socket, head));
process.stdout.write(`${JSON.stringify({ port })}\n`);
process.on("SIGTERM", async () => {
  await collab.drain();
  await collab.close();
  await log.close();
  process.exit(0);
});
