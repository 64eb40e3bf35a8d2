// The best peer we know, with its SQLite store and its defaults (debounce 2 s, at most 10 s).
import { SQLite } from "@hocuspocus/extension-sqlite";
import { Server } from "@hocuspocus/server";

const server = new Server({
  port: 0,
  address: "127.0.0.1",
  quiet: true,
  extensions: [new SQLite({ database: process.env.BENCH_DATABASE })],
});
await server.listen();
console.log(`listening on ${server.address.port}`);
