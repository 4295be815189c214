import "server-only";
import { CommanderError } from "commander";
import { isUnavailable } from "@/lib/db/unavailable";
import { ConfigurationError } from "@/lib/configuration-error";

/** 0: done. 1: not done. 2: the command was written wrongly, and nothing was tried. */
type ExitCode = 0 | 1 | 2;

/** What the person who gave the command is told, in one line without a stack. */
export class Failure extends Error {
  constructor(
    message: string,
    readonly exitCode: ExitCode = 1,
  ) {
    super(message);
    this.name = "Failure";
  }
}

/** Does the whole work of a process; what ends it early is told on standard error and becomes the exit code. */
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
  // Commander has said its part itself.
  if (error instanceof CommanderError) return { text: "", exitCode: error.exitCode === 0 ? 0 : 2 };
  if (error instanceof Failure) return { text: error.message, exitCode: error.exitCode };
  if (error instanceof ConfigurationError) return { text: error.message, exitCode: 1 };
  const reason = innermost(error);
  return { text: isUnavailable(error) ? `The database cannot be reached: ${reason}` : reason, exitCode: 1 };
}

/** What went wrong at first. Those who passed it on repeat statements and their values, which nobody needs to see. */
function innermost(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error.cause instanceof Error) return innermost(error.cause);
  return error.message || (error as NodeJS.ErrnoException).code || error.name;
}
