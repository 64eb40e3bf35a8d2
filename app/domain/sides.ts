/**
 * Sides: whose voice is it? Every member of a partnership acts on one side. Each
 * side has a shape as well as a colour, so that it is never told by colour alone
 * (design guide §3).
 */
export const sides = ["provider", "employer", "intermediary", "funder"] as const;
export type Side = (typeof sides)[number];

/** The two sides that write as equals; agreement needs a leader of each. */
export const writingSides = ["provider", "employer"] as const satisfies readonly Side[];

export const sideNames: Readonly<Record<Side, string>> = {
  provider: "Provider",
  employer: "Employer",
  intermediary: "Intermediary",
  funder: "Funder",
};

/** The mark drawn before a name of that side. */
export const sideMarks: Readonly<Record<Side, string>> = {
  provider: "●",
  employer: "◆",
  intermediary: "▲",
  funder: "▲",
};

export function isSide(text: unknown): text is Side {
  return typeof text === "string" && (sides as readonly string[]).includes(text);
}
