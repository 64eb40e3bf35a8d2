/**
 * A scene for tests about people: two partnerships, each in a programme of its own, with a person in
 * every role of the route matrix (rulings 21), on a real database. Mail and passwords
 * are simple and counted; the clock stands until it is moved.
 */
import { randomBytes, randomUUID } from "node:crypto";
import type { Kysely } from "kysely";
import { insertSession } from "../../../db/queries/sessions.ts";
import type { Schema } from "../../../db/schema.ts";
import { openTestDatabase } from "../../../db/testing/open-test-database.ts";
import type { Role } from "../../domain/access.ts";
import type { DocumentId, SessionId, UserId } from "../../domain/ids.ts";
import { ok } from "../../domain/result.ts";
import type { Side } from "../../domain/sides.ts";
import { sessionCookieName } from "../read-session.ts";
import type { Letter, Services } from "../services.ts";

export const startOfScene = Date.UTC(2015, 4, 12, 9, 0);

const seats = {
  leaderA: { role: "leader", side: "provider", status: "active" },
  leaderB: { role: "leader", side: "employer", status: "active" },
  editor: { role: "editor", side: "provider", status: "active" },
  commenter: { role: "commenter", side: "employer", status: "active" },
  observer: { role: "observer", side: "funder", status: "active" },
  facilitator: { role: "facilitator", side: "intermediary", status: "active" },
  left: { role: "editor", side: "provider", status: "left" },
  suspended: { role: "editor", side: "employer", status: "active" },
} as const satisfies Record<string, { role: Role; side: Side; status: string }>;

export type Seat = keyof typeof seats;
export type PersonOfScene = Seat | "admin" | "otherLeader" | "otherEmployer";

export type PartnershipOfScene = {
  readonly id: string;
  readonly slug: string;
  readonly programmeId: string;
  readonly organisations: Readonly<Record<Side, string>>;
};

/** Inserts both partnerships and everybody into a migrated database. */
export async function insertPeople(db: Kysely<Schema>, at: number, canary = "Canary", ownTitle = "Own") {
  const insertPartnership = async (slug: string, title: string): Promise<PartnershipOfScene> => {
    const programmeId = randomUUID();
    await db
      .insertInto("programme")
      .values({
        id: programmeId,
        slug: `${slug}-programme`,
        title: `${title} programme`,
        summary: `${title} summary`,
        ...{ funder: null, convenor: null, starts_on: null, ends_on: null },
        is_illustrative: 1,
        created_at: at,
      })
      .execute();
    const id = randomUUID();
    const organisations = {
      provider: randomUUID(),
      employer: randomUUID(),
      intermediary: randomUUID(),
      funder: randomUUID(),
    };
    await db
      .insertInto("partnership")
      .values({
        ...{
          id,
          slug,
          programme_id: programmeId,
          title,
          state: "active",
          is_illustrative: 1,
          created_at: at,
        },
        ...{ sector: null, region: null, aim: `${title} aim`, background: null, intended_impact: null },
        ...{ sustainability: null, contact_label: null, starts_on: null, ends_on: null, source_text: null },
      })
      .execute();
    for (const [side, organisationId] of Object.entries(organisations)) {
      await db
        .insertInto("organisation")
        .values({
          ...{ id: organisationId, name: `${title} ${side}`, kind: "employer", sector: null },
          ...{ is_placeholder: 0, is_illustrative: 1, created_at: at },
        })
        .execute();
      await db
        .insertInto("partnership_org")
        .values({
          ...{ partnership_id: id, organisation_id: organisationId, side, position: 0 },
          ...{ role_text: null, on_behalf_of: null },
        })
        .execute();
    }
    return { id, slug, programmeId, organisations };
  };
  const insertUser = async (key: string, name: string, isAdmin = 0, status = "active"): Promise<UserId> => {
    const id = randomUUID() as UserId;
    await db
      .insertInto("user")
      .values({
        ...{ id, email: `${key.toLowerCase()}@example.org`, name, job_title: null },
        ...{ password_hash: "plain:four plain words", status, is_programme_admin: isAdmin },
        ...{ kind: "person", is_demo: 0, created_at: at },
      })
      .execute();
    return id;
  };
  const memberships = new Map<string, string>();
  const insertMember = async (
    partnership: PartnershipOfScene,
    userId: UserId,
    seat: { role: Role; side: Side; status: string },
  ) => {
    const id = randomUUID();
    memberships.set(userId, id);
    await db
      .insertInto("membership")
      .values({
        ...{ id, partnership_id: partnership.id, user_id: userId, joined_at: at },
        organisation_id: partnership.organisations[seat.side],
        ...seat,
        left_at: seat.status === "left" ? at : null,
      })
      .execute();
  };

  const own = await insertPartnership("own-street", ownTitle);
  const other = await insertPartnership("other-street", canary);
  const users = {} as Record<PersonOfScene, UserId>;
  for (const [key, seat] of Object.entries(seats) as [Seat, (typeof seats)[Seat]][]) {
    users[key] = await insertUser(key, `Own ${key}`, 0, key === "suspended" ? "suspended" : "active");
    await insertMember(own, users[key], seat);
  }
  users.admin = await insertUser("admin", "Programme admin", 1);
  users.otherLeader = await insertUser("otherLeader", `${canary} leader`);
  users.otherEmployer = await insertUser("otherEmployer", `${canary} employer`);
  await insertMember(other, users.otherLeader, { role: "leader", side: "provider", status: "active" });
  await insertMember(other, users.otherEmployer, { role: "leader", side: "employer", status: "active" });
  const membershipOf = (person: PersonOfScene): string => memberships.get(users[person]) ?? "";
  return { own, other, users, membershipOf };
}

