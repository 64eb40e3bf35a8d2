/** The control messages of the server: read with care, and what each tells the person. */
import type { ControlMessage } from "../document/wire.ts";

/** The message in a text; null where it is none. */
export function controlIn(text: string): ControlMessage | null {
  const message: unknown = JSON.parse(text);
  return typeof message === "object" && message !== null && "kind" in message
    ? (message as ControlMessage)
    : null;
}

/** What a message tells the person; null where it has nothing to say. */
export function noticeOf(message: ControlMessage): string | null {
  switch (message.kind) {
    case "size": {
      const megabytes = (bytes: number) => (bytes / 1024 / 1024).toFixed(1);
      return `This document has ${megabytes(message.bytes)} of ${megabytes(message.max)} MB. Move a part of it into a document of its own soon.`;
    }
    case "draining":
      return "The server restarts. You can go on writing; it will be sent in a moment.";
    case "restored":
      return `${message.by} brought back ${message.version}.`;
    default:
      return null;
  }
}
