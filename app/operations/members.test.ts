import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Result } from "../domain/result.ts";
import { changeRole } from "./change-role.ts";
import { leavePartnership } from "./leave-partnership.ts";
import { listPeople } from "./list-people.ts";
import { listDemonstrationPeople, lookAroundAs } from "./look-around.ts";
import { removeMember } from "./remove-member.ts";
import { newBrowser, openPeopleScene, type PeopleScene, type PersonOfScene } from "./testing/people-scene.ts";
import { updateAccount } from "./update-account.ts";

const codeOf = async (result: Promise<Result<unknown>>) => {
  const settled = await result;
  return settled.ok ? "yes" : settled.refusal.code;
};

describe("members", () => {
  let scene: PeopleScene;
  beforeEach(async () => {
    scene = await openPeopleScene();
  });
  afterEach(() => scene.database.close());

  const setRole = (by: PersonOfScene, of: PersonOfScene, role: string, partnershipId = scene.own.id) =>
    codeOf(
      changeRole(scene.services, scene.asker(by), {
        partnershipId,
        membershipId: scene.membershipOf(of),
        role,
      }),
    );
  const remove = (by: PersonOfScene, of: PersonOfScene, partnershipId = scene.own.id) =>
    codeOf(
      removeMember(scene.services, scene.asker(by), { partnershipId, membershipId: scene.membershipOf(of) }),
    );
  const roleOf = async (of: PersonOfScene) =>
    scene.db
      .selectFrom("membership")
      .select(["role", "status"])
      .where("id", "=", scene.membershipOf(of))
      .executeTakeFirst();

  it("a leader changes roles of the own side; facilitator and administrator of both", async () => {
    expect(await setRole("leaderA", "editor", "commenter")).toBe("yes");
    expect(await setRole("leaderA", "commenter", "editor")).toBe("own-side-only");
    expect(await setRole("facilitator", "commenter", "editor")).toBe("yes");
    expect(await setRole("admin", "editor", "leader")).toBe("yes");
    expect(await setRole("editor", "commenter", "editor")).toBe("own-side-only");
    expect(await setRole("commenter", "editor", "observer")).toBe("not-allowed");
    expect(await setRole("leaderA", "editor", "facilitator")).toBe("not-allowed");
    expect(await setRole("leaderA", "editor", "owner")).toBe("wrong-role");
  });

  it("[S1] ids of another partnership find nothing, alone or swapped in pairs", async () => {
    const { own, other } = scene;
    expect(await setRole("otherLeader", "editor", "leader")).toBe("not-found");
    expect(await setRole("otherLeader", "editor", "leader", other.id)).toBe("not-found");
    expect(await setRole("leaderA", "otherEmployer", "observer", own.id)).toBe("not-found");
    expect(await setRole("leaderA", "otherEmployer", "observer", other.id)).toBe("not-found");
    expect(await remove("leaderA", "otherEmployer", own.id)).toBe("not-found");
    expect(await remove("leaderA", "otherEmployer", other.id)).toBe("not-found");
    expect(await remove("left", "editor")).toBe("not-found");
    expect(await remove("suspended", "editor")).toBe("account-suspended");
    expect(await roleOf("otherEmployer")).toEqual({ role: "leader", status: "active" });
    expect(scene.changes).toEqual([]);
  });

  it("a side is never left without a leader: not by a role, a removal or by leaving", async () => {
    expect(await setRole("leaderA", "leaderA", "editor")).toBe("last-leader");
    expect(await remove("facilitator", "leaderB")).toBe("last-leader");
    expect(
      await codeOf(leavePartnership(scene.services, scene.asker("leaderA"), { partnershipId: scene.own.id })),
    ).toBe("last-leader");
    expect(await setRole("facilitator", "editor", "leader")).toBe("yes");
    expect(
      await codeOf(leavePartnership(scene.services, scene.asker("leaderA"), { partnershipId: scene.own.id })),
    ).toBe("yes");
    expect(await roleOf("leaderA")).toMatchObject({ status: "left" });
  });

  it("two leaders who demote each other at once leave one of them", async () => {
    await setRole("facilitator", "editor", "leader");
    const results = await Promise.all([
      setRole("leaderA", "editor", "editor"),
      setRole("editor", "leaderA", "editor"),
    ]);
    expect(results.filter((code) => code === "yes")).toHaveLength(1);
  });

  it("[W3] every change tells the live documents whose right changed, after it is stored", async () => {
    const { own, users } = scene;
    await setRole("leaderA", "editor", "commenter");
    await remove("leaderA", "editor");
    await codeOf(leavePartnership(scene.services, scene.asker("commenter"), { partnershipId: own.id }));
    expect(scene.changes).toEqual([
      { userId: users.editor, partnershipId: own.id },
      { userId: users.editor, partnershipId: own.id },
      { userId: users.commenter, partnershipId: own.id },
    ]);
  });

  it("[S18] every change of people and roles stands in the audit trail, refused ones do not", async () => {
    await setRole("leaderA", "editor", "commenter");
    await setRole("commenter", "leaderA", "observer");
    await remove("leaderA", "editor");
    const events = await scene.db.selectFrom("audit_event").selectAll().orderBy("id").execute();
    expect(
      events.map(({ verb, actor_user_id, before, after }) => [verb, actor_user_id, before, after]),
    ).toEqual([
      ["membership.role-changed", scene.users.leaderA, '{"role":"editor"}', '{"role":"commenter"}'],
      [
        "membership.removed",
        scene.users.leaderA,
        '{"role":"commenter","side":"provider","status":"active"}',
        '{"status":"left"}',
      ],
    ]);
  });

  it("lists members by side; addresses are for those who manage that side", async () => {
    const people = async (person: PersonOfScene) => {
      const listed = await listPeople(scene.services, scene.asker(person), { slug: "own-street" });
      if (!listed.ok) throw new Error(listed.refusal.code);
      return listed.value;
    };
    const seen = await people("leaderA");
    expect(seen.sides.map(({ side }) => side)).toEqual(["provider", "employer", "intermediary", "funder"]);
    const members = seen.sides.flatMap((group) => group.members);
    expect(members.map(({ name }) => name)).not.toContain("Own left");
    for (const member of members) expect(member.email === null).toBe(member.side !== "provider");
    expect(seen.canInvite.organisations.map(({ side }) => side)).toEqual(["provider"]);
    expect(seen.canInvite.roles).not.toContain("facilitator");
    expect((await people("facilitator")).canInvite.organisations).toHaveLength(4);
    expect((await people("observer")).canInvite).toEqual({ organisations: [], roles: [] });
    expect(await codeOf(listPeople(scene.services, scene.asker("otherLeader"), { slug: "own-street" }))).toBe(
      "not-found",
    );
    expect(await codeOf(listPeople(scene.services, scene.asker("left"), { slug: "own-street" }))).toBe(
      "not-found",
    );
  });

  it("takes a name as one line with a letter in it", async () => {
    const rename = (name: string) =>
      codeOf(updateAccount(scene.services, scene.asker("editor"), { name, jobTitle: "" }));
    expect(await rename(" \u200b\u202e ")).toBe("name-missing");
    expect(await rename("n".repeat(81))).toBe("text-too-long");
    expect(await rename("Ann\nBaker\u202e")).toBe("yes");
    const user = await scene.db
      .selectFrom("user")
      .select("name")
      .where("id", "=", scene.users.editor)
      .executeTakeFirst();
    expect(user?.name).toBe("Ann Baker");
  });
});

