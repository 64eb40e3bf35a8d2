/**
 * Who is connected, and what they may do while they are: rights are looked up again when
 * something about them changed, and every few seconds should a hint have been lost (rules
 * C8, CS26).
 */
import type { LiveDocuments } from "../app/operations/services.ts";
import type { Connection } from "./connection.ts";
import { type Judge, judgePerson } from "./handshake.ts";
import type { Report } from "./report.ts";
import type { Room } from "./room.ts";
import type { Rooms } from "./rooms.ts";

export class LiveRights {
  readonly #judge: Judge;
  readonly #rooms: Rooms;
  readonly #report: Report;
  /** Connections with the document each has open. */
  readonly #connections = new Map<Connection, string>();
  #changes = 0;

  constructor(judge: Judge, rooms: Rooms, report: Report) {
    this.#judge = judge;
    this.#rooms = rooms;
    this.#report = report;
  }

  /** How often somebody's rights have changed: who was judged before a change is judged again. */
  get changes(): number {
    return this.#changes;
  }

  /** Everybody who is connected now, also those whose room is still opening. */
  get connections(): readonly Connection[] {
    return [...this.#connections.keys()];
  }

  came(connection: Connection, documentId: string): void {
    this.#connections.set(connection, documentId);
  }

  went(connection: Connection): void {
    this.#connections.delete(connection);
  }

  /** Something changed about those who are named: they are judged again. Nothing named means everybody. */
  changed({
    userId,
    sessionId,
    documentId,
    partnershipId,
  }: Parameters<LiveDocuments["rightsChanged"]>[0]): void {
    this.#changes++;
    this.judgeAgain(
      ({ grant }, document) =>
        (userId === undefined || grant.userId === userId) &&
        (sessionId === undefined || grant.sessionId === sessionId) &&
        (documentId === undefined || document === documentId) &&
        (partnershipId === undefined || grant.document.partnershipId === partnershipId),
    );
  }

  /** Looks up the rights of connections again, and closes those that lost theirs. */
  judgeAgain(isMeant: (connection: Connection, documentId: string) => boolean = () => true): void {
    // Several tabs of one person in one document are one question.
    const asked = new Map<string, ReturnType<typeof judgePerson>>();
    for (const [connection, documentId] of this.#connections) {
      if (!isMeant(connection, documentId)) continue;
      const { userId, sessionId } = connection.grant;
      const who = `${documentId} ${sessionId} ${userId}`;
      const answer = asked.get(who) ?? judgePerson(this.#judge, { userId, sessionId }, documentId);
      asked.set(who, answer);
      answer.then(
        (judgement) => this.#rooms.find(documentId)?.judged(connection, judgement),
        (error: unknown) => this.#report("warn", "rights-not-read", { message: String(error) }),
      );
    }
  }

  /**
   * For a connection whose room has just opened: a change since it was judged, when
   * `changes` stood at `judgedAt`, found no room to close it in, so it is judged again.
   */
  async judgeSince(judgedAt: number, connection: Connection, room: Room): Promise<void> {
    const { grant } = connection;
    for (let at = judgedAt; at !== this.#changes && connection.isOpen; ) {
      at = this.#changes;
      room.judged(connection, await judgePerson(this.#judge, grant, grant.document.id));
    }
  }
}
