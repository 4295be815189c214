import { randomBytes } from "node:crypto";
import { z } from "zod";
import { claimHandoff } from "@/lib/account/handoff/claim-handoff";
import { currentTime } from "@/lib/clock";
import { methodRefused } from "@/lib/http/problem";
import { deviceShape } from "@/lib/licence/devices/device-shape";
import { answer, challenge } from "../../answer";

type Given = { params: Promise<{ code: string }> };

const claim = z.strictObject({ clientId: z.string().min(1).max(64), challenge, device: deviceShape });

/** Claims a code for a device. */
export async function POST(request: Request, { params }: Given): Promise<Response> {
  return answer((await params).code, async (code) => {
    const asked = claim.safeParse(await request.json().catch(() => null));
    if (!asked.success) return { refused: "invalidRequest" };
    const userAgent = request.headers.get("user-agent")?.slice(0, 300) ?? null;
    const sender = { addressPrefix: request.headers.get("x-client-network"), userAgent };
    const claimed = await claimHandoff({ code, ...asked.data }, { now: currentTime(), sender, randomBytes });
    switch (claimed.status) {
      case "claimed":
        return claimed;
      case "unknown":
        return { refused: "handoffUnknown" };
      case "usedByAnother":
        return { refused: "handoffUsedByAnother" };
      case "unknownClient":
        return { refused: "unknownClient" };
      case "limited":
        return { refused: "tooManyCodes", until: claimed.until };
    }
  });
}

const refused = methodRefused("POST");
export { refused as GET, refused as PUT, refused as PATCH, refused as DELETE };
