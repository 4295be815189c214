import "server-only";
import { fstatSync, fsync, readSync, statSync, write } from "node:fs";
import { setTimeout as pause } from "node:timers/promises";
import { promisify } from "node:util";
import { Failure } from "@/lib/cli/failure";
import { stopSignal } from "@/lib/cli/stop-signal";

const STANDARD_OUTPUT = 1;
const writeSome = promisify(write);

/**
 * Writes to standard output and waits until the operating system has accepted all of it, however slow the reader is.
 * It avoids `process.stdout`, which treats a partial write to a full disk as complete.
 * @throws Failure when the output is closed or full, or when the process is asked to stop meanwhile
 */
export async function writeOut(text: string): Promise<void> {
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length;) at += await unlessStopped(writeFrom(bytes, at));
}

/**
 * Waits until the written data is on disk. For a pipe or a terminal it does nothing.
 * @throws Failure when the data did not reach the disk
 */
export async function flushOut(): Promise<void> {
  if (!fstatSync(STANDARD_OUTPUT).isFile()) return;
  await promisify(fsync)(STANDARD_OUTPUT).catch((error: unknown) => {
    throw outputFailure(error);
  });
}

/**
 * Checks that the process was started with a standard output. If it was closed, Node.js has opened /dev/null in its
 * place for reading and writing. A deliberate `>/dev/null` is opened for writing only.
 * @throws Failure when standard output is closed
 */
export function requireOutput(): void {
  if (process.platform === "win32") return;
  const output = fstatSync(STANDARD_OUTPUT);
  if (!output.isCharacterDevice() || output.rdev !== statSync("/dev/null").rdev) return;
  try {
    readSync(STANDARD_OUTPUT, Buffer.alloc(1));
  } catch {
    return;
  }
  throw new Failure("Standard output is closed.");
}

async function writeFrom(bytes: Buffer, at: number): Promise<number> {
  try {
    return (await writeSome(STANDARD_OUTPUT, bytes, at)).bytesWritten;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EAGAIN") throw outputFailure(error);
    // Another program made the shared pipe non-blocking, and the pipe is full.
    await pause(10);
    return 0;
  }
}

function outputFailure(error: unknown): Failure {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === "EPIPE") return new Failure("Standard output was closed before everything was written.");
  if (code === "ENOSPC") return new Failure("There is no room for the output: the disk is full.");
  return new Failure(`Standard output failed: ${message}.`);
}

async function unlessStopped<T>(work: Promise<T>): Promise<T> {
  const signal = stopSignal();
  let stop = () => {};
  const stopped = new Promise<never>((_, reject) => {
    stop = () => reject(new Failure("The command was stopped."));
    if (signal.aborted) stop();
    signal.addEventListener("abort", stop);
  });
  return Promise.race([work, stopped]).finally(() => signal.removeEventListener("abort", stop));
}
