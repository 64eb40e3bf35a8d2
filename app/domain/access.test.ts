/**
 * The permission table, written out a second time and by hand (domain guide §2.5): a
 * change of `access.ts` must be made here too, knowingly.
 */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  type Action,
  type Actor,
  actions,
  may,
  mayRunProgrammes,
  type Role,
  roles,
  sideOf,
} from "./access.ts";
import type { PartnershipId, UserId } from "./ids.ts";
import type { RefusalCode } from "./refusals.ts";
import { type Side, sides } from "./sides.ts";

const here = "11111111-1111-4111-8111-111111111111" as PartnershipId;
const elsewhere = "22222222-2222-4222-8222-222222222222" as PartnershipId;
const userId = "33333333-3333-4333-8333-333333333333" as UserId;

/** L leader, F facilitator, E editor, C commenter, O observer, A programme admin who is no member. */
const allowed: Readonly<Record<Action, string>> = {
  "partnership.read": "L F E C O A",
  "partnership.edit-profile": "L F E A",
  "members.read": "L F E C O A",
  "members.manage": "L F A",
  "document.list": "L F E C O A",
  "document.read": "L F E C O A",
  "document.write": "L F E A",
  "document.organise": "L F E A",
  "version.read": "L F E C O A",
  "version.name": "L F E",
  "version.restore": "L F E A",
  "document.export": "L F E A",
  "image.add": "L F E A",
};
const letters: Readonly<Record<Role, string>> = {
  leader: "L",
  facilitator: "F",
  editor: "E",
  commenter: "C",
  observer: "O",
};
const waitsForAgreement: readonly Action[] = ["document.read", "version.read"];
const stopsWhenArchived: readonly Action[] = ["document.write", "version.restore", "image.add"];

function person(facts: Partial<Extract<Actor, { kind: "user" }>> = {}): Actor {
  return { kind: "user", userId, status: "active", isProgrammeAdmin: false, membership: null, ...facts };
}
function member(
  role: Role,
  side: Side,
  status: "active" | "left" | "suspended" = "active",
  partnershipId = here,
) {
  return { partnershipId, role, side, status } as const;
}
const codeOf = (result: ReturnType<typeof may>): RefusalCode | "yes" =>
  result.ok ? "yes" : result.refusal.code;

function expected(
  role: Role,
  isAdmin: boolean,
  action: Action,
  facts: { isArchived: boolean; hasAgreedVersion: boolean; ownSide: boolean },
): RefusalCode | "yes" {
  const asAdmin = isAdmin && allowed[action].includes("A");
  if (!asAdmin && !allowed[action].includes(letters[role])) return "not-allowed";
  if (!asAdmin && role === "observer" && waitsForAgreement.includes(action) && !facts.hasAgreedVersion)
    return "observer-waits";
  if (!asAdmin && role === "leader" && action === "members.manage" && !facts.ownSide) return "own-side-only";
  return facts.isArchived && stopsWhenArchived.includes(action) ? "document-archived" : "yes";
}

