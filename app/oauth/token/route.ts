import { secondsUntil } from "@/app/faults";
import { findClient } from "@/lib/account/oauth/clients";
import { currentTime } from "@/lib/clock";
import { answer, answerForm, missed, refusal, unavailable } from "../answer";
import { grants } from "../grants";

/** Gives an app tokens (RFC 6749, 3.2). */
export const POST = (request: Request): Promise<Response> =>
  answerForm(request, async (form, sender) => {
    const { grant_type: type, client_id: clientId } = form;
    if (!type || !clientId) return refusal("invalid_request", "Send grant_type and client_id.");
    if (!findClient(clientId)) return refusal("invalid_client", "This client is not registered.");
    const grant = Object.hasOwn(grants, type) ? grants[type] : undefined;
    if (!grant) return refusal("unsupported_grant_type", `Grants are: ${Object.keys(grants).join(", ")}.`);
    const granted = await grant(form, { clientId, sender, now: currentTime() });
    switch (granted.status) {
      case "granted": {
        const { accessToken, refreshToken, expiresIn } = granted.tokens;
        const tokens = { access_token: accessToken, refresh_token: refreshToken, expires_in: expiresIn };
        return answer({ ...tokens, token_type: "Bearer" });
      }
      case "limited":
        return unavailable(429, secondsUntil(granted.until));
      case "refused": {
        const { error, description, retryAfter } = granted;
        const refused = refusal(error, description, retryAfter === undefined ? {} : { retryAfter });
        return error === "invalid_grant" ? missed(sender, refused) : refused;
      }
    }
  });
