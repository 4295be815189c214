import { randomBytes } from "node:crypto";
import type { AppTokens } from "@/lib/account/oauth/app-tokens";
import { exchangeCode } from "@/lib/account/oauth/exchange-code";
import { refresh } from "@/lib/account/oauth/refresh";
import type { Sender } from "@/lib/account/oauth/sender";
import type { AppForm, OAuthError } from "./answer";

type Granted =
  | { status: "granted"; tokens: AppTokens }
  /** `retryAfter`: seconds. */
  | { status: "refused"; error: OAuthError; description: string; retryAfter?: number }
  | { status: "limited"; until: Date };

type Means = { clientId: string; sender: Sender; now: Date };

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
};

const missing = (what: string): Granted => ({
  status: "refused",
  error: "invalid_request",
  description: `Send ${what}.`,
});
const over = (description: string): Granted => ({ status: "refused", error: "invalid_grant", description });
