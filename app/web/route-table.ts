/**
 * Who gets what answer from which address: one row a route, for people and for the
 * generated test that asks every route as everybody (promises B18, S2). A route without
 * a row fails that test. The rules are written out by hand and not taken from
 * `domain/access.ts`, so that a slip there shows here.
 */

/** Rulings 21. The invitee holds an open invitation and no account. */
export const rolesOfMatrix = [
  "anonymous",
  "invitee",
  "observer",
  "commenter",
  "editor",
  "facilitator",
  "leaderA",
  "leaderB",
  "otherLeader",
  "left",
  "suspended",
  "admin",
] as const;
export type RoleOfMatrix = (typeof rolesOfMatrix)[number];

/** own: of the partnership most roles sit in; other: of another one; missing: there is none. */
export const objectsOfMatrix = ["own", "other", "missing"] as const;
export type ObjectOfMatrix = (typeof objectsOfMatrix)[number];

export type Verdict = "yes" | "signed-out" | "not-allowed" | "not-found";
export type Rule = (role: RoleOfMatrix, object: ObjectOfMatrix) => Verdict;

const members: readonly RoleOfMatrix[] = [
  "observer",
  "commenter",
  "editor",
  "facilitator",
  "leaderA",
  "leaderB",
];
const isSignedOut = (role: RoleOfMatrix) =>
  role === "anonymous" || role === "invitee" || role === "suspended";

const everyone: Rule = () => "yes";
const nobody: Rule = () => "not-found";
const signedIn: Rule = (role) => (isSignedOut(role) ? "signed-out" : "yes");
const administrators: Rule = (role) =>
  isSignedOut(role) ? "signed-out" : role === "admin" ? "yes" : "not-allowed";
/** As above, of something that may not be there. */
const administratorsWithin: Rule = (role, object) =>
  role === "admin" && object === "missing" ? "not-found" : administrators(role, object);

/** Of those who belong to the partnership these may; for all others there is nothing there. */
function within(...allowed: readonly RoleOfMatrix[]): Rule {
  return (role, object) => {
    if (isSignedOut(role)) return "signed-out";
    if (object === "missing") return "not-found";
    const belongs = role === "admin" || (object === "own" ? members.includes(role) : role === "otherLeader");
    if (!belongs) return "not-found";
    return allowed.includes(role === "otherLeader" ? "leaderA" : role) ? "yes" : "not-allowed";
  };
}
const readers = within(...members, "admin");
const textReaders = within("commenter", "editor", "facilitator", "leaderA", "leaderB", "admin");
const writers = within("editor", "facilitator", "leaderA", "leaderB", "admin");
const versionNamers = within("editor", "facilitator", "leaderA", "leaderB");
const providerManagers = within("facilitator", "leaderA", "admin");
const leavers: Rule = (role, object) => (role === "admin" ? "not-found" : within(...members)(role, object));
/** Sessions of the scene belong to the two leaders. */
const ownSession: Rule = (role, object) => {
  if (isSignedOut(role)) return "signed-out";
  const owner = { own: "leaderA", other: "otherLeader", missing: null }[object];
  return role === owner ? "yes" : "not-found";
};

/** A form of a route. `{…}` in a field is filled with an id of the object that is asked about. */
export type FormOfRoute = {
  readonly fields: Readonly<Record<string, string>>;
  readonly rule: Rule;
  /**
   * Statuses for people who may. The fields are chosen so that nothing changes (a wrong
   * value behind the question of rights); null where a yes would change the scene. That is
   * then asked once, in the end, and must be answered with `done`: by `doneBy`, or by the
   * last of all roles that may, since others are removed and suspended on the way.
   */
  readonly yes: readonly number[] | null;
  readonly done: number;
  readonly doneBy?: RoleOfMatrix;
};

export type RouteRow = {
  readonly page: Rule;
  /** Status of the page for people who may; 200 unless said otherwise. */
  readonly yes?: number | ((role: RoleOfMatrix) => number);
  readonly forms?: readonly FormOfRoute[];
};

const form = (
  rule: Rule,
  fields: Readonly<Record<string, string>>,
  yes: readonly number[] | null = null,
  done = 302,
): FormOfRoute => ({ fields, rule, yes, done });

/** What the pages with documents offer, judged by the document alone. */
const documentForms: readonly FormOfRoute[] = [
  form(writers, { intent: "rename", documentId: "{document}", title: "" }, [422]),
  form(writers, { intent: "move", documentId: "{document}", parentId: "{document}" }, [422]),
  form(writers, { intent: "duplicate", documentId: "{document}" }),
  form(writers, { intent: "archive", documentId: "{document}" }),
  form(writers, { intent: "bring-back", documentId: "{document}" }),
];
const shelf: RouteRow = {
  page: readers,
  forms: [form(writers, { intent: "create", kind: "page", title: "" }, [422]), ...documentForms],
};
const doorForm = (fields: Readonly<Record<string, string>>, ...statuses: readonly number[]) =>
  form(everyone, fields, statuses);

