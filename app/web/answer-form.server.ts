/**
 * Around every form: a disk that says no becomes a refusal on the page that was typed into
 * (`orNotStored`). For the forms of a signed-in person (`answerForm`) so does a session
 * that ended; without a script, where that page can no longer be drawn for somebody signed
 * out, the error page shows the words in a form of its own, to be sent again. Nothing is
 * stored here.
 */
import { type AppLoadContext, data } from "@remix-run/node";
import type { Refusal } from "../domain/refusals.ts";
import { isStorageFault } from "../operations/storage-fault.ts";
import { type Form, readForm } from "./forms.server.ts";
import { optionalUser, type SignedIn } from "./guard.server.ts";
import { errorFields, logLine } from "./log-line.ts";
import { initOf, viewOf } from "./refuse.server.ts";

type Asked = { readonly request: Request; readonly context: AppLoadContext };

/**
 * Reads the form, asks who sent it, and runs it. `refused` makes the page's own answer
 * out of a refusal. Refuses `session-ended` and `not-saved`; what else is thrown is a
 * bug and goes on. A session that ended is thrown for a whole-page post (see above).
 */
export async function answerForm<Done, Refused>(
  asked: Asked,
  refused: (refusal: Refusal, form: Form) => Refused,
  run: (signedIn: SignedIn, form: Form) => Promise<Done>,
): Promise<Done | Refused> {
  const form = await readForm(asked.request);
  return orNotStored(
    asked,
    () => refused({ code: "not-saved", facts: {} }, form),
    async () => {
      const signedIn = await optionalUser(asked);
      return signedIn === null ? sessionEnded(asked, refused, form) : run(signedIn, form);
    },
  );
}

/** Runs it; where the disk says no, logs that and gives the page's own answer instead. */
export async function orNotStored<Done, Refused>(
  { context }: Pick<Asked, "context">,
  refused: () => Refused,
  run: () => Promise<Done>,
): Promise<Done | Refused> {
  try {
    return await run();
  } catch (error) {
    if (!isStorageFault(error)) throw error;
    logLine("error", "not-stored", { requestId: context.requestId, ...errorFields(error) });
    return refused();
  }
}

function sessionEnded<Refused>(
  asked: Asked,
  refused: (refusal: Refusal, form: Form) => Refused,
  form: Form,
): Refused {
  const refusal: Refusal = { code: "session-ended", facts: {} };
  // "empty": sent by our script, which keeps the page and its fields as they are.
  if (asked.request.headers.get("Sec-Fetch-Dest") === "empty") return refused(refusal, form);
  throw data({ refusal: viewOf(refusal), sent: form.sent() }, initOf(refusal));
}
