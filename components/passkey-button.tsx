"use client";

import type {
  PublicKeyCredentialCreationOptionsJSON,
  PublicKeyCredentialRequestOptionsJSON,
} from "@simplewebauthn/browser";
import { useEffect, useEffectEvent, useRef, useState } from "react";
import { Button } from "@/components/button";
import type { Fault } from "@/components/form-state";
import { Icon, LookAgainIcon } from "@/components/icons";
import type { PasskeyOutcome } from "@/components/passkey-outcome";
import { usePasskeySupport } from "@/components/passkey-support";
import { faultText, type ErrorWords } from "@/lib/messages/fault-text";
import type { Locale } from "@/lib/messages/locale";

/** The options for the device, or the reason why there are none. */
export type Offer<Options> = { options: Options } | { fault: Fault };
export type NewPasskeyOffer = Offer<PublicKeyCredentialCreationOptionsJSON>;
export type ProofOffer = Offer<PublicKeyCredentialRequestOptionsJSON>;
/** Why the server rejected an answer. After an accepted one the server redirects. */
export type PasskeyAnswer = { fault: Fault };

type PasskeyButtonProps = {
  /** Server action. It reads the device's answer from the form field `answer`. */
  finish: (form: FormData) => Promise<PasskeyAnswer>;
  /** Other fields for the two actions. */
  fields?: Record<string, string>;
  variant?: "primary" | "quiet";
  words: { locale: Locale; label: string; pending: string; errors: ErrorWords };
} & (
  | { kind: "make"; begin: (form: FormData) => Promise<NewPasskeyOffer>; inField?: never }
  /** `inField`: also offer passkeys in the page's field that has `webauthn` in its `autocomplete`. */
  | { kind: "prove"; begin: (form: FormData) => Promise<ProofOffer>; inField?: boolean }
);

/**
 * A button that creates a passkey or signs with one. It is hidden without JavaScript and in browsers without passkeys.
 * A line below it reports the result.
 */
export function PasskeyButton({ kind, begin, finish, fields = {}, inField, variant, words }: PasskeyButtonProps) {
  const isSupported = usePasskeySupport();
  const [isPending, setPending] = useState(false);
  const [note, setNote] = useState("");
  /**
   * The options offered in the field and not answered yet. They are fetched once and offered again when the button led
   * nowhere.
   */
  const offered = useRef<PublicKeyCredentialRequestOptionsJSON>(undefined);

  const form = (more: Record<string, string> = {}) => {
    const data = new FormData();
    for (const [name, value] of Object.entries({ ...fields, ...more })) data.set(name, value);
    return data;
  };
  const say = (fault: Fault | null) => {
    setPending(false);
    setNote(fault ? faultText(fault, words.errors, words.locale) : "");
  };

  async function ask(): Promise<PasskeyOutcome | { fault: Fault }> {
    if (kind === "make") {
      const [{ makePasskey }, offer] = await Promise.all([import("@/components/make-passkey"), begin(form())]);
      return "fault" in offer ? offer : makePasskey(offer.options);
    }
    const [{ provePasskey }, offer] = await Promise.all([import("@/components/prove-passkey"), begin(form())]);
    return "fault" in offer ? offer : provePasskey(offer.options);
  }

  /** Sends the device's answer to the server, which redirects or says why not. */
  async function bring(answer: string): Promise<Fault> {
    setPending(true);
    return (await finish(form({ answer }))).fault;
  }

  async function click() {
    if (isPending) return;
    setNote("");
    setPending(true);
    try {
      const outcome = await ask();
      if ("answer" in outcome) say(await bring(outcome.answer));
      else if ("fault" in outcome) say(outcome.fault);
      else say(outcome.code === null ? null : { code: outcome.code });
    } catch (error) {
      if (isLeadingOn(error)) return;
      say({ code: "unexpected" });
    }
    void offerInField();
  }

  async function offerInField(): Promise<void> {
    try {
      if (kind !== "prove" || !inField) return;
      if (!(await window.PublicKeyCredential?.isConditionalMediationAvailable?.())) return;
      const { provePasskey } = await import("@/components/prove-passkey");
      if (!offered.current) {
        const offer = await begin(form());
        // The person did not ask for this attempt, so report nothing.
        if ("fault" in offer) return;
        offered.current = offer.options;
      }
      const outcome = await provePasskey(offered.current, true);
      if (!("answer" in outcome)) return;
      offered.current = undefined;
      const fault = await bring(outcome.answer);
      say(fault);
      // The page was open for longer than its challenge is valid.
      if (fault.code === "passkey.expired") void offerInField();
    } catch (error) {
      if (!isLeadingOn(error)) say(null);
    }
  }

  const isOpen = useRef(false);
  const open = useEffectEvent(() => {
    if (isOpen.current) return;
    isOpen.current = true;
    void offerInField();
  });
  const close = useEffectEvent(() => {
    if (offered.current) void import("@/components/prove-passkey").then(({ breakOff }) => breakOff());
  });
  useEffect(() => {
    open();
    return () => close();
  }, []);

  if (isSupported === false) return null;
  return (
    <div className={isSupported ? undefined : "invisible noscript:hidden"}>
      <Button variant={variant} icon={<PasskeyIcon />} onClick={() => void click()}>
        {isPending ? words.pending : words.label}
      </Button>
      <div role="status" className="mt-3 empty:sr-only">
        {note ? (
          <p className="flex max-w-measure gap-2.5">
            <LookAgainIcon className="mt-1 size-5 text-amber" />
            <span>{note}</span>
          </p>
        ) : (
          isPending && <span className="sr-only">{words.pending}</span>
        )}
      </div>
    </div>
  );
}

/** Next.js ends a redirecting action with an error while the next page loads. */
const isLeadingOn = (error: unknown): boolean =>
  String((error as { digest?: unknown } | null)?.digest).startsWith("NEXT_REDIRECT");

const PasskeyIcon = () => (
  <Icon>
    <circle cx="7" cy="6" r="3" />
    <path d="M1.5 17v-1a5 5 0 0 1 5-5h1.2" />
    <circle cx="14.5" cy="9.5" r="2.8" />
    <path d="M14.5 12.3V18M14.5 15.5h2.3" />
  </Icon>
);
