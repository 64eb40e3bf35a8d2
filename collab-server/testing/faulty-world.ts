/** A world whose log fails or waits as a test wants, and what is stored in it. */
import * as Y from "yjs";
import { type CollabWorld, openCollabWorld } from "./collab-world.ts";
import { FaultyLog } from "./faulty-log.ts";

export async function openFaultyWorld(
  options: Omit<NonNullable<Parameters<typeof openCollabWorld>[0]>, "wrapLog"> = {},
): Promise<{ readonly world: CollabWorld; readonly log: FaultyLog }> {
  const wrapped: FaultyLog[] = [];
  const world = await openCollabWorld({
    ...options,
    wrapLog: (log) => {
      const faulty = new FaultyLog(log);
      wrapped.push(faulty);
      return faulty;
    },
  });
  const [log] = wrapped;
  if (log === undefined) throw new Error("the log was not wrapped");
  return { world, log };
}

/** The text that the rows of a document make. */
export async function textInLog(
  world: CollabWorld,
  document: Parameters<CollabWorld["rows"]>[0],
): Promise<string> {
  const doc = new Y.Doc();
  for (const { bytes } of await world.rows(document)) Y.applyUpdate(doc, bytes);
  return doc.getText("default").toString();
}