/** By route id, as in `routes.ts`. */
export const routeTable: Readonly<Record<string, RouteRow>> = {
  root: { page: everyone },
  "routes/home": { page: signedIn },
  "routes/sign-in": {
    page: everyone,
    // Who is signed in is taken home.
    yes: (role) => (isSignedOut(role) ? 200 : 302),
    forms: [doorForm({ email: "nobody@example.org", password: "guess" }, 422, 429, 302)],
  },
  "routes/sign-out": { page: everyone, yes: 302 },
  "routes/look-around": { page: everyone, yes: 302, forms: [form(nobody, { person: "{user}" })] },
  "routes/forgot": { page: everyone, forms: [doorForm({ email: "no address" }, 422)] },
  "routes/reset": { page: everyone, forms: [doorForm({ token: "wrong", password: "guess" }, 410)] },
  "routes/invitation": { page: everyone, forms: [doorForm({ token: "wrong", intent: "join" }, 410)] },
  "routes/account": {
    page: signedIn,
    forms: [
      form(signedIn, { intent: "person", name: "" }, [422]),
      form(signedIn, { intent: "password", current: "x", next: "short" }, [422]),
      form(ownSession, { intent: "end-session", session: "{session}" }, null, 200),
    ],
  },
  // A demonstration instance has this page; the matrix asks an ordinary one.
  "routes/outbox": { page: nobody },
  "routes/help": { page: everyone },
  // A shell without data, kept by the browser for when there is no connection.
  "routes/offline": { page: everyone },
  // Words in the body, as shared computers send them: nothing is changed by looking.
  "routes/search": { page: signedIn, forms: [form(signedIn, { q: "plan" }, [200])] },
  // Who has one programme is taken to it.
  "routes/programmes": {
    page: signedIn,
    yes: (role) => (members.includes(role) || role === "otherLeader" ? 302 : 200),
  },
  "routes/programme-new": {
    page: administrators,
    forms: [form(administrators, { title: "" }, [422])],
  },
  "routes/programme": { page: readers },
  "routes/partnership-new": {
    page: administratorsWithin,
    forms: [form(administratorsWithin, { title: "" }, [422])],
  },
  "routes/partnership": { page: readers },
  "routes/partnership-overview": { page: readers },
  "partnership-plans": shelf,
  "partnership-case-studies": shelf,
  "partnership-pages": shelf,
  "routes/partnership-exchanges": { page: readers },
  "routes/partnership-people": {
    page: readers,
    forms: [
      form(
        providerManagers,
        { intent: "invite", organisation: "provider {organisation}", role: "editor", email: "no address" },
        [422],
      ),
      form(providerManagers, { intent: "role", member: "{member}", role: "owner" }, [422]),
      form(providerManagers, { intent: "remove", member: "{member}" }, null, 200),
      form(providerManagers, { intent: "revoke", invitation: "{invitation}" }, null, 200),
      // The last leader of a side may not.
      { ...form(leavers, { intent: "leave" }), doneBy: "observer" },
      form(within("admin"), { intent: "suspend", person: "{user}" }, null, 200),
      form(within("admin"), { intent: "reinstate", person: "{user}" }, null, 200),
    ],
  },
  "routes/partnership-archived": { page: readers, forms: documentForms },
  "routes/partnership-profile": {
    page: writers,
    forms: [form(writers, { title: "" }, [422])],
  },
  "routes/document-organise": { page: writers, forms: documentForms },
  "draft-as-html": { page: writers },
  "draft-as-markdown": { page: writers },
  "version-as-html": { page: writers },
  "version-as-markdown": { page: writers },
  "routes/document": { page: textReaders, forms: [form(writers, { title: "" }, [422])] },
  "routes/versions": { page: textReaders, forms: [form(versionNamers, { name: "" }, [422])] },
  // The newest version is the present text: bringing it back changes nothing.
  "routes/version": { page: textReaders, forms: [form(writers, {}, [409])] },
  // Pictures are sent here; there is nothing to look at.
  "routes/document-images": { page: nobody, forms: [form(writers, {}, [422])] },
  // Who may not read the document does not learn of its pictures either.
  "routes/image": {
    page: (role, object) => {
      const verdict = textReaders(role, object);
      return verdict === "not-allowed" ? "not-found" : verdict;
    },
  },
  "routes/not-found": { page: nobody },
};
