/** Names of form fields that hold passwords: what stands in them is never shown again, kept or sent back. */
export const secretFieldNames: ReadonlySet<string> = new Set(["password", "current", "next", "repeated"]);
