import { startRegistration, type PublicKeyCredentialCreationOptionsJSON } from "@simplewebauthn/browser";
import { outcomeOf, type PasskeyOutcome } from "@/components/passkey-outcome";

/** Asks the browser to create a passkey on a device. */
export const makePasskey = (options: PublicKeyCredentialCreationOptionsJSON): Promise<PasskeyOutcome> =>
  outcomeOf(startRegistration({ optionsJSON: options }), "passkey.notMade");
