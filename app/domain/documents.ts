/** Kinds of documents a partnership keeps, in the trade's words (domain guide §2.2). */
export const documentKinds = ["curriculum_plan", "exchange_notes", "case_study", "page"] as const;
export type DocumentKind = (typeof documentKinds)[number];

export const documentKindNames: Readonly<Record<DocumentKind, string>> = {
  curriculum_plan: "Curriculum plan",
  exchange_notes: "Exchange notes",
  case_study: "Case study",
  page: "Page",
};

export function isDocumentKind(text: unknown): text is DocumentKind {
  return typeof text === "string" && (documentKinds as readonly string[]).includes(text);
}

/** Longest title in characters: it must fit a tab, a file name and a mail subject. */
export const titleLengthMax = 200;

/** Levels of a partnership's tree of documents: as many as a path can be read, and a page be drawn. */
export const treeLevelsMax = 8;

/** Most bytes a document may hold: checkpoint plus later rows (rulings 5). */
export const documentBytesMax = 5 * 1024 * 1024;

/** Longest name of a version, in characters: it stands in lists and file names. */
export const versionNameMax = 120;
/** Longest note to a version, in characters. */
export const versionNoteMax = 2_000;
