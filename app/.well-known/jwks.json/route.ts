import { statuses } from "@/app/statuses";
import { isOutage } from "@/lib/db/outage";
import { methodRefused, problem } from "@/lib/http/problem";
import { getPublicKeys } from "@/lib/licence/sign-claims";

/** Seconds for which a copy may be used. A new key signs at once, so it is short. */
const MAX_AGE = 300;

/** The public keys that verify certificates, as a JWK Set (RFC 7517). Scripts of any site may read it. */
export async function GET(): Promise<Response> {
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
    return problem({ status: statuses.request.unavailable, detail: "Try again later." });
  }
}

const refused = methodRefused("GET, HEAD");

export { refused as POST, refused as PUT, refused as PATCH, refused as DELETE, refused as OPTIONS };
