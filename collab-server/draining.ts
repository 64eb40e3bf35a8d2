/** The way out: the disk is waited for, and those who are connected go one by one (promise B6). */
import { closeCodes } from "../app/document/wire.ts";
import type { Connection } from "./connection.ts";
import type { Rooms } from "./rooms.ts";
import type { Timers } from "./timers.ts";

/** Waiting for the disk, then closing spread over this time. */
const settleWithinMs = 3_000;
const spreadMs = 5_000;
/** So few sockets need no spreading. */
const fewSockets = 10;

/** Tells everybody, waits for the disk, closes all with 1012. At most 10 s. */
export async function drainRooms(
  rooms: Rooms,
  connections: () => readonly Connection[],
  timers: Timers,
): Promise<void> {
  for (const room of rooms.live()) room.tell({ kind: "draining" });
  await within(settleWithinMs, rooms.settled(), timers);
  const open = connections();
  const spread = open.length > fewSockets ? spreadMs : 0;
  await Promise.all(
    open.map(
      (connection, i) =>
        new Promise<void>((resolve) => {
          const close = () => {
            connection.close(closeCodes.restarting, "restarting");
            resolve();
          };
          if (spread === 0) close();
          else timers.after((spread * (i + 1)) / open.length, close);
        }),
    ),
  );
  await within(settleWithinMs / 2, rooms.settled(), timers);
}

/** Resolves with the work, however it ends, or after this time. */
function within(ms: number, work: Promise<unknown>, timers: Timers): Promise<void> {
  return new Promise((resolve) => {
    const cancel = timers.after(ms, resolve);
    work.finally(() => {
      cancel();
      resolve();
    });
  });
}
