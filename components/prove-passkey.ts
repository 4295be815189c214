import {
  startAuthentication,
  WebAuthnAbortService,
  type PublicKeyCredentialRequestOptionsJSON,
} from "@simplewebauthn/browser";
import { outcomeOf, type PasskeyOutcome } from "@/components/passkey-outcome";

/**
 * Asks the browser to sign with a passkey. Only one request is open at a time: a new one aborts the previous one.
 * @param inField offers passkeys in the page's field for as long as the page is open
 */
export const provePasskey = (
  options: PublicKeyCredentialRequestOptionsJSON,
  inField = false,
): Promise<PasskeyOutcome> =>
  outcomeOf(startAuthentication({ optionsJSON: options, useBrowserAutofill: inField }), "passkey.notUsed");

/** Aborts the open request, if there is one. */
export const breakOff = (): void => WebAuthnAbortService.cancelCeremony();
