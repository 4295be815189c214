import "server-only";
import type { AuthorizationRequest } from "@/lib/account/oauth/authorization-requests";
import { findClient, isRegistered } from "@/lib/account/oauth/clients";
import { cleanDeviceName } from "@/lib/account/oauth/device-name";
import { answerUri } from "@/lib/account/oauth/answer-uri";

type Parameters = Record<string, string | string[] | undefined>;

/** Errors that an app is told at its redirect URI (RFC 6749, 4.1.2.1). */
export type AuthorizationError =
  | "invalid_request"
  | "unsupported_response_type"
  | "access_denied"
  | "temporarily_unavailable"
  | "interaction_required";

type Read =
  | { status: "asked"; request: AuthorizationRequest }
  /** The app is told at its redirect URI. */
  | { status: "refused"; uri: string }
  /** Nobody can be told but the person: the address to answer at is not known to be the app's. */
  | { status: "unknownApp" }
  | { status: "unknownAddress"; app: string };

/** A `state`: printable ASCII (RFC 6749, A.5). The database could not store all other characters. */
const STATE = /^[\x20-\x7e]{0,1000}$/;

/** Reads what an app asks for at `/oauth/authorize` (RFC 6749, 4.1.1, with RFC 7636). Its scope does not matter. */
export function readAuthorization(given: Parameters): Read {
  const client = typeof given.client_id === "string" ? findClient(given.client_id) : null;
  if (!client) return { status: "unknownApp" };
  const redirectUri = given.redirect_uri;
  if (typeof redirectUri !== "string" || !isRegistered(client, redirectUri))
    return { status: "unknownAddress", app: client.name };

  const state = typeof given.state === "string" && STATE.test(given.state) ? given.state : null;
  const refused = (error: AuthorizationError) =>
    ({ status: "refused", uri: answerUri({ redirectUri, state }, { error }) }) as const;
  const isRepeated = Object.values(given).some((value) => Array.isArray(value));
  if (isRepeated || given.response_type === undefined || (given.state ?? null) !== state)
    return refused("invalid_request");
  if (given.response_type !== "code") return refused("unsupported_response_type");
  if (given.prompt === "none") return refused("interaction_required");
  const { code_challenge: codeChallenge, code_challenge_method: method, response_mode: mode = "query" } = given;
  // Without a method the challenge would be the verifier itself.
  if (typeof codeChallenge !== "string" || !/^[A-Za-z0-9_-]{43}$/.test(codeChallenge))
    return refused("invalid_request");
  if (method !== "S256" || mode !== "query") return refused("invalid_request");
  const deviceName = cleanDeviceName(typeof given.device_name === "string" ? given.device_name : "");
  return { status: "asked", request: { clientId: client.id, redirectUri, state, codeChallenge, deviceName } };
}
