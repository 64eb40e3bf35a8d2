import { randomBytes, randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { refuse } from "../domain/result.ts";
import { acceptInvitation, readInvitation } from "./accept-invitation.ts";
import { changeRole } from "./change-role.ts";
import { inviteMember } from "./invite-member.ts";
import { leavePartnership } from "./leave-partnership.ts";
import { removeMember } from "./remove-member.ts";
import { revokeInvitation } from "./revoke-invitation.ts";
import { suspendUser } from "./suspend-user.ts";
import { newBrowser, openPeopleScene, type PeopleScene } from "./testing/people-scene.ts";

const scale = Number(process.env["SCALE"] ?? 0.05);
const day = 24 * 60 * 60_000;

describe("invitations", () => {
  let scene: PeopleScene;
  beforeEach(async () => {
    scene = await openPeopleScene();
  });
  afterEach(() => scene.database.close());

  const invite = (email: string, by: "leaderA" | "leaderB" | "facilitator" = "leaderA", role = "editor") => {
    const side = by === "leaderB" ? "employer" : "provider";
    return inviteMember(scene.services, scene.asker(by), {
      ...{ partnershipId: scene.own.id, email, side, role },
      organisationId: scene.own.organisations[side],
    });
  };
  const tokenOf = (index = -1) => /#([\w-]{43})/.exec(scene.letters.at(index)?.text ?? "")?.[1] ?? "";
  const accept = (token: string, guest: { userId: never; email: string } | null = null) =>
    acceptInvitation(scene.services, guest, {
      ...{ token, name: "Ann Baker", jobTitle: "Tutor", password: "rivers under bridges" },
      ...{ isSharedComputer: false, network: "192.0.2.0/24", browser: newBrowser },
    });

  it("[S10] the letter's link carries the token behind #, under the configured address alone", async () => {
    expect(await invite("Ann@College.example")).toMatchObject({ ok: true });
    const letter = scene.letters[0];
    expect(letter?.to).toBe("ann@college.example");
    expect(letter?.text).toMatch(/^https:\/\/plans\.example\.org\/invitation#[\w-]{43}$/m);
    expect(letter?.text).not.toMatch(/[?&](token|code)=/);
  });

  it("[S10] fifty looks by mail scanners use nothing up; then the person joins, once", async () => {
    await invite("ann@college.example");
    for (let look = 0; look < 50; look += 1) {
      expect(await readInvitation(scene.services, null, { token: tokenOf() })).toMatchObject({
        ok: true,
        value: { partnership: "Own", role: "editor", side: "provider", asks: "account" },
      });
    }
    expect(await accept(tokenOf())).toMatchObject({ ok: true, value: { slug: "own-street" } });
    expect(await accept(tokenOf())).toMatchObject({ ok: false, refusal: { code: "link-expired" } });
  });

  it.each(["demoted", "removed", "left", "suspended", "made facilitator"] as const)(
    "[S10] what a leader has invited to is judged again when they are %s, on record",
    async (how) => {
      const { services, asker, own, membershipOf, users, db } = scene;
      const membershipId = membershipOf("leaderA");
      const by = asker("facilitator");
      await changeRole(services, by, {
        ...{ partnershipId: own.id, membershipId: membershipOf("editor"), role: "leader" },
      });
      await invite("ann@college.example", "leaderA", "leader");
      const token = tokenOf();
      await invite("bob@college.example", "facilitator");
      const input = { partnershipId: own.id, membershipId };
      const done = await {
        demoted: () => changeRole(services, by, { ...input, role: "editor" }),
        removed: () => removeMember(services, by, input),
        left: () => leavePartnership(services, asker("leaderA"), { partnershipId: own.id }),
        suspended: () => suspendUser(services, asker("admin"), { userId: users.leaderA, isSuspended: true }),
        "made facilitator": () => changeRole(services, by, { ...input, role: "facilitator" }),
      }[how]();
      expect(done).toMatchObject({ ok: true });
      const isVoid = how !== "made facilitator";
      expect(await accept(token)).toMatchObject(
        isVoid ? { ok: false, refusal: { code: "link-expired" } } : { ok: true },
      );
      const events = await db
        .selectFrom("audit_event")
        .innerJoin("invitation", "invitation.id", "audit_event.object_id")
        .select(["invitation.email", "after"])
        .where("verb", "=", "invitation.revoked")
        .execute();
      const after = JSON.stringify({ because: "inviter-lost-right", inviterId: users.leaderA });
      expect(events).toEqual(isVoid ? [{ email: "ann@college.example", after }] : []);
      // Somebody else's invitations are not touched.
      expect(await accept(tokenOf())).toMatchObject({ ok: true });
    },
  );

  it("[S10] of 200 who confirm at once exactly one joins, and one account and one membership are made", async () => {
    await invite("ann@college.example");
    const token = tokenOf();
    const results = await Promise.all(Array.from({ length: 200 }, () => accept(token)));
    expect(results.filter(({ ok }) => ok)).toHaveLength(1);
    const users = await scene.db
      .selectFrom("user")
      .select("id")
      .where("email", "=", "ann@college.example")
      .execute();
    expect(users).toHaveLength(1);
    const memberships = await scene.db
      .selectFrom("membership")
      .select("id")
      .where("user_id", "=", users[0]?.id ?? "")
      .execute();
    expect(memberships).toHaveLength(1);
    console.log(`200 accepts at once: ${results.filter(({ ok }) => ok).length} joined`);
  });

  it("[S10] of 200 confirmations at once by somebody with an account exactly one counts", async () => {
    await invite("left@example.org");
    const guest = { userId: scene.users.left as never, email: "left@example.org" };
    const results = await Promise.all(Array.from({ length: 200 }, () => accept(tokenOf(), guest)));
    expect(results.filter(({ ok }) => ok)).toHaveLength(1);
    const joined = await scene.db
      .selectFrom("audit_event")
      .select("id")
      .where("verb", "=", "membership.joined")
      .execute();
    expect(joined).toHaveLength(1);
  });

  it("[S10] somebody signed in under another address is refused, and nothing is used up", async () => {
    await invite("ann@college.example");
    const guest = { userId: scene.users.editor as never, email: "editor@example.org" };
    expect(await accept(tokenOf(), guest)).toMatchObject({ refusal: { code: "link-other-person" } });
    expect(await accept(tokenOf())).toMatchObject({ ok: true });
  });

  it("[S10] an account that exists needs its password, through the same limits as signing in", async () => {
    await invite("otherleader@example.org");
    const wrong = await accept(tokenOf());
    expect(wrong).toMatchObject({ refusal: { code: "wrong-credentials" } });
    for (let guess = 0; guess < 9; guess += 1) await accept(tokenOf());
    expect(await accept(tokenOf())).toMatchObject({ refusal: { code: "too-many-tries" } });
    expect(scene.counts.evaluated).toBe(10);
  });

  it("[S10] links are over after seven days, when withdrawn, and when a newer one was sent", async () => {
    await invite("ann@college.example");
    await invite("ann@college.example");
    expect(await accept(tokenOf(0))).toMatchObject({ refusal: { code: "link-expired" } });
    scene.clock.now += 7 * day;
    expect(await accept(tokenOf(1))).toMatchObject({ refusal: { code: "link-expired" } });
    const invited = await invite("ann@college.example");
    if (!invited.ok) throw new Error("not invited");
    await revokeInvitation(scene.services, scene.asker("facilitator"), {
      partnershipId: scene.own.id,
      invitationId: invited.value.invitationId,
    });
    expect(await accept(tokenOf())).toMatchObject({ refusal: { code: "link-expired" } });
  });

  it(`[S10] no token of ${Math.round(10_000 * scale)} is found anywhere in the database's files`, async () => {
    const count = Math.round(10_000 * scale);
    const tokens = Array.from({ length: count }, () => randomBytes(32).toString("base64url"));
    let next = 0;
    // The daily limit of letters is on people; each token comes on a day of its own.
    const services = {
      ...scene.services,
      newToken: () => tokens[next++] ?? "",
      now: () => scene.clock.now + next * day,
    };
    for (let made = 0; made < count; made += 1) {
      const invited = await inviteMember(services, scene.asker("leaderA"), {
        ...{
          partnershipId: scene.own.id,
          email: `p${made}@college.example`,
          side: "provider",
          role: "editor",
        },
        organisationId: scene.own.organisations.provider,
      });
      if (!invited.ok) throw new Error(invited.refusal.code);
    }
    const files = ["", "-wal"].map((end) => readFileSync(`${scene.database.path}${end}`).toString("latin1"));
    const found = tokens.filter((token) => files.some((file) => file.includes(token)));
    expect(next).toBe(count);
    // The search itself works: what is stored is found.
    expect(files.some((file) => file.includes("p0@college.example"))).toBe(true);
    expect(found).toEqual([]);
    console.log(`${count} tokens looked for in database and log of writes: ${found.length} found`);
  });

  it("of one form sent twice, also at once, makes one invitation and one letter, whose link counts", async () => {
    const once = randomUUID();
    const send = (email: string, more: { by?: "leaderA" | "facilitator"; once?: string } = {}) =>
      inviteMember(scene.services, scene.asker(more.by ?? "leaderA"), {
        ...{ partnershipId: scene.own.id, email, side: "provider", role: "editor", once: more.once ?? once },
        organisationId: scene.own.organisations.provider,
      });
    const answers = [
      ...(await Promise.all([send("ann@college.example"), send("ann@college.example")])),
      await send("Ann@college.example"),
    ];
    for (const answer of answers)
      expect(answer).toEqual({ ok: true, value: { invitationId: once, email: "ann@college.example" } });
    expect(scene.letters).toHaveLength(1);
    expect(await readInvitation(scene.services, null, { token: tokenOf(0) })).toMatchObject({ ok: true });

    // Another wish in an old form, another person, a withdrawn one, a new form: each is one of its own.
    for (const [email, more] of [
      ["ben@college.example", {}],
      ["ann@college.example", { by: "facilitator" }],
      ["ann@college.example", { once: randomUUID() }],
    ] as const)
      expect(await send(email, more)).toMatchObject({ ok: true });
    expect(scene.letters).toHaveLength(4);
    // The first was replaced meanwhile: sent again, the form is a new wish.
    expect(await send("ann@college.example")).toMatchObject({ ok: true });
    expect(scene.letters).toHaveLength(5);
  });

  it("of a letter that could not be sent leaves nothing that a second try would take for done", async () => {
    const once = randomUUID();
    const send = (mail: Pick<PeopleScene["services"]["mail"], "send">) =>
      inviteMember({ ...scene.services, mail: { ...scene.services.mail, ...mail } }, scene.asker("leaderA"), {
        ...{
          partnershipId: scene.own.id,
          email: "ann@college.example",
          side: "provider",
          role: "editor",
          once,
        },
        organisationId: scene.own.organisations.provider,
      });
    const failing = {
      send: async () => refuse("mail-not-sent"),
    } as unknown as PeopleScene["services"]["mail"];
    expect(await send(failing)).toMatchObject({ ok: false, refusal: { code: "mail-not-sent" } });
    const revoked = await scene.db
      .selectFrom("audit_event")
      .select(["object_id", "after"])
      .where("verb", "=", "invitation.revoked")
      .execute();
    expect(revoked).toEqual([{ object_id: once, after: '{"because":"letter-not-sent"}' }]);
    expect(await send(scene.services.mail)).toMatchObject({ ok: true });
    expect(scene.letters).toHaveLength(1);
    expect(await readInvitation(scene.services, null, { token: tokenOf() })).toMatchObject({ ok: true });
  });

  it("a leader invites to the own side only, and makes nobody a facilitator", async () => {
    const { services, own, asker } = scene;
    const base = { partnershipId: own.id, email: "ann@college.example" };
    const employer = { side: "employer", organisationId: own.organisations.employer };
    const provider = { side: "provider", organisationId: own.organisations.provider };
    const by = (
      who: "leaderA" | "editor" | "otherLeader" | "left" | "admin" | "facilitator",
      place: object,
      role = "editor",
    ) => inviteMember(services, asker(who), { ...base, ...(place as typeof provider), role });
    expect(await by("leaderA", employer)).toMatchObject({ refusal: { code: "own-side-only" } });
    expect(await by("leaderA", provider, "facilitator")).toMatchObject({ refusal: { code: "not-allowed" } });
    expect(await by("editor", provider)).toMatchObject({ refusal: { code: "not-allowed" } });
    expect(await by("otherLeader", provider)).toMatchObject({ refusal: { code: "not-found" } });
    expect(await by("left", provider)).toMatchObject({ refusal: { code: "not-found" } });
    expect(
      await by("leaderA", { ...provider, organisationId: scene.other.organisations.provider }),
    ).toMatchObject({
      refusal: { code: "organisation-missing" },
    });
    expect(await by("facilitator", employer)).toMatchObject({ ok: true });
    expect(await by("admin", provider, "facilitator")).toMatchObject({ ok: true });
  });

  it("a newer one takes back the own side's to that address, on record, and leaves the other side's", async () => {
    const employers = await invite("ann@college.example", "leaderB");
    const older = await invite("ann@college.example");
    await invite("ann@college.example");
    if (!older.ok || !employers.ok) throw new Error("not invited");
    const revoked = await scene.db
      .selectFrom("audit_event")
      .select("object_id")
      .where("verb", "=", "invitation.revoked")
      .execute();
    expect(revoked).toEqual([{ object_id: older.value.invitationId }]);
    expect(await accept(tokenOf(1))).toMatchObject({ refusal: { code: "link-expired" } });
    expect(await accept(tokenOf(0))).toMatchObject({ ok: true });
  });

  it("what people may type wrong gets a sentence at its field", async () => {
    expect(await invite("not an address")).toMatchObject({
      refusal: { code: "email-invalid", field: "email" },
    });
    expect(await invite("leaderb@example.org", "facilitator")).toMatchObject({
      refusal: { code: "already-member" },
    });
    expect(await invite("ann@college.example", "leaderA", "owner")).toMatchObject({
      refusal: { code: "wrong-role" },
    });
  });

  it("names in a letter are one line and bring no link of their own", async () => {
    await scene.db
      .updateTable("user")
      .set({ name: "Eve\r\nBcc: x@y.z https://evil.example/click" })
      .where("id", "=", scene.users.leaderA)
      .execute();
    await invite("ann@college.example");
    expect(scene.letters[0]?.subject).not.toMatch(/[\r\n]/);
    expect(scene.letters[0]?.text).not.toContain("https://evil");
  });

  it("somebody who left comes back by invitation, with the new role", async () => {
    await invite("left@example.org");
    const { users, services } = scene;
    const guest = { userId: users.left as never, email: "left@example.org" };
    expect(await readInvitation(services, guest, { token: tokenOf() })).toMatchObject({
      value: { asks: "confirmation" },
    });
    expect(await accept(tokenOf(), guest)).toMatchObject({ ok: true });
    const member = await scene.db
      .selectFrom("membership")
      .select(["status", "role", "left_at"])
      .where("user_id", "=", users.left)
      .execute();
    expect(member).toEqual([{ status: "active", role: "editor", left_at: null }]);
    expect(scene.changes).toContainEqual({ userId: users.left, partnershipId: scene.own.id });
  });
});
