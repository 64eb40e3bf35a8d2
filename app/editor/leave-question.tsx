/**
 * The question before a page is left by a link, by Back or by a form, while words are on
 * it that neither the server nor this device holds for certain. What is only on its way
 * is waited for in silence; where nothing comes, the person decides. Closing the tab is
 * asked about by the browser itself (`room.ts`).
 */
import { useBlocker } from "@remix-run/react";
import { useCallback, useEffect, useRef, useState } from "react";
import { Dialog } from "../components/dialog.tsx";
import type { Room } from "./room.ts";
import { TakeButtons } from "./take-away.tsx";

/** A server that answers has stored within this time; after it the person is asked (ms). */
const waitMs = 1_000;
/** How often is looked whether server or device have come to hold everything (ms). */
const lookEveryMs = 100;

type Place = { readonly pathname: string; readonly search: string; readonly hash: string };

/** Only another part of the same page: nothing is asked of the server and nothing is left. */
function isOnlyAnotherPart(from: Place, to: Place): boolean {
  return from.pathname === to.pathname && from.search === to.search && from.hash !== to.hash;
}

/** Stands beside the open document; shows itself only when somebody is about to lose words. */
export function LeaveQuestion({ room, title, text }: { room: Room; title: string; text: () => string }) {
  const blocker = useBlocker(
    useCallback(
      ({ currentLocation, nextLocation }: { currentLocation: Place; nextLocation: Place }) =>
        room.wouldLoseByLeaving() && !isOnlyAnotherPart(currentLocation, nextLocation),
      [room],
    ),
  );
  const held = useRef(blocker);
  held.current = blocker;
  // Another place is another question, also when the one before was answered in the same moment.
  const leaving = blocker.state === "blocked" ? blocker.location : null;
  const [isAsking, setAsking] = useState(false);
  useEffect(() => {
    if (leaving === null) return;
    const heldAt = Date.now();
    const look = () => {
      if (!room.wouldLoseByLeaving()) {
        // The person asked to go, and nothing is lost by it any more.
        clearInterval(watch);
        held.current.proceed?.();
        return;
      }
      const { save, stopped } = room.view();
      const isComing = save.isConnected && stopped === null && Date.now() - heldAt < waitMs;
      if (!isComing) setAsking(true);
    };
    const watch = setInterval(look, lookEveryMs);
    look();
    return () => {
      clearInterval(watch);
      setAsking(false);
    };
  }, [leaving, room]);
  // The harmless answer first: whoever presses Enter stays.
  const staying = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    if (isAsking) staying.current?.focus();
  }, [isAsking]);
  const stay = () => {
    setAsking(false);
    held.current.reset?.();
  };
  return (
    <Dialog title="Leave without the words that are not saved?" isOpen={isAsking} onClose={stay}>
      <p>
        Some of what you wrote is only on this page. If you leave now, it is gone. Stay until it is saved, or
        take it along first.
      </p>
      <TakeButtons title={title} text={text} />
      <div className="btn-row">
        <button type="button" className="btn btn-primary" ref={staying} onClick={stay}>
          Stay on this page
        </button>
        <button type="button" className="btn" onClick={() => held.current.proceed?.()}>
          Leave without them
        </button>
      </div>
    </Dialog>
  );
}
