/** Who asks, as every operation takes it: the guard of the web floor hands over more. */
import type { UserId } from "../domain/ids.ts";

export type Asker = { readonly userId: UserId };
