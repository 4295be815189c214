import "server-only";
import { pino, type Logger, type LoggerOptions } from "pino";
import { env } from "@/lib/env";

/** Field names whose values never reach a log line, in whatever object they are. */
const secretFields = [
  "key",
  "password",
  "currentPassword",
  "newPassword",
  "token",
  "reference",
  "cookie",
  "authorization",
  "email",
];

/**
 * The process's logger: JSON lines on standard output. It redacts secrets by field name, at the top and one level
 * below.
 */
export function log(): Logger {
  return (shared.portalLog ??= pino(optionsFor(env().logLevel)));
}

/** For commands: standard output is for the result, so the log goes to standard error. */
export function logToStandardError(level: string): void {
  shared.portalLog = pino(optionsFor(level), pino.destination(2));
}

// Next.js evaluates a module once per bundle, so the one logger is stored on globalThis.
const shared = globalThis as { portalLog?: Logger };

const optionsFor = (level: string): LoggerOptions => ({
  level,
  redact: { paths: secretFields.flatMap((field) => [field, `*.${field}`]), censor: "[redacted]" },
  serializers: { err: describeError },
});

function describeError(error: unknown): unknown {
  if (!(error instanceof Error)) return { type: typeof error };
  const { name, stack, code, digest } = error as Error & { code?: string; digest?: string };
  return { type: name, code, digest, stack, cause: error.cause && describeError(error.cause) };
}
