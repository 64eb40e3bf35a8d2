/**
 * What the page says about saving, derived from the server's count of durable frames
 * and from nothing else (rulings 4, promise D9). Pure: events in, state out; `saveWords`
 * gives the sentence of design guide §4.
 *
 * A change is "loose" until a frame of the open socket carries it, "in flight" until
 * the server has counted that frame as durable, and then forgotten. A closed socket
 * makes everything in flight loose again: the next one offers it anew.
 */

/** Without any progress for so long, "Saving…" would be a promise nobody keeps (ms). */
export const patienceMs = 5_000;

type Flight = { readonly frame: number; readonly changes: number };

export type SaveState = {
  /** Has the content of the document been here at least once? */
  readonly isFilled: boolean;
  readonly isConnected: boolean;
  /** What the browser says about its network. */
  readonly isOnline: boolean;
  readonly loose: number;
  readonly inFlight: readonly Flight[];
  /** Document frames sent and counted durable on the present socket. */
  readonly sent: number;
  readonly acked: number;
  /** Since when changes wait without progress; null when none waits. */
  readonly waitingSince: number | null;
  readonly savedAt: number | null;
  /** Are changes also kept in this browser? */
  readonly isKept: boolean;
  /** How many of the unsaved changes this browser is known to have written down. */
  readonly keptChanges: number;
  /** Since when this browser has been writing changes down; null when it has written all. */
  readonly keepingSince: number | null;
  /** The server said that it cannot store, or not take the page in, at the moment. */
  readonly hasTrouble: boolean;
};

export type SaveEvent =
  /** Changes found in this browser that no server has confirmed yet. */
  | { readonly kind: "found"; readonly changes: number; readonly at: number }
  /** The person changed the document. */
  | { readonly kind: "changed"; readonly at: number }
  /** A document frame went out; it carries everything that was loose. */
  | { readonly kind: "frame-sent" }
  /** The server's count of durable frames of this socket. */
  | { readonly kind: "acked"; readonly frames: number; readonly at: number }
  | { readonly kind: "connected" }
  | { readonly kind: "disconnected" }
  /** Everything durable up to now has arrived. */
  | { readonly kind: "synced"; readonly at: number }
  | { readonly kind: "filled" }
  | { readonly kind: "online"; readonly isOnline: boolean }
  | { readonly kind: "kept"; readonly isKept: boolean }
  /** This browser has written down every change there is. */
  | { readonly kind: "settled" }
  | { readonly kind: "trouble" };

export const emptySaveState: SaveState = {
  isFilled: false,
  isConnected: false,
  isOnline: true,
  loose: 0,
  inFlight: [],
  sent: 0,
  acked: 0,
  waitingSince: null,
  savedAt: null,
  isKept: false,
  keptChanges: 0,
  keepingSince: null,
  hasTrouble: false,
};

/** Changes that no server has confirmed as durable. */
export function unsavedChanges(state: SaveState): number {
  return state.inFlight.reduce((sum, flight) => sum + flight.changes, state.loose);
}

/** The state after an event. */
export function reduceSaveState(state: SaveState, event: SaveEvent): SaveState {
  switch (event.kind) {
    case "found":
      if (event.changes <= 0) return state;
      return {
        ...state,
        loose: state.loose + event.changes,
        keptChanges: state.keptChanges + event.changes,
        waitingSince: state.waitingSince ?? event.at,
      };
    case "changed":
      return {
        ...state,
        loose: state.loose + 1,
        waitingSince: state.waitingSince ?? event.at,
        keepingSince: state.keepingSince ?? event.at,
      };
    case "frame-sent": {
      const frame = state.sent + 1;
      if (state.loose === 0) return { ...state, sent: frame };
      return {
        ...state,
        sent: frame,
        loose: 0,
        inFlight: [...state.inFlight, { frame, changes: state.loose }],
      };
    }
    case "acked": {
      // A count that does not grow, or that counts what was never sent, confirms nothing.
      if (event.frames <= state.acked || event.frames > state.sent) return state;
      const inFlight = state.inFlight.filter(({ frame }) => frame > event.frames);
      const isDone = inFlight.length === 0 && state.loose === 0;
      return {
        ...state,
        acked: event.frames,
        inFlight,
        keptChanges: isDone ? 0 : state.keptChanges,
        // What the server takes, nobody waits for this browser to write down.
        keepingSince: isDone || state.keepingSince === null ? null : event.at,
        waitingSince: isDone ? null : event.at,
        savedAt: isDone ? event.at : state.savedAt,
        hasTrouble: false,
      };
    }
    case "connected":
      return { ...grounded(state), isConnected: true };
    case "disconnected":
      return { ...grounded(state), isConnected: false };
    case "synced":
      return {
        ...state,
        isFilled: true,
        savedAt: unsavedChanges(state) === 0 ? event.at : state.savedAt,
      };
    case "filled":
      return { ...state, isFilled: true };
    case "online":
      return { ...state, isOnline: event.isOnline };
    case "kept":
      return { ...state, isKept: event.isKept };
    case "settled":
      return { ...state, keptChanges: unsavedChanges(state), keepingSince: null };
    case "trouble":
      return { ...state, hasTrouble: true };
  }
}

function grounded(state: SaveState): SaveState {
  return { ...state, loose: unsavedChanges(state), inFlight: [], sent: 0, acked: 0 };
}

export type SaveWords = {
  readonly kind: "opening" | "saved" | "saving" | "not-saved" | "offline";
  readonly text: string;
};

/** Hours and minutes of the reader's own clock. */
export function clockTime(at: number, timeZone?: string): string {
  return new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", timeZone }).format(at);
}

/** The sentence for the person, at this moment. `timeZone` is the browser's unless given. */
export function saveWords(state: SaveState, now: number, timeZone?: string): SaveWords {
  const unsaved = unsavedChanges(state);
  const hasWaited = state.waitingSince !== null && now - state.waitingSince >= patienceMs;
  // A server that answers but cannot store is no lost network, even while it closes the line.
  const isCutOff = !state.isConnected && !state.hasTrouble;
  // A moment behind what was just typed; a browser that does not get on with it keeps nothing.
  const kept = Math.min(state.keptChanges, unsaved);
  const isKept = state.isKept && (state.keepingSince === null || now - state.keepingSince < patienceMs);
  const isAway = !state.isOnline || (isCutOff && (unsaved === 0 || hasWaited));
  if (isAway && (unsaved === 0 || isKept) && (state.isFilled || !state.isOnline)) {
    if (kept > 0) {
      return {
        kind: "offline",
        text: `Offline. ${kept} ${kept === 1 ? "change" : "changes"} kept on this device.`,
      };
    }
    const saved = state.savedAt === null ? "" : ` Saved ${clockTime(state.savedAt, timeZone)}.`;
    return { kind: "offline", text: `Offline.${saved}` };
  }
  if (unsaved > 0) {
    return hasWaited || state.hasTrouble || !state.isOnline
      ? { kind: "not-saved", text: "Not saved yet. Keep this page open, we are still trying." }
      : { kind: "saving", text: "Saving…" };
  }
  if (!state.isFilled || state.savedAt === null) return { kind: "opening", text: "Opening…" };
  return { kind: "saved", text: `Saved ${clockTime(state.savedAt, timeZone)}` };
}

/** Would closing the page now lose something? */
export function wouldLose(state: SaveState): boolean {
  return unsavedChanges(state) > 0 && !state.isKept;
}
