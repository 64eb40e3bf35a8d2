/** One broken message, or one that breaks something inside, costs its sender only (rule CS45 of PROTOCOL.md). */
import { afterEach, describe, expect, it } from "vitest";
import { closeCodes } from "../app/document/wire.ts";
import { type CollabWorld, openCollabWorld } from "./testing/collab-world.ts";
import { FaultyLog } from "./testing/faulty-log.ts";

let world: CollabWorld;
afterEach(() => world.close());

describe("broken messages", () => {
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

  it("[CS45] what fails inside by a message costs its sender's connection and nobody else's", async () => {
    let fails = false;
    world = await openCollabWorld({
      wrapLog: (log) => {
        const faulty = new FaultyLog(log);
        const append = faulty.append.bind(faulty);
        faulty.append = (...row) => {
          if (!fails) return append(...row);
          fails = false;
          throw new RangeError("Invalid array length");
        };
        return faulty;
      },
    });
    const document = await world.document();
    const witness = await world.join(await world.person(), document);
    const sender = await world.join(await world.person(), document);
    sender.type("first");
    await sender.allAcked();
    fails = true;
    sender.type("second");
    expect((await sender.gone()).code).toBe(closeCodes.badMessage);
    witness.type("third");
    await witness.allAcked();
    expect(witness.closed).toBeNull();
  });
});
