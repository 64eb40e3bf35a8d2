/** What the page of a document hands to its editor: facts of the loader, nothing live. */
import type { Recovery } from "../domain/recovery.ts";
import type { Side } from "../domain/sides.ts";

export type PersonToMention = {
  readonly userId: string;
  readonly name: string;
  readonly side: Side | null;
  readonly organisation: string | null;
};

export type DocumentFacts = {
  readonly id: string;
  readonly title: string;
  readonly epoch: string;
  /** Was a backup brought back, and are copies from after it still taken in? Null without the server. */
  readonly recovery: Recovery | null;
  readonly schemaNumber: number;
  readonly canWrite: boolean;
  readonly whyNotWrite: string | null;
  readonly canAddImages: boolean;
  readonly isArchived: boolean;
  /** May this person bring it back from the archive? */
  readonly canOrganise: boolean;
  readonly userId: string;
  readonly keepsCopy: boolean;
  readonly people: readonly PersonToMention[];
};