describe("looking around a demonstration", () => {
  let scene: PeopleScene;
  beforeEach(async () => {
    scene = await openPeopleScene();
  });
  afterEach(() => scene.database.close());
  const as = (userId: string, isDemo: unknown) =>
    codeOf(
      lookAroundAs(
        { ...scene.services, instance: { ...scene.services.instance, isDemo: isDemo as boolean } },
        { userId, network: "192.0.2.0/24", browser: newBrowser },
      ),
    );

  it("[S13] is not there unless the instance says so with true", async () => {
    await scene.db.updateTable("user").set({ is_demo: 1 }).execute();
    for (const flag of [false, "true", 1, {}, [], null, undefined, "yes"]) {
      expect(await as(scene.users.leaderA, flag)).toBe("demo-only");
      const instance = { ...scene.services.instance, isDemo: flag as boolean };
      expect(await listDemonstrationPeople({ ...scene.services, instance })).toEqual([]);
    }
    expect(await as(scene.users.leaderA, true)).toBe("yes");
  });

  it("offers marked people only, never an administrator or a suspended one", async () => {
    const { users, db, services } = scene;
    await db
      .updateTable("user")
      .set({ is_demo: 1 })
      .where("id", "in", [
        users.leaderA,
        users.leaderB,
        users.facilitator,
        users.observer,
        users.suspended,
        users.admin,
      ])
      .execute();
    const instance = { ...services.instance, isDemo: true };
    const offered = await listDemonstrationPeople({ ...services, instance });
    expect(offered.map(({ role, side }) => `${role} ${side}`)).toEqual([
      "leader provider",
      "leader employer",
      "facilitator intermediary",
      "observer funder",
    ]);
    for (const person of ["admin", "suspended", "editor", "otherLeader"] as const)
      expect(await as(users[person], true)).toBe("not-found");
    expect(await as("' or 1=1", true)).toBe("not-found");
  });
});
