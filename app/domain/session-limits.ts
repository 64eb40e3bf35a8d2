/**
 * How long a session lasts, in ms: after `idle` without use, or `absolute` since sign-in,
 * it is over (ASVS 7.3). Reading and starting sessions is `app/operations`.
 */
const hour = 60 * 60_000;
const day = 24 * hour;

export const sessionLimits = {
  own: { idle: 14 * day, absolute: 60 * day },
  shared: { idle: hour, absolute: 8 * hour },
} as const;
