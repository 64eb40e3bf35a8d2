/** Broken traffic costs its sender only (rules CS41 and CS45 of PROTOCOL.md). */
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { connect } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import * as Y from "yjs";
import { closeCodes } from "../app/document/wire.ts";
import { type CollabWorld, openCollabWorld } from "./testing/collab-world.ts";
import { seeded, seedOfRun, told, trials } from "./testing/count.ts";

let world: CollabWorld;
afterEach(() => world.close());

/** A masked client frame around `payload`. */
function masked(payload: Uint8Array, first = 0x82): Buffer {
  const head =
    payload.length < 126
      ? Buffer.from([first, 0x80 | payload.length])
      : Buffer.from([first, 0x80 | 126, payload.length >> 8, payload.length & 255]);
  return Buffer.concat([head, Buffer.alloc(4), payload]);
}

describe("malformed traffic", () => {
  it("[W5][B12][CS45] 100,000 broken frames end no process, no honest connection and no document", async () => {
    world = await openCollabWorld();
    const document = await world.document("Base ");
    const attacked = await world.document("Attacked ");
    const attackers = await Promise.all(Array.from({ length: 8 }, () => world.person()));
    const witness = await world.join(await world.person({ side: "employer" }), document);
    const insider = await world.join(await world.person({ side: "employer" }), attacked);
    const problems: unknown[] = [];
    const note = (problem: unknown) => problems.push(problem);
    process.on("unhandledRejection", note);
    process.on("uncaughtExceptionMonitor", note);

    const seed = seedOfRun();
    const random = seeded(seed);
    const wanted = trials(5_000_000, 100_000);
    const framesEach = 60;
    let frames = 0;
    let connections = 0;
    let stored = 0;
    const byte = () => Math.floor(random() * 256);
    const mutate = (bytes: Uint8Array) => {
      const out = Uint8Array.from(bytes);
      for (let i = 0; i <= random() * 3; i++) out[Math.floor(random() * out.length)] = byte();
      return out;
    };
    await Promise.all(
      attackers.map(async (attacker, lane) => {
        while (frames < wanted) {
          // Real updates of a page of the attacker's own, to be bent out of shape.
          const doc = new Y.Doc();
          doc.clientID = 10_000_000 + connections * 8 + lane;
          connections++;
          Y.applyUpdate(doc, Y.encodeStateAsUpdate(insider.doc));
          const made: Uint8Array[] = [];
          doc.on("update", (update: Uint8Array) => made.push(update));
          doc.transact(() => {
            doc.getText("default").insert(0, "ab");
            doc.getText("default").delete(0, 1);
          });
          const [update = new Uint8Array()] = made;
          const honest = Uint8Array.from([0, 2, update.length, ...update]);
          const url = world.url(attacked, { client: doc.clientID });
          const socket = connect(world.port, "127.0.0.1");
          socket.on("error", () => {});
          const closed = once(socket, "close");
          socket.write(
            `GET ${url.slice(url.indexOf("/collab/"))} HTTP/1.1\r\nHost: x\r\nOrigin: ${world.origin}\r\nCookie: ${attacker.cookie}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${randomBytes(16).toString("base64")}\r\n\r\n`,
          );
          await once(socket, "data");
          socket.resume();
          const pieces: Buffer[] = [];
          for (let i = 1; i < framesEach; i++) {
            const kind = Math.floor(random() * 4);
            // These are taken without closing: broken presence, replays, odd questions.
            if (kind <= 1) {
              const noise = Uint8Array.from({ length: Math.floor(random() * 40) }, byte);
              pieces.push(masked(Uint8Array.from([1, noise.length, ...noise])));
            } else if (kind === 2) pieces.push(masked(Uint8Array.from([1, byte(), byte(), byte()])));
            else pieces.push(masked(Uint8Array.of(0, 2, 2, 0, 0)));
            frames++;
          }
          const last = Math.floor(random() * 8);
          if (last <= 2) pieces.push(masked(mutate(honest)));
          else if (last === 7) pieces.push(masked(honest));
          else if (last === 3)
            pieces.push(masked(Uint8Array.from({ length: 1 + Math.floor(random() * 60) }, byte)));
          else if (last === 4) pieces.push(masked(Buffer.from("hello"), 0x81));
          else if (last === 5)
            pieces.push(Buffer.from([0xf2, 0x85, byte(), byte(), byte(), byte(), 1, 2, 3, 4, 5]));
          else pieces.push(Buffer.from(Uint8Array.from({ length: 40 }, byte)));
          frames++;
          socket.write(Buffer.concat(pieces));
          // Ended by us as well: a mutated frame may be harmless, or wait for more.
          socket.end(masked(Uint8Array.of(3, 232), 0x88));
          await closed;
          if (connections % 50 === 0) witness.type("w");
        }
      }),
    );
    await witness.allAcked();
    insider.type("still here");
    await insider.allAcked();
    process.off("unhandledRejection", note);
    process.off("uncaughtExceptionMonitor", note);
    expect(problems).toEqual([]);
    expect([witness.closed, insider.closed]).toEqual([null, null]);

    // What was let through is sound: every row applies, and all replicas are equal.
    const rows = await world.rows(attacked);
    stored = rows.length;
    const replay = new Y.Doc();
    for (const { bytes } of rows) Y.applyUpdate(replay, bytes);
    expect(replay.store.pendingStructs).toBeNull();
    await insider.until(() => insider.have === rows.length, "everything");
    expect(insider.text).toBe(replay.getText("default").toString());
    const late = await world.join(await world.person(), attacked);
    expect(late.text).toBe(insider.text);
    told(
      "B12",
      frames,
      seed,
      `${connections} connections, 0 exits, 0 rejections, ${stored} sound rows let through`,
    );
    expect(frames).toBeGreaterThanOrEqual(100_000);
    // The test is worth something only if much of it gets past the first checks.
    expect(stored).toBeGreaterThan(connections / 12);
  });

  it("[W5][CS45] text frames, unknown messages and broken varints are answered with their close code", async () => {
    world = await openCollabWorld();
    const document = await world.document();
    const person = await world.person();
    const broken: [string, (client: Awaited<ReturnType<CollabWorld["join"]>>) => void][] = [
      ["text", (client) => client.socket?.send("hello")],
      ["empty", (client) => client.sendBytes(new Uint8Array())],
      ["unknown type", (client) => client.sendBytes(Uint8Array.of(42, 1))],
      ["endless varint", (client) => client.sendBytes(new Uint8Array(20).fill(255))],
      ["length beyond the end", (client) => client.sendBytes(Uint8Array.of(0, 2, 100, 0, 0))],
      ["bytes after the end", (client) => client.sendBytes(Uint8Array.of(0, 2, 2, 0, 0, 7))],
      ["broken state vector", (client) => client.sendBytes(Uint8Array.of(0, 0, 2, 9, 9))],
    ];
    for (const [name, send] of broken) {
      const client = await world.join(person, document);
      send(client);
      expect((await client.gone()).code, name).toBe(closeCodes.badMessage);
    }
  });
});
