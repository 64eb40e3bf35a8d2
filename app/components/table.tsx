/**
 * A table that becomes cards on a phone: each cell repeats its column's heading there.
 * The first column is the heading of its row.
 */
import type { ReactNode } from "react";

export type Column<Row> = {
  readonly heading: string;
  readonly cell: (row: Row) => ReactNode;
  /** Figures and dates: tabular, not wrapped. */
  readonly isFigure?: boolean;
  /** Buttons name themselves: the heading is for screen readers alone. */
  readonly isAction?: boolean;
};

/** `caption` names the table for screen readers; `className` may add a page's own spacing. */
export function Table<Row>({
  caption,
  columns,
  rows,
  rowKey,
  className,
}: {
  caption: string;
  columns: readonly Column<Row>[];
  rows: readonly Row[];
  rowKey: (row: Row) => string;
  className?: string;
}) {
  return (
    <table className={["table table-cards", className].filter(Boolean).join(" ")}>
      <caption className="vh">{caption}</caption>
      <thead>
        <tr>
          {columns.map((column) => (
            <th key={column.heading} scope="col">
              {column.isAction ? <span className="vh">{column.heading}</span> : column.heading}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={rowKey(row)}>
            {columns.map((column, index) =>
              index === 0 ? (
                <th key={column.heading} scope="row">
                  {column.cell(row)}
                </th>
              ) : (
                <td
                  key={column.heading}
                  data-l={column.isAction ? undefined : column.heading}
                  className={column.isFigure ? "num nowrap" : column.isAction ? "act" : undefined}
                >
                  <div>{column.cell(row)}</div>
                </td>
              ),
            )}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
