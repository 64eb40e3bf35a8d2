import { once } from "node:events";
import { createServer, type ServerResponse } from "node:http";
import { type AddressInfo, connect, type Socket } from "node:net";
import { setImmediate as nextTurn } from "node:timers/promises";
import { writeReadableStreamToWritable } from "@remix-run/node";
import { afterEach, beforeEach, expect, it } from "vitest";
import { fileBytes, pieceBytesMax } from "../export/file-bytes.ts";
import { streamOf } from "./stream-file.server.ts";
import { untilRoom } from "./until-room.ts";

/** More than what the system takes for a line that nobody reads. */
const bytesInFile = 64 * 1024 * 1024;
const part = new Uint8Array((pieceBytesMax / 4) * 3);
const size = (bytesInFile / pieceBytesMax) * part.length;

let isClosed: boolean;
let made: number;
/** The server waits for its reader. */
let waits: Promise<ServerResponse>;
let answered: Promise<void>;
let reader: Socket;
let close: () => Promise<unknown>;

beforeEach(async () => {
  isClosed = false;
  made = 0;
  const waiting = Promise.withResolvers<ServerResponse>();
  const ended = Promise.withResolvers<void>();
  waits = waiting.promise;
  answered = ended.promise;
  async function* picture() {
    try {
      for (let at = 0; at < size; at += part.length) {
        made += pieceBytesMax;
        yield part;
      }
    } finally {
      isClosed = true;
    }
  }
  const images = new Map([["x", { mediaType: "image/png", size }]]);
  const server = createServer((_request, response) => {
    const body = streamOf(fileBytes([{ imageId: "x" }], images, picture), () => {
      if (response.writableNeedDrain) waiting.resolve(response);
      return untilRoom(response);
    });
    // As Remix writes the body of an answer.
    writeReadableStreamToWritable(body, response).then(ended.resolve, ended.reject);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  reader = connect((server.address() as AddressInfo).port, "127.0.0.1");
  reader.pause();
  reader.write("GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
  close = async () => {
    reader.destroy();
    server.close();
    server.closeAllConnections();
    await once(server, "close");
  };
});
afterEach(() => close());

it("a file waits for a slow reader with one piece in memory, and arrives whole", async () => {
  const response = await waits;
  // Time enough to make the whole of it.
  for (let turn = 0; turn < 5_000; turn += 1) await nextTurn();
  expect(response.writableLength).toBeLessThanOrEqual(2 * pieceBytesMax);
  expect(made).toBeLessThan(bytesInFile);
  expect(isClosed).toBe(false);
  let arrived = 0;
  reader.on("data", (data) => {
    arrived += data.length;
  });
  reader.resume();
  await once(reader, "end");
  expect(arrived).toBeGreaterThan(bytesInFile);
  await answered;
  expect(isClosed).toBe(true);
});

it("a file whose reader vanishes is closed, and its answer ends without a complaint", async () => {
  await waits;
  reader.destroy();
  await answered;
  expect(isClosed).toBe(true);
  expect(made).toBeLessThan(bytesInFile);
});
