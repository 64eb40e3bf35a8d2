/**
 * Dates as people read them: "Tue 12 May 2015, 10:00", in the time of the
 * partnership's meetings (Europe/London unless said otherwise). One place, so that no
 * page has a date format of its own. Relative time is used within a day only.
 */
const weekdays = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"] as const;
const months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"] as const;
/** January to December. */
export const longMonths = [
  "January",
  "February",
  "March",
  "April",
  "May",
  "June",
  "July",
  "August",
  "September",
  "October",
  "November",
  "December",
] as const;

export const londonTime = "Europe/London";

type Moment = { year: number; month: number; day: number; weekday: string; time: string };

const formats = new Map<string, Intl.DateTimeFormat>();
function formatFor(timeZone: string): Intl.DateTimeFormat {
  const known = formats.get(timeZone);
  if (known) return known;
  const made = new Intl.DateTimeFormat("en-GB", {
    timeZone,
    year: "numeric",
    month: "numeric",
    day: "numeric",
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
  });
  formats.set(timeZone, made);
  return made;
}

/** Parts rather than a ready format: engines differ in commas and in "Sep" or "Sept". */
function momentIn(at: number, timeZone: string): Moment {
  const parts = new Map(
    formatFor(timeZone)
      .formatToParts(at)
      .map((part) => [part.type, part.value]),
  );
  const year = Number(parts.get("year"));
  const month = Number(parts.get("month"));
  const day = Number(parts.get("day"));
  const weekday = weekdays[new Date(Date.UTC(year, month - 1, day)).getUTCDay()] ?? "";
  return { year, month, day, weekday, time: `${parts.get("hour")}:${parts.get("minute")}` };
}

/** "Tue 12 May 2015, 10:00". `at` is milliseconds since 1970 in UTC. */
export function formatDateTime(at: number, timeZone: string = londonTime): string {
  return `${formatDate(at, timeZone)}, ${momentIn(at, timeZone).time}`;
}

/** "Tue 12 May 2015". */
export function formatDate(at: number, timeZone: string = londonTime): string {
  const { weekday, day, month, year } = momentIn(at, timeZone);
  return `${weekday} ${day} ${months[month - 1]} ${year}`;
}

/** "Tue 12 May": for pictures and tables whose year stands beside them. */
export function formatDayMonth(at: number, timeZone: string = londonTime): string {
  const { weekday, day, month } = momentIn(at, timeZone);
  return `${weekday} ${day} ${months[month - 1]}`;
}

/** "10:00". */
export function formatTime(at: number, timeZone: string = londonTime): string {
  return momentIn(at, timeZone).time;
}

/** "Tue 12 May 2015, 10:00 to 12:30"; the end is given with its date where that differs. */
export function formatSpan(startsAt: number, endsAt: number | null, timeZone: string = londonTime): string {
  if (endsAt === null) return formatDateTime(startsAt, timeZone);
  const isSameDay = formatDate(startsAt, timeZone) === formatDate(endsAt, timeZone);
  const end = isSameDay ? formatTime(endsAt, timeZone) : formatDateTime(endsAt, timeZone);
  return `${formatDateTime(startsAt, timeZone)} to ${end}`;
}

/** "today, 09:12" on the day itself, otherwise the full date and time. */
export function formatRecent(at: number, now: number, timeZone: string = londonTime): string {
  return formatDate(at, timeZone) === formatDate(now, timeZone)
    ? `today, ${formatTime(at, timeZone)}`
    : formatDateTime(at, timeZone);
}

/** "February 2015" for an ISO date such as 2015-02-24; null stays null. */
export function formatMonth(isoDate: string | null): string | null {
  const match = isoDate?.match(/^(\d{4})-(\d{2})/);
  const name = longMonths[Number(match?.[2]) - 1];
  return match && name ? `${name} ${match[1]}` : null;
}

/** "February to October 2015", "since February 2015", or null when nothing is known. */
export function formatMonths(startsOn: string | null, endsOn: string | null): string | null {
  const start = formatMonth(startsOn);
  const end = formatMonth(endsOn);
  if (start === null) return end === null ? null : `until ${end}`;
  if (end === null) return `since ${start}`;
  if (start === end) return start;
  const isSameYear = startsOn?.slice(0, 4) === endsOn?.slice(0, 4);
  return isSameYear ? `${start.replace(/ \d{4}$/, "")} to ${end}` : `${start} to ${end}`;
}

/** "Tue 24 Feb 2015" for an ISO date; the text itself where it is none. */
export function formatDay(isoDate: string): string {
  const at = Date.parse(`${isoDate}T12:00:00Z`);
  return Number.isNaN(at) ? isoDate : formatDate(at, "UTC");
}
