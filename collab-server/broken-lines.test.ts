/** Lines that stall, break or swallow what is sent (rule CS24 of PROTOCOL.md). */
import { afterEach, describe, expect, it } from "vitest";
import { type CollabWorld, openCollabWorld } from "./testing/collab-world.ts";
import { seeded, seedOfRun, told, trials } from "./testing/count.ts";
import { FaultProxy } from "./testing/fault-proxy.ts";
import { textInLog } from "./testing/faulty-world.ts";

let world: CollabWorld;
afterEach(() => world.close());

describe("broken lines", () => {
  it("[D10][CS24] keeps every word over stalled, reset and half-open lines", async () => {
    world = await openCollabWorld();
    const document = await world.document("");
    const proxy = await FaultProxy.open(world.port);
    const ann = await world.person();
    const bob = await world.person({ side: "employer" });
    const witness = await world.join(bob, document);
    const page = world.client(ann, document, {
      url: (self) =>
        world
          .url(document, { client: self.doc.clientID, have: self.have, also: [] })
          .replace(`:${world.port}/`, `:${proxy.port}/`),
    });
    const seed = seedOfRun();
    const random = seeded(seed);
    const count = trials(500, 120);
    for (let i = 0; i < count; i++) {
      proxy.swallowsUpstream = false;
      proxy.flow();
      if (!page.isOpen) page.connect();
      await page.synced();
      page.type(`${i};`);
      const fault = random();
      if (fault < 0.4) proxy.stall();
      else if (fault < 0.7) proxy.swallowsUpstream = true;
      page.type(`${i}f;`);
      if (fault < 0.2) {
        // The stall ends by itself and everything arrives late.
        proxy.flow();
        await page.allAcked();
      } else {
        proxy.reset();
        await page.gone();
      }
      // Typed without any line at all.
      if (!page.isOpen) page.type(`${i}o;`);
    }
    proxy.swallowsUpstream = false;
    proxy.flow();
    if (!page.isOpen) page.connect();
    await page.synced();
    await page.allAcked();
    await witness.until(() => witness.text === page.text, "the other has it all");
    expect(await textInLog(world, document)).toBe(page.text);
    told("D10", count, seed, `${page.text.split(";").length - 1} tokens typed, 0 lost`);
    proxy.close();
  });
});
