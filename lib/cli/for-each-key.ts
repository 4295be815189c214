import "server-only";
import { Failure } from "@/lib/cli/failure";
import { wholeNumber } from "@/lib/cli/progress";
import { readKeysFromInput } from "@/lib/cli/read-keys";
import { writeOut } from "@/lib/cli/standard-output";
import { stopSignal } from "@/lib/cli/stop-signal";
import { withDatabase } from "@/lib/cli/with-database";
import { keyHint, maskKey } from "@/lib/licence/product-key";

type Work = (
  key: string,
  means: { now: Date; lookupSecret: string },
) => Promise<{ known: boolean; /** For the operator. */ result: string }>;

/** Keys processed at once, so that PostgreSQL can flush several commits to disk together. */
const AT_ONCE = 10;

/**
 * Runs `work` on each key from standard input and writes one line per key, masked, in the order of the input.
 * @throws Failure when the process is asked to stop, or after the last key if any key was unknown
 */
export async function forEachKey(work: Work): Promise<void> {
  const keys = await readKeysFromInput();
  let unknown = 0;
  await withDatabase(async ({ lookupSecret }) => {
    for (let done = 0; done < keys.length; done += AT_ONCE) {
      if (stopSignal().aborted) throw new Failure(`Stopped after ${done} of ${keys.length} keys.`);
      const some = keys.slice(done, done + AT_ONCE);
      const results = await Promise.all(some.map((key) => work(key, { now: new Date(), lookupSecret })));
      unknown += results.filter(({ known }) => !known).length;
      await writeOut(some.map((key, at) => `${maskKey(keyHint(key))}  ${results[at]!.result}\n`).join(""));
    }
  });
  const all = wholeNumber.format(keys.length);
  if (unknown > 0) throw new Failure(`${wholeNumber.format(unknown)} of ${all} keys were never issued here.`);
  process.stderr.write(`${all} ${keys.length === 1 ? "key" : "keys"} done.\n`);
}
