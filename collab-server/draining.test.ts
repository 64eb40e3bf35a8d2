/** The way out (rule CS25 of PROTOCOL.md). */
import { afterEach, describe, expect, it } from "vitest";
import { closeCodes } from "../app/document/wire.ts";
import type { CollabWorld } from "./testing/collab-world.ts";
import { told, trials } from "./testing/count.ts";
import { gate } from "./testing/faulty-log.ts";
import { openFaultyWorld } from "./testing/faulty-world.ts";
import { realTimers, type Timers } from "./timers.ts";

let world: CollabWorld;
afterEach(() => world.close());

async function openFaulty(options?: Parameters<typeof openFaultyWorld>[0]) {
  const opened = await openFaultyWorld(options);
  ({ world } = opened);
  return opened;
}

describe("draining", () => {
  it("[D11][B6][CS25] drains: waits for the disk, tells everybody, closes with 1012 and loses nothing", async () => {
    const spread: number[] = [];
    const timers: Timers = {
      every: realTimers.every,
      after: (ms, call) => {
        if (ms > 0 && ms <= 5_000) spread.push(ms);
        // Ten times as fast as in real life; the order stays.
        return realTimers.after(ms / 10, call);
      },
    };
    const { log } = await openFaulty({ timers });
    const people = [await world.person(), await world.person({ side: "employer" }), await world.person()];
    const rounds = trials(200, 4);
    let acked = 0;
    let recovered = 0;
    for (let round = 0; round < rounds; round++) {
      const documents = await Promise.all(Array.from({ length: 20 }, () => world.document("")));
      const clients = await Promise.all(
        Array.from({ length: 50 }, (_, i) => {
          const document = documents[i % documents.length];
          if (document === undefined) throw new Error("no document");
          return world.join(people[i % 3] ?? null, document);
        }),
      );
      const commit = gate();
      log.beforeAppend = async () => {
        await commit.opened;
        return null;
      };
      for (const [i, client] of clients.entries()) client.type(`token ${i} `);
      await clients[0]?.until(() => log.appends >= 1, "on its way");
      spread.length = 0;
      const drained = world.collab.drain();
      await Promise.all(
        clients.map((client) =>
          client.until(() => client.control.some(({ kind }) => kind === "draining"), "told"),
        ),
      );
      const late = world.client(people[0] ?? null, documents[0] as never);
      late.connect();
      await late.until(() => late.refusedWith !== null, "refused");
      expect(late.refusedWith).toBe(503);
      // In every second round the disk hangs until after the server has gone.
      if (round % 2 === 0) commit.open();
      await drained;
      commit.open();
      for (const client of clients) {
        expect((await client.gone()).code).toBe(closeCodes.restarting);
        if (client.ackedFrames >= client.sentFrames) acked++;
      }
      const delays = spread.filter((ms) => ms % 100 === 0 && ms <= 5_000);
      expect(Math.max(...delays)).toBeGreaterThanOrEqual(5_000);
      await world.restart();
      log.beforeAppend = async () => null;
      await Promise.all(
        clients.map(async (client, i) => {
          client.connect();
          await client.synced();
          await client.allAcked();
          expect(client.text).toContain(`token ${i} `);
          recovered++;
          client.destroy();
          await client.gone();
        }),
      );
    }
    told(
      "B6",
      rounds,
      "none",
      `${acked} acked before the close, ${recovered} of ${rounds * 50} texts there after it`,
    );
    expect(recovered).toBe(rounds * 50);
  });
});
