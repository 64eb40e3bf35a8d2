/** Two people with the profile open at once: nobody's words go without being seen. */
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { editProfile, type ProfileInput, readProfile } from "./edit-profile.ts";
import { openPeopleScene, type PersonOfScene } from "./testing/people-scene.ts";

let scene: Awaited<ReturnType<typeof openPeopleScene>>;
beforeEach(async () => {
  scene = await openPeopleScene();
});
afterEach(() => scene.database.close());

/** The page as somebody opens it: what their form will send, and the fingerprints it carries. */
async function open(who: PersonOfScene) {
  const page = await readProfile(scene.services, scene.asker(who), scene.own.slug);
  if (!page.ok) throw new Error(page.refusal.code);
  const { value } = page;
  const input: ProfileInput = {
    title: value.title,
    sector: value.sector ?? "",
    region: value.region ?? "",
    // Browsers send other line ends than they were given.
    aim: (value.aim ?? "").replaceAll("\n", "\r\n"),
    background: value.background ?? "",
    intendedImpact: value.intended_impact ?? "",
    sustainability: value.sustainability ?? "",
    contactLabel: value.contact_label ?? "",
    startsOn: value.starts_on ?? "",
    endsOn: value.ends_on ?? "",
    state: value.state,
  };
  const send = (changes: Partial<ProfileInput>, seen: Readonly<Record<string, string>> = value.seen) =>
    editProfile(scene.services, scene.asker(who), scene.own.slug, { ...input, ...changes }, seen);
  return { value, send };
}

describe("the profile, open at both sides", () => {
  it("[D7] stores what each changed when they changed different fields", async () => {
    await (await open("leaderA")).send({ aim: "One\n\nTwo" });
    const [provider, employer] = [await open("leaderA"), await open("leaderB")];
    expect(await provider.send({ aim: "Plan the year together" })).toMatchObject({ ok: true });
    expect(await employer.send({ background: "Ten years of work placements" })).toMatchObject({ ok: true });
    expect((await open("leaderA")).value).toMatchObject({
      aim: "Plan the year together",
      background: "Ten years of work placements",
    });
  });

  it("[D7] refuses the second of two changes to one field, shows the first, and stores nothing", async () => {
    const [provider, employer] = [await open("leaderA"), await open("leaderB")];
    await provider.send({ aim: "Plan the year together", sector: "Engineering" });
    const typed = { aim: "Share a workshop", background: "Ten years of work placements" };
    const refused = await employer.send(typed);
    expect(refused).toMatchObject({
      ok: false,
      refusal: { code: "stale-base", field: "aim" },
      theirs: { aim: "Plan the year together" },
    });
    expect((await open("leaderA")).value).toMatchObject({ aim: "Plan the year together", background: null });

    // Who has seen it may decide; what they never touched stays as the other side made it.
    if (refused.ok || !("seen" in refused)) throw new Error("Not refused for the other's text");
    expect(await employer.send(typed, refused.seen)).toMatchObject({ ok: true });
    expect((await open("leaderA")).value).toMatchObject({ ...typed, sector: "Engineering" });
  });

  it("[D7] refuses a second change that came while the first was looked at", async () => {
    const [provider, employer] = [await open("leaderA"), await open("leaderB")];
    await provider.send({ aim: "First" });
    const refused = await employer.send({ aim: "Mine" });
    await (await open("facilitator")).send({ aim: "Second" });
    if (refused.ok || !("seen" in refused)) throw new Error("Not refused for the other's text");
    expect(await employer.send({ aim: "Mine" }, refused.seen)).toMatchObject({ theirs: { aim: "Second" } });
  });

  it("[D7] takes the same text from both as one wish, and a field never seen as stale", async () => {
    const [provider, employer] = [await open("leaderA"), await open("leaderB")];
    await provider.send({ aim: "Plan together" });
    expect(await employer.send({ aim: "Plan together" })).toMatchObject({ ok: true });
    expect(await employer.send({ aim: "Alone" }, {})).toMatchObject({ refusal: { code: "stale-base" } });
  });

  it("judges both dates as they will be stored: one from each side may not be the wrong way round", async () => {
    const [provider, employer] = [await open("leaderA"), await open("leaderB")];
    expect(await provider.send({ startsOn: "2015-06-01" })).toMatchObject({ ok: true });
    expect(await employer.send({ endsOn: "2015-02-01" })).toMatchObject({
      refusal: { code: "dates-reversed", field: "ends_on" },
    });
  });
});
