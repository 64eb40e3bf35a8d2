/** Exchanges by date, with what came of each. */
import type { ReactNode } from "react";
import { formatSpan } from "../domain/dates.ts";
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

/** Kind and number: "Exchange 3". */
export function meetingName({ kind, number }: Pick<ExchangeLine, "kind" | "number">): string {
  return `${kindNames[kind] ?? "Meeting"} ${number}`;
}

/** What came of an exchange, or why nothing can have come of it yet. */
export function CameOfIt({ meeting }: { meeting: ExchangeLine }) {
  if (meeting.state === "cancelled") {
    return (
      <StateWord tone="muted" icon="not-yet">
        Cancelled
      </StateWord>
    );
  }
  if (meeting.state === "planned") {
    return (
      <StateWord tone="muted" icon="calendar">
        Planned{meeting.venue ? `, ${meeting.venue}` : ""}
      </StateWord>
    );
  }
  return meeting.summary ?? <span className="muted">Nothing recorded</span>;
}

/** Exchanges of a partnership, each with what `notes` draws for it. */
export function ExchangeTable({
  meetings,
  notes,
}: {
  meetings: readonly ExchangeLine[];
  notes: (meeting: ExchangeLine) => ReactNode;
}) {
  const columns: Column<ExchangeLine>[] = [
    {
      heading: "What",
      cell: (meeting) => (
        <span id={`exchange-${meeting.number}`}>
          <span className="label">{meetingName(meeting)}</span>
          {meeting.title}
        </span>
      ),
    },
    {
      heading: "When",
      cell: (meeting) => (
        <When at={meeting.startsAt}>{formatSpan(meeting.startsAt, meeting.endsAt, meeting.timeZone)}</When>
      ),
    },
    { heading: "What came of it", cell: (meeting) => <CameOfIt meeting={meeting} /> },
    { heading: "Notes", cell: notes },
  ];
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
