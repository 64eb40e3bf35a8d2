import { describe, expect, it } from "vitest";
import { limits } from "../document/wire.ts";
import { countingSocket } from "./counting-socket.ts";

/** A socket that only remembers what it would have sent. */
class Line {
  readonly sent: string[] = [];
  readyState = 1;
  send(data: Uint8Array) {
    this.sent.push([...data].join(" "));
  }
}

function line() {
  let frames = 0;
  let tooLarge = 0;
  const Counting = countingSocket(
    () => {
      frames += 1;
    },
    () => {
      tooLarge += 1;
    },
    Line as unknown as typeof WebSocket,
  );
  const socket = new Counting("ws://localhost") as unknown as Line;
  const say = (...bytes: number[]) => socket.send(new Uint8Array(bytes));
  return { socket, say, frames: () => frames, tooLarge: () => tooLarge };
}

describe("counting socket", () => {
  it("counts what the server counts: answers and updates, not questions, carets or pings", () => {
    const { say, frames } = line();
    say(0, 0, 9);
    say(1, 5);
    say(3);
    expect(frames()).toBe(0);
    say(0, 1, 0);
    say(0, 2, 7);
    say(0, 2, 8);
    expect(frames()).toBe(3);
  });

  it("[D10] lets no update overtake the answer that holds what was written without a line", () => {
    const { say, socket, frames } = line();
    say(0, 2, 7);
    expect([socket.sent, frames()]).toEqual([[], 0]);
    say(0, 1, 0);
    say(0, 2, 8);
    expect([socket.sent, frames()]).toEqual([["0 1 0", "0 2 8"], 2]);
  });

  it("takes nothing more once it is closing, and counts nothing then", () => {
    const { say, socket, frames } = line();
    socket.readyState = 2;
    say(0, 0, 1);
    say(0, 1, 0);
    expect([socket.sent, frames()]).toEqual([[], 0]);
  });

  it("sends nothing of the document where the server never asks: a reader's page", () => {
    const { say, socket } = line();
    say(0, 0, 1);
    say(0, 2, 7);
    expect(socket.sent).toEqual(["0 0 1"]);
  });

  it("[D18] leaves out an update above the limit of a frame, and all that stands on it, for a new line", () => {
    const { say, socket, frames, tooLarge } = line();
    say(0, 1, 0);
    const paste = new Uint8Array(limits.frameBytes + 1);
    paste.set([0, 2]);
    socket.send(paste);
    say(0, 2, 8);
    expect([socket.sent, frames(), tooLarge()]).toEqual([["0 1 0"], 1, 1]);
    // An update of exactly the limit still goes as it is.
    const other = line();
    other.say(0, 1, 0);
    other.socket.send(paste.subarray(0, limits.frameBytes));
    expect([other.frames(), other.tooLarge()]).toEqual([2, 0]);
  });
});
