/** The shape of an invented partnership: people, exchanges, documents and their stories. */
import type { Role } from "../../../app/domain/access.ts";
import type { DocumentKind } from "../../../app/domain/documents.ts";
import type { Side } from "../../../app/domain/sides.ts";
import type { PartnershipRecord } from "../record.ts";
import type { Sitting } from "./script.ts";

export type InventedPerson = {
  readonly name: string;
  readonly jobTitle: string;
  readonly organisation: string;
  readonly side: Side;
  readonly role: Role;
  /** Offered under "look around as …". */
  readonly isDemo?: true;
};

export type InventedExchange = {
  readonly title: string;
  /** UTC, to the minute. */
  readonly startsAt: string;
  readonly endsAt: string;
  readonly venue: string;
  readonly summary: string;
};

export type InventedDocument = {
  readonly kind: DocumentKind;
  readonly title: string;
  readonly createdBy: string;
  readonly createdAt: string;
  /** Number of the exchange these notes belong to. */
  readonly exchange?: number;
  readonly story: readonly Sitting[];
};

export type InventedPartnership = {
  readonly record: PartnershipRecord;
  readonly people: Readonly<Record<string, InventedPerson>>;
  /** Exchanges that were held, in order. */
  readonly exchanges: readonly InventedExchange[];
  /** One that is planned, a few weeks after the data is loaded. */
  readonly nextExchange?: { readonly title: string; readonly venue: string };
  readonly documents: readonly InventedDocument[];
};
