import "server-only";

/** Seconds. A session ends after `idle` without use, and after `absolute` at the latest. */
export const SESSION_LIFETIME = { idle: 30 * 86_400, absolute: 90 * 86_400 };
