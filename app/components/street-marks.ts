/**
 * What stands on the street, in order of date and in words: for the labels of the
 * drawing, for the reading line below it, and for walking along it by keyboard.
 */
import { formatDate, formatSpan } from "../domain/dates.ts";
import type { Street } from "../domain/street.ts";
import { type ExchangeLine, meetingName } from "./exchange-table.tsx";

export type StreetMark = {
  readonly key: string;
  readonly at: number;
  /** Where it stands, in per cent of the street. */
  readonly left: number;
  /** A planned exchange is not done yet. */
  readonly isDone: boolean;
  readonly heading: string;
  readonly when: string;
  /** What came of it; null where nothing is recorded. */
  readonly words: string | null;
  readonly address: string;
  /** The verb of the link to it. */
  readonly open: string;
};

/** Marks of a partnership's street, the earliest first. */
export function streetMarks(
  street: Street,
  meetings: readonly ExchangeLine[],
  slug: string,
): readonly StreetMark[] {
  const exchanges = street.exchanges.map((exchange): StreetMark => {
    const meeting = meetings.find(({ id }) => id === exchange.id);
    return {
      key: exchange.id,
      at: exchange.startsAt,
      left: exchange.left,
      isDone: !exchange.isPlanned,
      heading: `${meeting ? meetingName(meeting) : `Exchange ${exchange.number}`}: ${exchange.title}`,
      when: meeting
        ? formatSpan(meeting.startsAt, meeting.endsAt, meeting.timeZone)
        : formatDate(exchange.startsAt),
      words: exchange.isPlanned
        ? ["Planned", meeting?.venue].filter(Boolean).join(", ")
        : (meeting?.summary ?? null),
      address: `/partnerships/${slug}/exchanges#exchange-${exchange.number}`,
      open: "Open the exchange",
    };
  });
  const versions = street.posts.map(
    (post): StreetMark => ({
      key: post.id,
      at: post.at,
      left: post.left,
      isDone: true,
      heading: `${post.label}: version ${post.number} of “${post.documentTitle}”`,
      when: `${formatDate(post.at)}, named by ${post.by}`,
      words: post.note,
      address: `/documents/${post.documentId}/versions/${post.id}`,
      open: "Open this version",
    }),
  );
  return [...exchanges, ...versions].toSorted((one, other) => one.at - other.at);
}
