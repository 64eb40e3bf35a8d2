/** Who is here: true names, one caret each, no ghosts (rules CS33–CS37 of PROTOCOL.md). */
import type { Socket } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { closeCodes } from "../app/document/wire.ts";
import { type CollabWorld, openCollabWorld } from "./testing/collab-world.ts";
import { seeded, seedOfRun, told, trials } from "./testing/count.ts";
import { FaultProxy } from "./testing/fault-proxy.ts";
import { ManualTimers } from "./testing/manual-timers.ts";
import type { RawClient } from "./testing/raw-client.ts";

let world: CollabWorld;
afterEach(() => world.close());

const caretAt = (clock: number) => ({
  anchor: { type: null, tname: "default", item: { client: 1, clock }, assoc: 0 },
  head: { type: null, tname: "default", item: { client: 1, clock }, assoc: 0 },
});

/** One question and its answer: everything sent before has been read by the server. */
async function roundTrip(client: RawClient): Promise<void> {
  const messages = client.messages;
  client.sendBytes(Uint8Array.of(3));
  await client.until(() => client.messages >= messages + 2, "an answer");
}

describe("presence", () => {
  it("[CS33] shows name, side and organisation from the session, and the caret from the client", async () => {
    world = await openCollabWorld();
    const document = await world.document();
    const ann = await world.join(await world.person({ name: "Ann", side: "provider" }), document);
    const bob = await world.join(await world.person({ name: "Bob", side: "employer" }), document);
    await ann.until(() => ann.people.length === 2, "two people");
    expect(ann.people.map(({ name, side, organisation }) => [name, side, organisation])).toEqual([
      ["Ann", "provider", "Northfield College"],
      ["Bob", "employer", "Northfield College"],
    ]);
    bob.sendAwareness([
      {
        clientId: bob.doc.clientID,
        clock: 1,
        state: { user: { name: "The Queen" }, cursor: caretAt(2), secret: 1 },
      },
    ]);
    await ann.until(() => ann.carets.has(bob.doc.clientID), "a caret");
    expect(ann.carets.get(bob.doc.clientID)?.state).toEqual({
      user: {
        id: bob.people.find(({ name }) => name === "Bob")?.userId,
        name: "Bob",
        side: "employer",
        organisation: "Northfield College",
      },
      cursor: caretAt(2),
    });
    expect(world.collab.live.peopleIn(document.id as never).map(({ name }) => name)).toEqual(["Ann", "Bob"]);
    bob.leave();
    await ann.until(() => ann.people.length === 1 && !ann.carets.has(bob.doc.clientID), "Bob has gone");
  });

  it("[W9][B16][CS34] strangers cannot rename, remove or multiply anybody, and floods cost only themselves", async () => {
    world = await openCollabWorld();
    const document = await world.document();
    const witness = await world.join(await world.person({ name: "Witness" }), document);
    const victim = await world.join(await world.person({ name: "Victim", side: "employer" }), document);
    victim.sendAwareness([{ clientId: victim.doc.clientID, clock: 1, state: { cursor: caretAt(1) } }]);
    await witness.until(() => witness.carets.has(victim.doc.clientID), "the victim's caret");
    const attackers = await Promise.all(
      Array.from({ length: 4 }, async (_, i) =>
        world.join(await world.person({ name: `Attacker ${i}` }), document),
      ),
    );
    const victimId = victim.doc.clientID;
    const seed = seedOfRun();
    const random = seeded(seed);
    const count = trials(1_000_000, 20_000);
    for (let i = 0; i < count; i++) {
      const attacker = attackers[i % attackers.length];
      if (attacker === undefined) continue;
      const own = attacker.doc.clientID;
      const kind = Math.floor(random() * 8);
      const clock = 10 ** 12 + i;
      if (kind === 0)
        attacker.sendAwareness([
          { clientId: victimId, clock, state: { user: { name: "Mallory" }, cursor: null } },
        ]);
      else if (kind === 1) attacker.sendAwareness([{ clientId: victimId, clock, state: null }]);
      else if (kind === 2)
        attacker.sendAwareness([
          { clientId: own, clock, state: { user: { name: "Victim", side: "employer" }, cursor: caretAt(3) } },
        ]);
      else if (kind === 3)
        attacker.sendBytes(
          Buffer.concat([Buffer.from([1, 200, 1]), Buffer.alloc(200, Math.floor(random() * 256))]),
        );
      else if (kind === 4)
        attacker.sendAwareness([
          { clientId: own, clock, state: { cursor: { anchor: "x".repeat(2_000), head: 1 } } },
        ]);
      else if (kind === 5)
        attacker.sendBytes(
          Buffer.from([1, 40, 1, own & 127, 1, 30, ...Buffer.from('{"__proto__":{"name":"Mallory"}}')]),
        );
      else if (kind === 6) attacker.sendBytes(Uint8Array.of(1, 5, 0xff, 0xff, 0xff, 0xff, 0x0f));
      else attacker.sendAwareness([{ clientId: i, clock, state: { user: { name: `Ghost ${i}` } } }]);
      // As fast as the lines take it, and not a million messages into the memory of this process.
      if (i % 5_000 === 4_999) await Promise.all(attackers.map((each) => each.flushed()));
    }
    const [first] = attackers;
    first?.sendAwareness(
      Array.from({ length: 50_000 }, (_, i) => ({
        clientId: 5_000_000 + i,
        clock: 1,
        state: { user: { name: "Ghost" } },
      })),
    );
    first?.sendAwareness([
      { clientId: first.doc.clientID, clock: 1, state: { cursor: "x".repeat(900_000) } },
    ]);
    await Promise.all(attackers.map(roundTrip));
    await roundTrip(witness);
    const ids = new Set([victim, ...attackers].map(({ doc }) => doc.clientID));
    for (const [id, { state }] of witness.carets) {
      expect(ids.has(id)).toBe(true);
      const { user } = state as { user: { name: string } };
      expect(user.name).toBe(witness.people.find(({ clientId }) => clientId === id)?.name);
    }
    expect(witness.people.map(({ name }) => name).sort()).toEqual(
      ["Attacker 0", "Attacker 1", "Attacker 2", "Attacker 3", "Victim", "Witness"].sort(),
    );
    expect(witness.carets.get(victimId)?.state).toMatchObject({
      user: { name: "Victim" },
      cursor: caretAt(1),
    });
    expect([witness, victim, ...attackers].every(({ closed }) => closed === null)).toBe(true);
    // Read at most ten times a second, whatever is sent: the rest is coalesced.
    told(
      "W9",
      count,
      seed,
      `true names only, ${witness.carets.size} carets for ${ids.size} people, ${witness.messages} messages to the witness`,
    );
    expect(witness.messages).toBeLessThan(count / 4);
  });

  it("[W9][CS35] readers, whose ids are leased to nobody, cannot put one another out by naming them", async () => {
    world = await openCollabWorld();
    const document = await world.document();
    const reader = async (name: string) =>
      world.client(await world.person({ name, role: "commenter" }), document);
    const victim = await reader("Victim");
    victim.connect();
    await victim.synced();
    const attacker = await reader("Attacker");
    attacker.doc.clientID = victim.doc.clientID;
    attacker.connect();
    await attacker.until(() => attacker.closed !== null, "the attacker is closed");
    expect(attacker.closed?.code).toBe(closeCodes.leaseRefused);
    await roundTrip(victim);
    expect(victim.closed).toBeNull();
    expect(victim.people.map(({ name }) => name)).toEqual(["Victim"]);
    // Who writes has the id as a lease, and the reader comes back under another.
    const writer = world.client(await world.person({ name: "Writer" }), document);
    writer.doc.clientID = victim.doc.clientID;
    writer.connect();
    await writer.synced();
    await victim.until(() => victim.closed !== null, "the reader gives way");
  });

  it("[D24][CS35] a dead line is gone within 35 s, and a living one is not", async () => {
    const timers = new ManualTimers(Date.now());
    world = await openCollabWorld({ timers, now: timers.now });
    const document = await world.document();
    const proxy = await FaultProxy.open(world.port);
    const ann = await world.person({ name: "Ann" });
    const witness = await world.join(await world.person({ name: "Witness", side: "employer" }), document);
    const dead = await world.join(ann, document, {
      url: (self) =>
        world.url(document, { client: self.doc.clientID }).replace(`:${world.port}/`, `:${proxy.port}/`),
    });
    dead.sendAwareness([{ clientId: dead.doc.clientID, clock: 1, state: { cursor: caretAt(1) } }]);
    await roundTrip(dead);
    timers.advance(1_000);
    await witness.until(() => witness.carets.has(dead.doc.clientID), "a caret");
    proxy.stall();
    let seconds = 0;
    while (witness.people.length > 1 && seconds < 40) {
      timers.advance(1_000);
      seconds++;
      await roundTrip(witness);
    }
    told("D24", 1, "none", `gone after ${seconds} s of silence`);
    expect(seconds).toBeLessThanOrEqual(35);
    expect(witness.carets.size).toBe(0);
    expect(witness.closed).toBeNull();
    proxy.close();
  });

  it("[D10][CS35] a line on which a large frame is still arriving is alive, however slow", async () => {
    const timers = new ManualTimers(Date.now());
    world = await openCollabWorld({ timers, now: timers.now });
    const document = await world.document();
    const ann = world.client(await world.person({ name: "Ann" }), document, {
      isPage: false,
      answersPings: false,
    });
    let line: Socket | undefined;
    ann.connect();
    ann.socket?.on("upgrade", ({ socket }) => {
      line = socket;
    });
    await ann.until(() => ann.isOpen, "an open line");
    ann.sendStep1();
    await ann.until(() => ann.isSynced, "the text");
    const witness = await world.join(await world.person({ name: "Witness", side: "employer" }), document);
    // A frame of 1,000 bytes, of which one byte comes every two seconds; pongs would wait behind it.
    line?.write(Buffer.from([0x82, 0xfe, 1_000 >> 8, 1_000 & 255, 0, 0, 0, 0]));
    for (let seconds = 0; seconds < 60; seconds++) {
      if (seconds % 2 === 0) line?.write(Buffer.of(0));
      timers.advance(1_000);
      await roundTrip(witness);
    }
    expect(ann.closed).toBeNull();
    expect(witness.people.length).toBe(2);
    // And once nothing arrives any more, it is gone as any other.
    for (let seconds = 0; seconds < 40 && ann.closed === null; seconds++) {
      timers.advance(1_000);
      await roundTrip(witness);
    }
    await witness.until(() => witness.people.length === 1, "gone");
  });

  it("[D24][CS35] lines that are cut or left, and a reload, leave one person and no ghost", async () => {
    world = await openCollabWorld();
    const document = await world.document();
    const ann = await world.person({ name: "Ann" });
    const witness = await world.join(await world.person({ name: "Witness", side: "employer" }), document);
    const count = trials(100, 40);
    for (let i = 0; i < count; i++) {
      const page = await world.join(ann, document);
      page.sendAwareness([{ clientId: page.doc.clientID, clock: 1, state: { cursor: caretAt(1) } }]);
      await witness.until(() => witness.carets.has(page.doc.clientID), "a caret");
      if (i % 2 === 0) page.destroy();
      else page.leave();
      await witness.until(() => witness.people.length === 1 && witness.carets.size === 0, "gone");
    }
    // The same page again while its first line is not known to be dead.
    const first = await world.join(ann, document);
    const second = world.client(ann, document, { doc: first.doc });
    second.connect();
    await second.synced();
    await first.gone();
    await witness.until(() => witness.people.length === 2, "one Ann");
    told("D24", count, "none", "0 ghosts after kills and reloads");
  });

  it("[CS36] sends every socket something at least every 15 s, so that y-websocket stays", async () => {
    const timers = new ManualTimers(Date.now());
    world = await openCollabWorld({ timers, now: timers.now });
    const document = await world.document();
    const page = await world.join(await world.person(), document);
    let quietest = 0;
    let quiet = 0;
    for (let second = 0; second < 120; second++) {
      const before = page.messages;
      const pinged = new Promise<void>((resolve) => page.socket?.once("pong", () => resolve()));
      timers.advance(1_000);
      page.socket?.ping();
      await pinged;
      quiet = page.messages > before ? 0 : quiet + 1;
      quietest = Math.max(quietest, quiet);
    }
    told("CS36", 120, "none", `longest silence ${quietest} s`);
    expect(quietest).toBeLessThan(15);
  });

  it("[CS37] renews carets of people who only read, so that they do not fade", async () => {
    const timers = new ManualTimers(Date.now());
    world = await openCollabWorld({ timers, now: timers.now });
    const document = await world.document();
    const reader = await world.join(await world.person(), document);
    const other = await world.join(await world.person({ side: "employer" }), document);
    reader.sendAwareness([{ clientId: reader.doc.clientID, clock: 1, state: { cursor: caretAt(1) } }]);
    await roundTrip(reader);
    timers.advance(1_000);
    await other.until(() => other.carets.has(reader.doc.clientID), "a caret");
    const clock = other.carets.get(reader.doc.clientID)?.clock ?? 0;
    timers.advance(15_000);
    await other.until(() => (other.carets.get(reader.doc.clientID)?.clock ?? 0) > clock, "renewed");
  });
});
