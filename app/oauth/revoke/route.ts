import { findClient } from "@/lib/account/oauth/clients";
import { revokeToken } from "@/lib/account/oauth/revoke-token";
import { currentTime } from "@/lib/clock";
import { answerForm, missed, refusal } from "../answer";

/** Signs an app out by one of its tokens (RFC 7009). An unknown token gets the same answer. */
export const POST = (request: Request): Promise<Response> =>
  answerForm(request, async ({ token, client_id: clientId }, sender) => {
    if (!token || !clientId) return refusal("invalid_request", "Send token and client_id.");
    if (!findClient(clientId)) return refusal("invalid_client", "This client is not registered.");
    const done = () => new Response(null, { status: 200, headers: { "Cache-Control": "no-store" } });
    const revoked = await revokeToken({ token, clientId, sender }, { now: currentTime() });
    return revoked ? done() : missed(sender, done());
  });
