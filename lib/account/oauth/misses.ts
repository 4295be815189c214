import "server-only";
import type { Sender } from "@/lib/account/oauth/sender";
import { reserve, type Reservation } from "@/lib/limits/limits";

export type Miss = Reservation;

/**
 * Counts a refused code or token for its network. A right one is never counted, so an office that refreshes is never
 * limited, whoever guesses beside it.
 */
export const countMiss = ({ addressPrefix }: Sender): Promise<Miss> =>
  addressPrefix ? reserve("appMissPerNetwork", addressPrefix) : Promise.resolve({ allowed: true, last: false });

/** Counts an authorization request, which is stored, for its network. */
export const countRequest = (network: string | null): Promise<Reservation> =>
  network ? reserve("authorizationPerNetwork", network) : Promise.resolve({ allowed: true, last: false });
