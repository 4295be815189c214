import { startRegistration, type PublicKeyCredentialCreationOptionsJSON } from "@simplewebauthn/browser";
import { outcomeOf, type PasskeyOutcome } from "@/components/passkey-outcome";

/** Has the browser have a device make a passkey. */
export const makePasskey = (options: PublicKeyCredentialCreationOptionsJSON): Promise<PasskeyOutcome> =>
  outcomeOf(startRegistration({ optionsJSON: options }), "passkey.notMade");
