/** Waiting for who takes an answer, so that it is made no faster than it is taken. */
import type { ServerResponse } from "node:http";

/** True once the line takes more, false when it is gone. */
export function untilRoom(response: ServerResponse): Promise<boolean> {
  if (response.destroyed || response.socket?.destroyed === true) return Promise.resolve(false);
  if (!response.writableNeedDrain) return Promise.resolve(true);
  return new Promise((resolve) => {
    const settle = () => {
      response.off("drain", settle);
      response.off("close", settle);
      resolve(!response.destroyed);
    };
    response.on("drain", settle);
    response.on("close", settle);
  });
}
