/**
 * The shape of demonstration records, and ids that are the same at every load: an
 * interrupted first start continues where it stopped and nothing is ever doubled.
 */
import { createHash } from "node:crypto";
import type { Side } from "../../app/domain/sides.ts";

export type OrganisationRecord = {
  readonly name: string;
  readonly kind:
    | "employer"
    | "provider"
    | "awarding_body"
    | "association"
    | "funder"
    | "authority"
    | "charity"
    | "university";
  readonly side: Side;
  readonly isPlaceholder?: boolean;
  readonly roleText?: string;
  readonly onBehalfOf?: string;
};

export type PartnershipRecord = {
  readonly slug: string;
  readonly title: string;
  readonly sector: string | null;
  readonly aim?: string;
  readonly background?: string;
  readonly intendedImpact?: string;
  readonly region?: string;
  readonly contactLabel?: string;
  readonly startsOn: string | null;
  readonly endsOn: string | null;
  readonly state: "active" | "closed";
  readonly sourceText: string;
  readonly organisations: readonly OrganisationRecord[];
};

export type ProgrammeRecord = {
  readonly slug: string;
  readonly title: string;
  readonly summary: string;
  readonly funder: string | null;
  readonly convenor: string | null;
  readonly startsOn: string | null;
  readonly endsOn: string | null;
  readonly isIllustrative: boolean;
  readonly partnerships: readonly PartnershipRecord[];
};

/** A UUID (version 4 by its shape) that belongs to this key for ever. */
export function demoId(key: string): string {
  const hex = createHash("sha256").update(`two-way demonstration: ${key}`).digest("hex");
  const variant = ((Number.parseInt(hex.slice(16, 17), 16) & 3) | 8).toString(16);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

/** A maker of ids out of one key: the first, the second … are the same at every load. */
export function demoIds(key: string): () => string {
  let made = 0;
  return () => demoId(`${key} ${made++}`);
}
