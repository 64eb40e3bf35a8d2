/** A room as a React hook: opened when the page stands, closed when it goes. */
import { useEffect, useRef, useState, useSyncExternalStore } from "react";
import { openRoom, type Room, type RoomOptions, type RoomView } from "./room.ts";

/** The open room, or null before the first effect has run. */
export function useRoom(options: RoomOptions, onRenamed: (title: string) => void): Room | null {
  const [room, setRoom] = useState<Room | null>(null);
  const renamed = useRef(onRenamed);
  renamed.current = onRenamed;
  const title = useRef(options.title);
  title.current = options.title;
  const { documentId, epoch, userId, canWrite, recovery, keepsCopy, origin } = options;
  useEffect(() => {
    const opened = openRoom(
      { documentId, epoch, userId, canWrite, recovery, keepsCopy, origin, title: title.current },
      (newTitle) => renamed.current(newTitle),
    );
    setRoom(opened);
    return () => {
      setRoom(null);
      opened.close();
    };
  }, [documentId, epoch, userId, canWrite, recovery, keepsCopy, origin]);
  return room;
}

const neverChanges = () => () => {};

/** What the room says now; null while there is none. */
export function useRoomView(room: Room | null): RoomView | null {
  return useSyncExternalStore(
    room?.subscribe ?? neverChanges,
    () => room?.view() ?? null,
    () => null,
  );
}