export const newToken = () => randomBytes(32).toString("base64url");

/** A session in the database and the cookie that goes with it. */
export async function insertSessionFor(db: Kysely<Schema>, userId: UserId, at: number, isShared = false) {
  const secret = newToken();
  const id = randomUUID() as SessionId;
  await insertSession(db, {
    ...{ secret, id, userId, at, device: "Test" },
    expiresAt: at + 60 * 24 * 3_600_000,
    isSharedComputer: isShared,
  });
  return { sessionId: id, secret, cookie: `${sessionCookieName}=${secret}` };
}

type Changed = Parameters<Services["live"]["rightsChanged"]>[0];

export async function openPeopleScene() {
  const database = await openTestDatabase();
  const { db } = database;
  const people = await insertPeople(db, startOfScene);
  const letters: Letter[] = [];
  const changes: Changed[] = [];
  const clock = { now: startOfScene };
  const counts = { evaluated: 0 };
  const services = {
    db,
    now: () => clock.now,
    newId: () => randomUUID() as string,
    newToken,
    passwords: {
      hash: async (password: string) => `plain:${password}`,
      async matches(password: string, stored: string | null) {
        counts.evaluated += 1;
        return stored === `plain:${password}`;
      },
    },
    mail: {
      async send(letter: Letter) {
        letters.push(letter);
        return ok(null);
      },
      kept: async () => [],
    },
    live: {
      rightsChanged: (changed: Changed) => {
        changes.push(changed);
      },
      renamed: (_documentId: DocumentId, _title: string) => {},
      peopleIn: () => [],
    },
    instance: { publicUrl: "https://plans.example.org", isDemo: false as boolean, keepsMails: true },
  } satisfies Partial<Services>;
  const asker = (person: PersonOfScene) => ({ userId: people.users[person] });
  return { ...people, database, db, services, letters, changes, clock, counts, asker };
}

export type PeopleScene = Awaited<ReturnType<typeof openPeopleScene>>;

/** The browser of somebody without a session. */
export const newBrowser = { cookieHeader: null, device: "Mozilla/5.0 (X11; Linux x86_64) Chrome/140" };
