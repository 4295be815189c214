import "server-only";

const waiting = new Map<string, Promise<unknown>>();

/**
 * Runs tasks with the same name one after the other within this process, in order of arrival. Where a limit is counted
 * after the attempt, at most one attempt per process is running when the limit is reached.
 */
export async function inTurn<T>(name: string, work: () => Promise<T>): Promise<T> {
  const before = waiting.get(name);
  const mine = before ? before.then(work, work) : work();
  waiting.set(name, mine);
  try {
    return await mine;
  } finally {
    if (waiting.get(name) === mine) waiting.delete(name);
  }
}
