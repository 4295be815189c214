import "server-only";

const waiting = new Map<string, Promise<unknown>>();

/**
 * Runs pieces of work with the same name one after the other within this process, in the order they came. With a limit
 * that counts afterwards, no more than one attempt per process is under way when the limit is reached.
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
