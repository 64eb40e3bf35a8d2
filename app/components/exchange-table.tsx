/** Exchanges by date, with what came of each. */
import type { ReactNode } from "react";
import { formatDate, formatSpan } from "../domain/dates.ts";
import { StateWord, When } from "./parts.tsx";
import { type Column, Table } from "./table.tsx";

export type ExchangeLine = {
  readonly id: string;
  readonly number: number;
  readonly kind: string;
  readonly title: string;
  readonly startsAt: number;
  readonly endsAt: number | null;
  readonly timeZone: string;
  readonly venue: string | null;
  readonly summary: string | null;
  readonly state: string;
};

const kindNames: Readonly<Record<string, string>> = {
  exchange: "Exchange",
  site_visit: "Site visit",
  steering_group: "Steering group",
  webinar: "Webinar",
  event: "Event",
};

/** `notes` adds a column, e.g. with links to the notes of each exchange. */
export function ExchangeTable({
  meetings,
  notes,
}: {
  meetings: readonly ExchangeLine[];
  notes?: (meeting: ExchangeLine) => ReactNode;
}) {
  const columns: Column<ExchangeLine>[] = [
    {
      heading: "What",
      cell: (meeting) => (
        <span id={notes ? `exchange-${meeting.number}` : undefined}>
          <span className="label">
            {kindNames[meeting.kind] ?? "Meeting"} {meeting.number}
          </span>
          {meeting.title}
        </span>
      ),
    },
    {
      heading: "When",
      cell: (meeting) =>
        notes ? (
          <When at={meeting.startsAt}>{formatSpan(meeting.startsAt, meeting.endsAt, meeting.timeZone)}</When>
        ) : (
          <span className="nowrap">
            <When at={meeting.startsAt}>{formatDate(meeting.startsAt, meeting.timeZone)}</When>
          </span>
        ),
    },
    {
      heading: "What came of it",
      cell: (meeting) =>
        meeting.state === "cancelled" ? (
          <StateWord tone="muted" icon="not-yet">
            Cancelled
          </StateWord>
        ) : meeting.state === "planned" ? (
          <StateWord tone="muted" icon="calendar">
            Planned{meeting.venue ? `, ${meeting.venue}` : ""}
          </StateWord>
        ) : (
          (meeting.summary ?? <span className="muted">Nothing recorded</span>)
        ),
    },
  ];
  if (notes) columns.push({ heading: "Notes", cell: notes });
  return (
    <Table
      caption="Exchanges by date"
      className="exchanges"
      columns={columns}
      rows={meetings}
      rowKey={(meeting) => meeting.id}
    />
  );
}
