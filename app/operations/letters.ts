/**
 * The letters we send, in plain words. Links carry their token behind `#`: no server, no
 * proxy and no Referer ever sees it, and a scanner that opens the link uses nothing up
 * (promise S10). Absolute addresses come from the configuration alone.
 */
import { type Role, roleNames } from "../domain/access.ts";
import { formatDateTime } from "../domain/dates.ts";
import { oneLine } from "../domain/one-line.ts";
import { type Side, sideNames } from "../domain/sides.ts";
import type { Letter } from "./services.ts";

/** Names are shown in letters to people who may not know the sender: one line, no links. */
function plainName(text: string): string {
  const line = oneLine(text)
    .replace(/https?:\/\/|www\./gi, "")
    .trim();
  return [...line].slice(0, 120).join("");
}

export type InvitationWords = {
  readonly to: string;
  readonly token: string;
  readonly invitedBy: string;
  readonly partnership: string;
  readonly organisation: string;
  readonly side: Side;
  readonly role: Role;
  readonly expiresAt: number;
};

export function invitationLetter(publicUrl: string, words: InvitationWords): Letter {
  const partnership = plainName(words.partnership);
  return {
    to: words.to,
    subject: `${plainName(words.invitedBy)} invites you to “${partnership}” on Two-Way`,
    text: [
      "Hello,",
      `${plainName(words.invitedBy)} invites you to the partnership “${partnership}” on Two-Way, for ${plainName(words.organisation)} (${sideNames[words.side].toLowerCase()} side), as ${roleNames[words.role].toLowerCase()}.`,
      "On Two-Way a college and an employer write a curriculum plan together. To see the invitation and to join, open this link:",
      `${publicUrl}/invitation#${words.token}`,
      `The link is for ${words.to} alone and counts until ${formatDateTime(words.expiresAt)}. Nothing happens before you confirm on the page. If it asks for a code, this is it:\n${words.token}`,
      "If you did not expect this letter, you can leave it unanswered.",
      "Two-Way",
    ].join("\n\n"),
  };
}

export function resetLetter(
  publicUrl: string,
  words: { readonly to: string; readonly name: string; readonly token: string },
): Letter {
  return {
    to: words.to,
    subject: "A new password for Two-Way",
    text: [
      `Hello ${plainName(words.name)},`,
      "somebody, probably you, asked for a new password for Two-Way. To choose one, open this link:",
      `${publicUrl}/reset#${words.token}`,
      `The link counts for one hour and once. If the page asks for a code, this is it:\n${words.token}`,
      "If it was not you, leave this letter unanswered. Your password stays as it is.",
      "Two-Way",
    ].join("\n\n"),
  };
}
