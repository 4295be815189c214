import "server-only";
import { CommanderError } from "commander";
import { causes, isUnavailable } from "@/lib/db/unavailable";
import { ConfigurationError } from "@/lib/configuration-error";

/** 0: success. 1: failure. 2: wrong usage, nothing was tried. */
type ExitCode = 0 | 1 | 2;

/** An error whose message the operator sees in one line, without a stack trace. */
export class Failure extends Error {
  constructor(
    message: string,
    readonly exitCode: ExitCode = 1,
  ) {
    super(message);
    this.name = "Failure";
  }
}

/** Runs the whole work of a process. Prints an error on standard error and turns it into the exit code. */
export async function reportFailure(work: () => Promise<number | void>): Promise<void> {
  try {
    process.exitCode = (await work()) ?? 0;
  } catch (error) {
    const { text, exitCode } = explain(error);
    if (text) process.stderr.write(`${text}\n`);
    process.exitCode = exitCode;
  }
}

function explain(error: unknown): { text: string; exitCode: ExitCode } {
  // Commander has already printed its message.
  if (error instanceof CommanderError) return { text: "", exitCode: error.exitCode === 0 ? 0 : 2 };
  if (error instanceof Failure) return { text: error.message, exitCode: error.exitCode };
  if (error instanceof ConfigurationError) return { text: error.message, exitCode: 1 };
  const reason = innermost(error);
  if (codes(error).some((code) => ["28P01", "28000", "3D000"].includes(code)))
    return { text: `DATABASE_URL does not open a database: ${reason}`, exitCode: 1 };
  return { text: isUnavailable(error) ? `The database cannot be reached: ${reason}` : reason, exitCode: 1 };
}

const codes = (error: unknown): string[] => causes(error).map(({ code }) => code);

/** The message of the original error. The errors around it repeat SQL statements and their values. */
function innermost(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error.cause instanceof Error) return innermost(error.cause);
  return error.message || (error as NodeJS.ErrnoException).code || error.name;
}
