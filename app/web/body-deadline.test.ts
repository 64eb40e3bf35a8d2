/** Who may take their time over the body of a request. */
import { once } from "node:events";
import { createServer } from "node:http";
import { type AddressInfo, connect } from "node:net";
import express from "express";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { limits } from "../document/wire.ts";
import { readSession } from "../operations/read-session.ts";
import { insertSessionFor, openPeopleScene, type PeopleScene } from "../operations/testing/people-scene.ts";
import { bodyDeadline } from "./body-deadline.ts";

let scene: PeopleScene;
beforeAll(async () => {
  scene = await openPeopleScene();
});
afterAll(() => scene.database.close());

describe("a body that does not come", () => {
  it("[W7] ends the line of whoever is not signed in, and of nobody who is", async () => {
    const { services, users } = scene;
    const { cookie } = await insertSessionFor(services.db, users.editor, services.now());
    const app = express();
    app.use(
      bodyDeadline(async (header) => (await readSession(services, header, false)) !== null, 200),
      express.text(),
      (request, response) => void response.send(`taken: ${request.body}`),
    );
    const server = createServer(app);
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as AddressInfo;
    const events: string[] = [];
    /** Sends all of the body but the last letter. */
    const begin = async (name: string, header: string) => {
      const socket = connect(port, "127.0.0.1");
      socket.on("error", () => {});
      socket.on("data", (piece: Buffer) => events.push(`${name} ${/taken: .*/.exec(piece.toString())?.[0]}`));
      const ended = once(socket, "close").then(() => events.push(`${name} ended`));
      socket.write(
        `POST / HTTP/1.1\r\nHost: x\r\n${header}Content-Type: text/plain\r\nContent-Length: 5\r\n\r\nwor`,
      );
      return { socket, ended };
    };
    const member = await begin("member", `Cookie: ${cookie}\r\n`);
    const anonymous = await begin("anonymous", "");
    const forger = await begin("forger", "Cookie: __Host-two-way=made-up\r\n");
    await Promise.all([anonymous.ended, forger.ended]);
    // She began before them, her time was up before theirs, and she is still listened to.
    expect(events.toSorted()).toEqual(["anonymous ended", "forger ended"]);
    member.socket.write("ds");
    await once(member.socket, "data");
    expect(events[2]).toBe("member taken: words");
    member.socket.destroy();
    await member.ended;
    server.close();
    expect(limits.preAuthMs).toBe(5_000);
    console.log("[W7] half a body: 2 lines without a session ended, 1 with a session served");
  });
});
