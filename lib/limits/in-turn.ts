import "server-only";

type Queue = { running: number; waiting: (() => void)[] };

const queues = new Map<string, Queue>();

/**
 * Runs tasks with the same name in order of arrival, at most `width` of them at once within this process. With one at
 * once, no parallel burst of a process exceeds a limit that is counted after the attempt.
 */
export async function inTurn<T>(name: string, work: () => Promise<T>, width = 1): Promise<T> {
  const queue = queues.get(name) ?? { running: 0, waiting: [] };
  queues.set(name, queue);
  if (queue.running < width) queue.running++;
  else await new Promise<void>((start) => queue.waiting.push(start));
  try {
    return await work();
  } finally {
    // The next one takes this one's place.
    const next = queue.waiting.shift();
    if (next) next();
    else if (--queue.running === 0) queues.delete(name);
  }
}
