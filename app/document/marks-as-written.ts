/** Yjs documents that change nothing of their own accord. Pinned to Yjs 13.6 by the test beside it. */
import type * as Y from "yjs";

/**
 * Makes a document leave formatting marks as people wrote them. Yjs deletes those it finds
 * redundant wherever somebody else's changes arrive: in each page anew, as that page's own
 * edit. So whoever merely read would be counted as a writer with something unsaved, as many
 * equal deletions would travel as people are there, and two that tidied at different times
 * could take a mark away altogether. What is read is the same with them and without.
 */
export function keepMarksAsWritten(doc: Y.Doc): Y.Doc {
  // Between the observers, which ask for the tidying, and the tidying itself.
  doc.on("afterTransaction", (transaction) => {
    transaction._needFormattingCleanup = false;
  });
  return doc;
}
