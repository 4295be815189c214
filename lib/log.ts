import "server-only";
import { pino, type Logger, type LoggerOptions } from "pino";
import { env } from "@/lib/env";

/** Fields that must never reach a log line, whatever object they arrive in. */
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

/** The process's logger: JSON lines on standard output, secrets redacted by field name at the top and one level below. */
export function log(): Logger {
  return (shared.portalLog ??= pino(optionsFor(env().logLevel)));
}

/** For a command: its standard output belongs to its result, so what is logged goes to standard error. */
export function logToStandardError(level: string): void {
  shared.portalLog = pino(optionsFor(level), pino.destination(2));
}

// Next evaluates a module once per bundle, so the one logger hangs on the process.
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
