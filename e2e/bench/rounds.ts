/** Takes one measurement. @returns operations per second, without the setup */
export type Side = () => Promise<number>;

export type Sides = { own: Side; floor: Side };

export type Row<Context> = {
  name: string;
  /** The baseline that the rate is divided by. */
  floor: string;
  /** The lowest acceptable ratio. */
  target?: number;
  /** Slow to prepare, so a quick run leaves it out. */
  heavy?: boolean;
  /** Prepares the measurement. */
  prepare(context: Context): Promise<Sides>;
};

/** `ratios` holds one ratio per round, so that a busy machine slows both sides alike. */
export type Result = { own: number[]; floor: number[]; ratios: number[] };

/** Measures floor and row alternately. The first round is a warm-up and not counted. */
export async function interleave({ own, floor }: Sides, rounds: number): Promise<Result> {
  const result: Result = { own: [], floor: [], ratios: [] };
  for (let round = 0; round <= rounds; round++) {
    const [ofFloor, ofOwn] = [await floor(), await own()];
    if (round === 0) continue;
    result.floor.push(ofFloor);
    result.own.push(ofOwn);
    result.ratios.push(ofOwn / ofFloor);
  }
  return result;
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  return sorted.length % 2 ? sorted[Math.floor(middle)]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/** Concurrent clients in every row. */
export const CLIENTS = 8;

/** Runs every job once, {@link CLIENTS} at a time. @returns jobs per second */
export async function each<T>(jobs: readonly T[], run: (job: T) => Promise<unknown>): Promise<number> {
  const waiting = jobs.values();
  const began = performance.now();
  await atOnce(async () => {
    for (const job of waiting) await run(job);
  });
  return perSecond(jobs.length, began);
}

/** Runs jobs in rotation, {@link CLIENTS} at a time, for `milliseconds`. @returns jobs per second */
export async function during<T>(ms: number, jobs: readonly T[], run: (job: T) => Promise<unknown>): Promise<number> {
  const began = performance.now();
  let done = 0;
  await atOnce(async () => {
    while (performance.now() - began < ms) await run(jobs[done++ % jobs.length]!);
  });
  return perSecond(done, began);
}

const atOnce = (client: () => Promise<void>) => Promise.all(Array.from({ length: CLIENTS }, client));

export const perSecond = (count: number, began: number): number => (count * 1000) / (performance.now() - began);
