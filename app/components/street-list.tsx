/** The street as a list: the same marks in words, for screen readers, print and small screens. */
import { Link } from "@remix-run/react";
import { formatDate } from "../domain/dates.ts";
import type { Street } from "../domain/street.ts";
import { CameOfIt, type ExchangeLine, meetingName } from "./exchange-table.tsx";
import { When } from "./parts.tsx";
import { By, ByBoth } from "./side.tsx";
import { Table } from "./table.tsx";

type Post = Street["posts"][number];
type Row =
  | { readonly key: string; readonly at: number; readonly meeting: ExchangeLine }
  | { readonly key: string; readonly at: number; readonly post: Post };

function What({ row, slug }: { row: Row; slug: string }) {
  if ("meeting" in row) {
    return (
      <>
        <span className="label">{meetingName(row.meeting)}</span>
        <Link to={`/partnerships/${slug}/exchanges#exchange-${row.meeting.number}`}>{row.meeting.title}</Link>
      </>
    );
  }
  const { post } = row;
  return (
    <>
      <span className="label">Named version {post.number}</span>
      <Link to={`/documents/${post.documentId}/versions/${post.id}`}>{post.label}</Link>
    </>
  );
}

function Outcome({ row }: { row: Row }) {
  if ("meeting" in row) return <CameOfIt meeting={row.meeting} />;
  return (
    <>
      <span className="breaks">{row.post.documentTitle}</span>
      {row.post.note ? <span className="small muted street-note">{row.post.note}</span> : null}
    </>
  );
}

/** Exchanges (those called off too) and named versions, the earliest first. */
export function StreetList({
  meetings,
  posts,
  slug,
}: {
  meetings: readonly ExchangeLine[];
  posts: readonly Post[];
  slug: string;
}) {
  const rows: readonly Row[] = [
    ...meetings.map((meeting) => ({ key: meeting.id, at: meeting.startsAt, meeting })),
    ...posts.map((post) => ({ key: post.id, at: post.at, post })),
  ].toSorted((one, other) => one.at - other.at);
  return (
    <Table
      caption="Exchanges and named versions, in order of date"
      className="street-list"
      rows={rows}
      rowKey={({ key }) => key}
      columns={[
        { heading: "What", cell: (row) => <What row={row} slug={slug} /> },
        {
          heading: "When",
          isFigure: true,
          cell: (row) => (
            <When at={row.at}>{formatDate(row.at, "meeting" in row ? row.meeting.timeZone : undefined)}</When>
          ),
        },
        { heading: "What came of it", cell: (row) => <Outcome row={row} /> },
        {
          heading: "By",
          cell: (row) => ("meeting" in row ? <ByBoth /> : <By side={row.post.side}>{row.post.by}</By>),
        },
      ]}
    />
  );
}
