import { methods, problem } from "@/app/api/serving/answer";
import { refuse } from "@/app/api/serving/problems";
import { isOutage } from "@/lib/db/outage";
import { getPublicKeys } from "@/lib/licence/sign-claims";

/** Seconds for which a copy may be used. A new key signs at once, so it is short. */
const MAX_AGE = 300;

/** The public keys that verify certificates and entitlements, as a JWK Set (RFC 7517). Scripts of any site may read it. */
async function getJwks(): Promise<Response> {
  try {
    return new Response(JSON.stringify(await getPublicKeys()), {
      headers: {
        "Content-Type": "application/jwk-set+json",
        "Cache-Control": `public, max-age=${MAX_AGE}`,
        "Access-Control-Allow-Origin": "*",
      },
    });
  } catch (error) {
    if (!isOutage(error)) throw error;
    return problem(refuse("unavailable"));
  }
}

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = methods({ GET: getJwks });