describe("access", () => {
  it("[S1] says for every role, side, action and state what the written table says", () => {
    const surprises: string[] = [];
    let count = 0;
    for (const action of actions)
      for (const role of roles)
        for (const side of sides)
          for (const isAdmin of [false, true])
            for (const isArchived of [false, true])
              for (const hasAgreedVersion of [false, true])
                for (const subjectSide of sides) {
                  const actor = person({ isProgrammeAdmin: isAdmin, membership: member(role, side) });
                  const facts = { isArchived, hasAgreedVersion, ownSide: side === subjectSide };
                  const subject = { partnershipId: here, isArchived, hasAgreedVersion, side: subjectSide };
                  const said = codeOf(may(actor, action, subject));
                  const wanted = expected(role, isAdmin, action, facts);
                  count += 1;
                  if (said !== wanted)
                    surprises.push(
                      `${role} ${side} ${isAdmin} ${action} ${JSON.stringify(facts)}: ${said}, not ${wanted}`,
                    );
                }
    console.log(`${count} combinations of the permission table`);
    expect(count).toBe(actions.length * 5 * 4 * 2 * 2 * 2 * 4);
    expect(surprises).toEqual([]);
  });

  it("[S1] finds nothing for people who are not in the partnership, whatever the action", () => {
    for (const action of actions) {
      const outside = [
        person(),
        person({ membership: member("leader", "provider", "left") }),
        person({ membership: member("leader", "provider", "suspended") }),
        person({ membership: member("leader", "provider", "active", elsewhere) }),
      ];
      for (const actor of outside)
        expect(codeOf(may(actor, action, { partnershipId: here }))).toBe("not-found");
      expect(codeOf(may({ kind: "anonymous" }, action, { partnershipId: here }))).toBe("signed-out");
      const suspended = person({
        status: "suspended",
        isProgrammeAdmin: true,
        membership: member("leader", "provider"),
      });
      expect(codeOf(may(suspended, action, { partnershipId: here }))).toBe("account-suspended");
    }
  });

  it("lets an administrator who is no member do what the table says, on no side", () => {
    const admin = person({ isProgrammeAdmin: true });
    for (const action of actions)
      expect(codeOf(may(admin, action, { partnershipId: here }))).toBe(
        allowed[action].includes("A") ? "yes" : "not-allowed",
      );
    expect(sideOf(admin)).toBeNull();
    expect(sideOf(person({ membership: member("editor", "employer") }))).toBe("employer");
    expect(sideOf(person({ membership: member("editor", "employer", "left") }))).toBeNull();
  });

  it("lets no leader make a facilitator, who would manage the other side", () => {
    const subject = { partnershipId: here, side: "provider", grants: "facilitator" } as const;
    const asks = (actor: Actor) => codeOf(may(actor, "members.manage", subject));
    expect(asks(person({ membership: member("leader", "provider") }))).toBe("not-allowed");
    expect(asks(person({ membership: member("facilitator", "intermediary") }))).toBe("yes");
    expect(asks(person({ isProgrammeAdmin: true }))).toBe("yes");
  });

  it("[S13] takes nothing but true for true: 5,000 strange flags give no right", () => {
    const strange = fc.oneof(
      fc.constantFrom(false, "true", "false", 0, 1, [], [true], {}, null, undefined, Number.NaN, "admin"),
      fc.jsonValue().filter((value) => value !== true),
    );
    fc.assert(
      fc.property(strange, fc.constantFrom(...actions), (flag, action) => {
        const actor = person({ isProgrammeAdmin: flag as boolean });
        expect(codeOf(may(actor, action, { partnershipId: here }))).toBe("not-found");
        const observer = person({ membership: member("observer", "funder") });
        const read = may(observer, "document.read", {
          partnershipId: here,
          hasAgreedVersion: flag as boolean,
        });
        expect(codeOf(read)).toBe("observer-waits");
        expect(mayRunProgrammes({ status: "active", isProgrammeAdmin: flag as boolean }).ok).toBe(false);
      }),
      { numRuns: 5_000, seed: 13 },
    );
    console.log("5000 strange flags, seed 13: no right given");
  });

  it("[S13] knows no role, status or membership but its own: strange ones are refused", () => {
    const strange = fc.oneof(
      fc.constantFrom("Leader", "LEADER", "owner", "__proto__", "constructor", "admin"),
      fc.jsonValue(),
    );
    fc.assert(
      fc.property(strange, fc.constantFrom(...actions), (value, action) => {
        const isRole = (roles as readonly unknown[]).includes(value);
        const asRole = person({ membership: { ...member("observer", "funder"), role: value as Role } });
        if (!isRole) expect(codeOf(may(asRole, action, { partnershipId: here }))).toBe("not-allowed");
        const asStatus = person({
          membership: { ...member("leader", "provider"), status: value as "active" },
        });
        if (value !== "active")
          expect(codeOf(may(asStatus, action, { partnershipId: here }))).toBe("not-found");
        const asPerson = person({ status: value as "active", membership: member("leader", "provider") });
        if (value !== "active")
          expect(codeOf(may(asPerson, action, { partnershipId: here }))).toBe("account-suspended");
      }),
      { numRuns: 5_000, seed: 14 },
    );
  });
});
