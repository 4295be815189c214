import {
  startAuthentication,
  WebAuthnAbortService,
  type PublicKeyCredentialRequestOptionsJSON,
} from "@simplewebauthn/browser";
import { outcomeOf, type PasskeyOutcome } from "@/components/passkey-outcome";

/**
 * Has the browser have a device prove a passkey. Only one proof is asked for at a time: a new one breaks off the one before.
 * @param inField offered beside what the browser knows for the page's field, for as long as the page is open
 */
export const provePasskey = (
  options: PublicKeyCredentialRequestOptionsJSON,
  inField = false,
): Promise<PasskeyOutcome> =>
  outcomeOf(startAuthentication({ optionsJSON: options, useBrowserAutofill: inField }), "passkey.notUsed");

/** Breaks off what is being asked for, if anything is. */
export const breakOff = (): void => WebAuthnAbortService.cancelCeremony();
