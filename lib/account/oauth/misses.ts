import "server-only";
import type { Sender } from "@/lib/http/sender";
import { reserve, type Reservation } from "@/lib/limits/limits";

/**
 * Counts a refused code or token for its network. A right one is never counted, so an office that refreshes is never
 * limited, whoever guesses beside it.
 */
export const countMiss = ({ addressPrefix }: Sender): Promise<Reservation> =>
  addressPrefix ? reserve("appMissPerNetwork", addressPrefix) : Promise.resolve({ allowed: true, last: false });
