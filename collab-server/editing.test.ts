/** Writing together: what one types reaches the other, after it is on disk. */
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { WebSocket } from "ws";
import { WebsocketProvider } from "y-websocket";
import * as Y from "yjs";
import { schemaNumber } from "../app/document/schema-version.ts";
import type { DocumentId } from "../app/domain/ids.ts";
import { type CollabWorld, openCollabWorld } from "./testing/collab-world.ts";
import { until } from "./testing/until.ts";

let world: CollabWorld;
beforeEach(async () => {
  world = await openCollabWorld();
});
afterEach(() => world.close());

describe("writing together", () => {
  it("lets two y-websocket clients of the two sides edit one document", async () => {
    const document = await world.document("A plan. ");
    const people = [await world.person({ side: "provider" }), await world.person({ side: "employer" })];
    const providers = people.map((person) => {
      const doc = new Y.Doc();
      class WithCookie extends WebSocket {
        constructor(url: string | URL, protocols?: string | string[]) {
          super(url, protocols, { headers: { Cookie: person.cookie, Origin: world.origin } });
        }
      }
      return new WebsocketProvider(`ws://127.0.0.1:${world.port}/collab`, document.id, doc, {
        WebSocketPolyfill: WithCookie as unknown as typeof globalThis.WebSocket,
        disableBc: true,
        params: { schema: String(schemaNumber), epoch: document.epoch, client: String(doc.clientID) },
      });
    });
    const [one, two] = providers as [WebsocketProvider, WebsocketProvider];
    one.messageHandlers[100] = two.messageHandlers[100] = () => {};
    one.messageHandlers[101] = two.messageHandlers[101] = () => {};
    const synced = (provider: WebsocketProvider) =>
      new Promise<void>((resolve) => {
        if (provider.synced) resolve();
        else provider.once("sync", () => resolve());
      });
    await Promise.all(providers.map(synced));
    expect(one.doc.getText("default").toString()).toBe("A plan. ");
    const events = new (await import("node:events")).EventEmitter();
    for (const { doc } of providers) doc.on("update", () => events.emit("change"));
    one.doc.getText("default").insert(8, "College. ");
    two.doc.getText("default").insert(0, "Employer. ");
    const texts = () => providers.map(({ doc }) => doc.getText("default").toString());
    await until(
      events,
      () => texts().every((text) => text.includes("College") && text.includes("Employer")),
      "both",
    );
    expect(new Set(texts())).toEqual(new Set(["Employer. A plan. College. "]));
    for (const provider of providers) provider.destroy();
  });

  it("acks each frame with the seq under which it is durable", async () => {
    const document = await world.document();
    const [ann, bob] = [await world.person({ side: "provider" }), await world.person({ side: "employer" })];
    const one = await world.join(ann, document);
    const two = await world.join(bob, document);
    for (const letter of "curriculum") one.type(letter);
    await one.allAcked();
    expect(one.ackedFrames).toBe(11);
    await two.until(() => two.text === "A plancurriculum", "text at the other");
    const rows = await world.rows(document);
    expect(one.have).toBe(rows.length);
  });

  it("tells open pages of a new title and of a version that was brought back", async () => {
    const document = await world.document();
    const page = await world.join(await world.person(), document);
    world.collab.live.renamed(document.id as DocumentId, "Year one");
    world.collab.restored(document.id, "Ann", "After exchange 3");
    await page.until(() => page.control.length === 2, "both");
    expect(page.control).toEqual([
      { kind: "renamed", title: "Year one" },
      { kind: "restored", by: "Ann", version: "After exchange 3" },
    ]);
  });
});
