import { findClaim } from "@/lib/account/handoff/claim-handoff";
import { currentTime } from "@/lib/clock";
import { methodRefused } from "@/lib/http/problem";
import { answer, challenge } from "../answer";

type Given = { params: Promise<{ code: string }> };

/** Tells the device that claimed a code how it goes on. */
export async function GET(request: Request, { params }: Given): Promise<Response> {
  return answer((await params).code, async (code) => {
    const asked = challenge.safeParse(new URL(request.url).searchParams.get("challenge"));
    if (!asked.success) return { refused: "invalidRequest" };
    const network = request.headers.get("x-client-network");
    const found = await findClaim({ code, challenge: asked.data }, { now: currentTime(), network });
    switch (found.status) {
      case "claimed":
        return found;
      case "unknown":
        return { refused: "handoffUnknown" };
      case "limited":
        return { refused: "tooManyCodes", until: found.until };
    }
  });
}

const refused = methodRefused("GET, HEAD");
export { refused as POST, refused as PUT, refused as PATCH, refused as DELETE };
