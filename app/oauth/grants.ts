import { randomBytes } from "node:crypto";
import { exchangeHandoff } from "@/lib/account/handoff/exchange-handoff";
import { readHandoffCode } from "@/lib/account/handoff/handoff-code";
import type { AppTokens } from "@/lib/account/oauth/app-tokens";
import { exchangeCode } from "@/lib/account/oauth/exchange-code";
import { refresh } from "@/lib/account/oauth/refresh";
import type { Sender } from "@/lib/http/sender";
import type { AppForm, OAuthError } from "./answer";

type Granted =
  | { status: "granted"; tokens: AppTokens }
  /** `retryAfter`: seconds. */
  | { status: "refused"; error: OAuthError; description: string; retryAfter?: number }
  | { status: "limited"; until: Date };

type Means = { clientId: string; sender: Sender; now: Date };

/** The grant type of a code that another screen shows. Only this portal has it (RFC 6749, 4.5). */
const handoffGrant = "urn:setup-portal:grant-type:handoff";

/** How apps get tokens, by `grant_type`. The metadata lists them. */
export const grants: Readonly<Record<string, (form: AppForm, means: Means) => Promise<Granted>>> = {
  authorization_code: async ({ code, redirect_uri: redirectUri, code_verifier: codeVerifier }, { now, ...means }) => {
    if (!code || !redirectUri || !codeVerifier) return missing("code, redirect_uri and code_verifier");
    const tokens = await exchangeCode({ code, redirectUri, codeVerifier, ...means }, { now, randomBytes });
    return tokens ? { status: "granted", tokens } : over("The code is unknown, used, expired or not for this request.");
  },
  refresh_token: async ({ refresh_token: refreshToken }, { now, ...means }) => {
    if (!refreshToken) return missing("refresh_token");
    const answer = await refresh({ refreshToken, ...means }, { now });
    if (answer.status === "refreshed") return { status: "granted", tokens: answer.tokens };
    return answer.status === "limited"
      ? answer
      : over("The refresh token is unknown, spent or expired. Sign in again.");
  },
  [handoffGrant]: async ({ handoff_code: typed, code_verifier: verifier }, { now, ...means }) => {
    if (!typed || !verifier) return missing("handoff_code and code_verifier");
    const code = readHandoffCode(typed);
    const answer = code
      ? await exchangeHandoff({ code, verifier, clientId: means.clientId }, { now, sender: means.sender })
      : ({ status: "refused", fault: "expired_token" } as const);
    if (answer.status === "signedIn") return { status: "granted", tokens: answer.tokens };
    const { fault } = answer;
    const wait = fault === "slow_down" && { retryAfter: 5 };
    return { status: "refused", error: fault, description: handoffFaults[fault], ...wait };
  },
};

const handoffFaults = {
  authorization_pending: "Nobody has answered on the other screen yet.",
  slow_down: "Wait for five seconds, and then ask at most once a second.",
  access_denied: "The device was refused on the other screen.",
  expired_token: "The code is unknown or has expired. Show a new one.",
  invalid_grant: "The code is not claimed with this secret and client, or its tokens were fetched before.",
} as const satisfies Partial<Record<OAuthError, string>>;

const missing = (what: string): Granted => ({
  status: "refused",
  error: "invalid_request",
  description: `Send ${what}.`,
});
const over = (description: string): Granted => ({ status: "refused", error: "invalid_grant", description });
