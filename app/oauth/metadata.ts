import { env } from "@/lib/env";
import { grants } from "./grants";

/** Seconds for which a copy may be used. */
const MAX_AGE = 300;

/**
 * What an app must know to sign people in (RFC 8414). The portal is no OpenID provider, but AppAuth insists on three fields
 * of one.
 */
export function metadata(): Response {
  const { authUrl } = env();
  const none = ["none"];
  const document = {
    issuer: authUrl,
    authorization_endpoint: `${authUrl}/oauth/authorize`,
    token_endpoint: `${authUrl}/oauth/token`,
    revocation_endpoint: `${authUrl}/oauth/revoke`,
    jwks_uri: `${authUrl}/.well-known/jwks.json`,
    response_types_supported: ["code"],
    response_modes_supported: ["query"],
    grant_types_supported: Object.keys(grants),
    code_challenge_methods_supported: ["S256"],
    token_endpoint_auth_methods_supported: none,
    revocation_endpoint_auth_methods_supported: none,
    authorization_response_iss_parameter_supported: true,
    request_parameter_supported: false,
    request_uri_parameter_supported: false,
    subject_types_supported: ["public"],
    id_token_signing_alg_values_supported: ["EdDSA"],
    ui_locales_supported: ["en", "fr"],
    service_documentation: `${authUrl}/api`,
  };
  return new Response(JSON.stringify(document), {
    headers: { "Content-Type": "application/json", "Cache-Control": `public, max-age=${MAX_AGE}` },
  });
}
