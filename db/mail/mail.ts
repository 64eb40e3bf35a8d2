/** Letters, whichever way they leave: what `smtp-mail.ts` and `outbox-mail.ts` both offer. */
import type { Result } from "../../app/domain/result.ts";

export interface Letter {
  readonly to: string;
  readonly subject: string;
  /** Plain text. The HTML part is made from it. */
  readonly text: string;
}
export interface Mail {
  /** Refuses `mail-not-sent`. Never logs the letter: it holds links that give access. */
  send(letter: Letter): Promise<Result<null>>;
  /** Letters kept on a demonstration instance, newest first. */
  kept(): Promise<readonly (Letter & { readonly at: number })[]>;
}
