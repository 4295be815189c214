"use client";

import type {
  PublicKeyCredentialCreationOptionsJSON,
  PublicKeyCredentialRequestOptionsJSON,
} from "@simplewebauthn/browser";
import { useEffect, useEffectEvent, useRef, useState } from "react";
import { Button } from "@/components/button";
import type { Fault } from "@/components/form-state";
import { LookAgainIcon, PasskeyIcon } from "@/components/icons";
import type { PasskeyOutcome } from "@/components/passkey-outcome";
import { usePasskeySupport } from "@/components/passkey-support";
import { faultText, type ErrorWords } from "@/lib/messages/fault-text";
import type { Locale } from "@/lib/messages/locale";

/** What a device is to be asked, or why it is not. */
export type Offer<Options> = { options: Options } | { fault: Fault };
export type NewPasskeyOffer = Offer<PublicKeyCredentialCreationOptionsJSON>;
export type ProofOffer = Offer<PublicKeyCredentialRequestOptionsJSON>;
/** Why an answer was not taken; one that was leads on. */
export type PasskeyAnswer = { fault: Fault };

type PasskeyButtonProps = {
  /** Finds the device's answer in its form under `answer`. */
  finish: (form: FormData) => Promise<PasskeyAnswer>;
  /** What else the two actions find in their form. */
  fields?: Record<string, string>;
  variant?: "primary" | "quiet";
  words: { locale: Locale; label: string; pending: string; errors: ErrorWords };
} & (
  | { kind: "make"; begin: (form: FormData) => Promise<NewPasskeyOffer>; inField?: never }
  /** `inField`: passkeys are offered beside the page's field with `webauthn` in its `autocomplete` too. */
  | { kind: "prove"; begin: (form: FormData) => Promise<ProofOffer>; inField?: boolean }
);

/**
 * A button that has a device make a passkey or prove one. It shows itself when it can do something: not without scripts, nor
 * in a browser that knows no passkeys. What becomes of it is said below; nothing else on the page changes.
 */
export function PasskeyButton({ kind, begin, finish, fields = {}, inField, variant, words }: PasskeyButtonProps) {
  const isSupported = usePasskeySupport();
  const [isPending, setPending] = useState(false);
  const [note, setNote] = useState("");
  /** What is offered in the field and was not answered yet: fetched once, and offered again when the button led nowhere. */
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

  /** Takes the device's answer to the server, which leads on, or says why not. */
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
        // Nobody has asked for this one, so nobody is told.
        if ("fault" in offer) return;
        offered.current = offer.options;
      }
      const outcome = await provePasskey(offered.current, true);
      if (!("answer" in outcome)) return;
      offered.current = undefined;
      const fault = await bring(outcome.answer);
      say(fault);
      // The page was open for longer than what it had to offer lasts.
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
            {note}
          </p>
        ) : (
          isPending && <span className="sr-only">{words.pending}</span>
        )}
      </div>
    </div>
  );
}

/** An action that leads to another page ends as an error of the framework's, while the page is on its way. */
const isLeadingOn = (error: unknown): boolean =>
  String((error as { digest?: unknown } | null)?.digest).startsWith("NEXT_REDIRECT");
