import { describe, expect, it } from "vitest";
import { formatDate, formatDateTime, formatDay, formatMonths, formatRecent, formatSpan } from "./dates.ts";

const tuesday = Date.UTC(2015, 4, 12, 9, 0);

describe("dates", () => {
  it("reads Tue 12 May 2015, 10:00 in British summer time", () => {
    expect(formatDateTime(tuesday)).toBe("Tue 12 May 2015, 10:00");
  });

  it("reads a winter time without the summer hour, and September as Sep", () => {
    expect(formatDateTime(Date.UTC(2015, 1, 24, 10, 0))).toBe("Tue 24 Feb 2015, 10:00");
    expect(formatDate(Date.UTC(2015, 8, 15, 12))).toBe("Tue 15 Sep 2015");
  });

  it("counts the day of London, not of Greenwich: 23:30 UTC in summer is the next day", () => {
    expect(formatDateTime(Date.UTC(2015, 5, 9, 23, 30))).toBe("Wed 10 Jun 2015, 00:30");
  });

  it("gives the end of a meeting by its time, with the date only where it is another day", () => {
    expect(formatSpan(tuesday, tuesday + 2.5 * 3_600_000)).toBe("Tue 12 May 2015, 10:00 to 12:30");
    expect(formatSpan(tuesday, tuesday + 26 * 3_600_000)).toBe(
      "Tue 12 May 2015, 10:00 to Wed 13 May 2015, 12:00",
    );
    expect(formatSpan(tuesday, null)).toBe("Tue 12 May 2015, 10:00");
  });

  it("says today within the day and the date from the next midnight on", () => {
    expect(formatRecent(tuesday, tuesday + 3_600_000)).toBe("today, 10:00");
    expect(formatRecent(tuesday, tuesday + 14 * 3_600_000)).toBe("Tue 12 May 2015, 10:00");
  });

  it("reads spans of months the short way", () => {
    expect(formatMonths("2015-02-01", "2015-10-31")).toBe("February to October 2015");
    expect(formatMonths("2014-11-01", "2015-07-31")).toBe("November 2014 to July 2015");
    expect(formatMonths("2015-02-01", null)).toBe("since February 2015");
    expect(formatMonths(null, null)).toBeNull();
  });

  it("reads an ISO day without moving it between time zones", () => {
    expect(formatDay("2015-02-24")).toBe("Tue 24 Feb 2015");
  });
});
