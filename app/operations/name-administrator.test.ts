import { randomUUID } from "node:crypto";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openTestDatabase, type TestDatabase } from "../../db/testing/open-test-database.ts";
import type { UserId } from "../domain/ids.ts";
import { createPartnership } from "./create-partnership.ts";
import { createProgramme } from "./create-programme.ts";
import { editProfile, readProfile } from "./edit-profile.ts";
import { nameAdministrator } from "./name-administrator.ts";

const programme = {
  title: "Two-Way Street Leadership Exchange",
  summary: "",
  funder: "",
  convenor: "",
  startsOn: "2015-02-01",
  endsOn: "2015-10-31",
};

describe("an instance from its first day", () => {
  let test: TestDatabase;
  let tokens = 0;
  const services = () => ({
    db: test.db,
    now: () => 1_424_000_000_000,
    newId: () => randomUUID(),
    newToken: () => `token-${tokens++}`,
  });
  const userOf = async (email: string) => {
    const row = await test.db
      .selectFrom("user")
      .select("id")
      .where("email", "=", email)
      .executeTakeFirstOrThrow();
    return { userId: row.id as UserId };
  };

  beforeEach(async () => {
    test = await openTestDatabase();
  });
  afterEach(() => test.close());

  it("names an administrator once, and again without making a second person", async () => {
    const first = await nameAdministrator(services(), { email: " Head@College.ac.uk", name: "A. Head" });
    const again = await nameAdministrator(services(), { email: "head@college.ac.uk", name: "" });
    expect(first).toMatchObject({ ok: true, value: { isNew: true } });
    expect(again).toMatchObject({ ok: true, value: { isNew: false } });
    const people = await test.db.selectFrom("user").select(["name", "is_programme_admin"]).execute();
    expect(people).toEqual([{ name: "A. Head", is_programme_admin: 1 }]);
    const stored = await test.db.selectFrom("password_reset").selectAll().execute();
    expect(JSON.stringify(stored)).not.toContain("token-");
  });

  it("refuses an unknown person without a name, and an address that is none", async () => {
    expect(await nameAdministrator(services(), { email: "head@college.ac.uk", name: " " })).toMatchObject({
      refusal: { code: "name-missing" },
    });
    expect(await nameAdministrator(services(), { email: "head", name: "Head" })).toMatchObject({
      refusal: { code: "email-invalid" },
    });
  });

  it("lets the administrator start a programme and a partnership of both sides", async () => {
    await nameAdministrator(services(), { email: "head@college.ac.uk", name: "Head" });
    const admin = await userOf("head@college.ac.uk");
    expect(await createProgramme(services(), admin, programme)).toEqual({
      ok: true,
      value: { slug: "two-way-street-leadership-exchange" },
    });
    const input = {
      programmeSlug: "two-way-street-leadership-exchange",
      title: "Agribusiness",
      sector: "Agribusiness",
      aim: "",
      organisationNames: ["A college", "A grower"],
      organisationSides: ["provider", "employer"],
    };
    expect(await createPartnership(services(), admin, input)).toEqual({
      ok: true,
      value: { slug: "agribusiness" },
    });
    expect(await createPartnership(services(), admin, input)).toEqual({
      ok: true,
      value: { slug: "agribusiness-2" },
    });
    const organisations = await test.db.selectFrom("organisation").select("name").orderBy("name").execute();
    expect(organisations.map((row) => row.name)).toEqual(["A college", "A grower"]);
    const audit = await test.db.selectFrom("audit_event").select("verb").orderBy("id").execute();
    expect(audit.map((row) => row.verb)).toEqual([
      "user.named-administrator",
      "programme.created",
      "partnership.created",
      "partnership.created",
    ]);
  });

  it("gives each its own address when many of one title are started at once", async () => {
    await nameAdministrator(services(), { email: "head@college.ac.uk", name: "Head" });
    const admin = await userOf("head@college.ac.uk");
    const started = await Promise.all(
      Array.from({ length: 20 }, () => createProgramme(services(), admin, programme)),
    );
    const slugs = started.map((made) => (made.ok ? made.value.slug : made.refusal.code));
    expect(new Set(slugs).size).toBe(20);
    const input = { title: "Twice", sector: "", aim: "", programmeSlug: slugs[0] ?? "" };
    const organisations = {
      organisationNames: ["A college", "A grower"],
      organisationSides: ["provider", "employer"],
    };
    const added = await Promise.all(
      Array.from({ length: 20 }, () => createPartnership(services(), admin, { ...input, ...organisations })),
    );
    expect(new Set(added.map((made) => made.ok && made.value.slug)).size).toBe(20);
  });

  it("makes one programme and one partnership of a form that is sent twice", async () => {
    await nameAdministrator(services(), { email: "head@college.ac.uk", name: "Head" });
    const admin = await userOf("head@college.ac.uk");
    const twice = <T>(send: () => Promise<T>) => Promise.all([send(), send()]);
    const once = { once: randomUUID() };
    const [first, second] = await twice(() => createProgramme(services(), admin, { ...programme, ...once }));
    expect(second).toEqual(first);
    const input = {
      ...{ programmeSlug: first.ok ? first.value.slug : "", title: "Agribusiness", sector: "", aim: "" },
      organisationNames: ["A college", "A grower"],
      organisationSides: ["provider", "employer"],
    };
    const [made, again] = await twice(() => createPartnership(services(), admin, { ...input, ...once }));
    expect(again).toEqual(made);
    expect(await test.db.selectFrom("programme").select("id").execute()).toHaveLength(1);
    expect(await test.db.selectFrom("partnership").select("id").execute()).toHaveLength(1);
  });

  it("[S1] refuses everybody else, and changes nothing", async () => {
    await nameAdministrator(services(), { email: "head@college.ac.uk", name: "Head" });
    await test.db.updateTable("user").set({ is_programme_admin: 0 }).execute();
    const nobody = await userOf("head@college.ac.uk");
    expect(await createProgramme(services(), nobody, programme)).toMatchObject({
      refusal: { code: "administrators-only" },
    });
    expect(await test.db.selectFrom("programme").select("id").execute()).toEqual([]);
  });

  it("keeps a profile, refuses reversed dates at their field, and hides it from outsiders", async () => {
    await nameAdministrator(services(), { email: "head@college.ac.uk", name: "Head" });
    const admin = await userOf("head@college.ac.uk");
    await createProgramme(services(), admin, programme);
    await createPartnership(services(), admin, {
      programmeSlug: "two-way-street-leadership-exchange",
      title: "Agribusiness",
      sector: "",
      aim: "",
      organisationNames: ["A college", "A grower"],
      organisationSides: ["provider", "employer"],
    });
    const profile = {
      title: "Agribusiness",
      sector: "Agribusiness",
      region: "",
      aim: "Plan together",
      background: "",
      intendedImpact: "",
      sustainability: "",
      contactLabel: "",
      startsOn: "2015-02-01",
      endsOn: "2015-01-01",
      state: "active",
    };
    const page = await readProfile(services(), admin, "agribusiness");
    const seen = page.ok ? page.value.seen : {};
    expect(await editProfile(services(), admin, "agribusiness", profile, seen)).toMatchObject({
      refusal: { code: "dates-reversed", field: "ends_on" },
    });
    expect(await editProfile(services(), admin, "agribusiness", { ...profile, endsOn: "" }, seen)).toEqual({
      ok: true,
      value: null,
    });
    await test.db.updateTable("user").set({ is_programme_admin: 0 }).execute();
    expect(
      await editProfile(services(), admin, "agribusiness", { ...profile, endsOn: "" }, seen),
    ).toMatchObject({
      refusal: { code: "not-found" },
    });
  });
});
