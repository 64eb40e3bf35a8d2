/**
 * Turns many questions of one turn of the event loop into one: when five hundred people
 * come back after a restart, or everybody's rights are looked up again, the database is
 * asked once and not five hundred times.
 */

/** Questions in one query, at most: bounds how long another statement waits behind it. */
const askedAtOnceMax = 250;

interface Waiting<Ask, Answer> {
  readonly ask: Ask;
  resolve(answer: Answer): void;
  reject(error: unknown): void;
}

/**
 * A function that answers one question by asking `readAll` all questions of this turn,
 * in order. When `readAll` rejects, so does everybody who was asked for in that query.
 */
export function gathered<Ask, Answer>(
  readAll: (asks: readonly Ask[]) => Promise<readonly Answer[]>,
): (ask: Ask) => Promise<Answer> {
  let waiting: Waiting<Ask, Answer>[] = [];

  function askAll(): void {
    const all = waiting;
    waiting = [];
    for (let from = 0; from < all.length; from += askedAtOnceMax)
      void answer(all.slice(from, from + askedAtOnceMax));
  }

  async function answer(some: readonly Waiting<Ask, Answer>[]): Promise<void> {
    try {
      const answers = await readAll(some.map(({ ask }) => ask));
      for (const [index, one] of some.entries()) one.resolve(answers[index] as Answer);
    } catch (error) {
      for (const one of some) one.reject(error);
    }
  }

  return (ask) =>
    new Promise((resolve, reject) => {
      if (waiting.length === 0) setImmediate(askAll);
      waiting.push({ ask, resolve, reject });
    });
}
