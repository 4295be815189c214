import { useRef, useState, type FormEvent } from "react";
import { Button } from "@/components/button";
import { ProductKeyField } from "@/components/product-key-field";
import { keyIn, readKey } from "@/lib/licence/product-key";
import { formatEnd } from "@/lib/messages/dates";
import { fill } from "@/lib/messages/fill";
import { keyFault } from "@/lib/messages/key-fault";
import { useOutcome, usePhone } from "./context";
import { AccountLine, RadioCard, ScreenFrame, Stack } from "./parts";
import { call, secret } from "../portal/client";
import type { Preview, Redemption } from "../portal/types";
import { zoneHere } from "./zone-here";

type Seen = { typed: string; preview: Preview };

/** *Enter a product key* and *Enter a partner code*: the field, what it gives, and the person's choice. */
export function KeyScreen({ kind }: { kind: "productKey" | "partnerCode" }) {
  const { words, pending, locale } = usePhone();
  const outcome = useOutcome();
  const [typed, setTyped] = useState("");
  const [error, setError] = useState<string>();
  const [seen, setSeen] = useState<Seen | null>(null);
  const label = words[kind === "productKey" ? "key" : "partner"];

  const look = async (key: string) => {
    const preview = outcome(await call<Preview>("/api/v1/keys/preview", { method: "POST", body: { key } }));
    if (preview) setSeen({ typed: key, preview });
  };
  const verify = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const { submitter } = event.nativeEvent as SubmitEvent;
    const form = new FormData(event.currentTarget, submitter);
    const text = String(form.get("use") ?? form.get("key"));
    setTyped(text);
    const reading = readKey(text);
    const fault = keyFault(reading, words.answer, locale);
    setError(fault ?? undefined);
    if (!fault) await look(keyIn(reading) ?? text);
  };

  if (seen) return <ReviewScreen {...seen} again={() => look(seen.typed)} back={() => setSeen(null)} />;
  return (
    <ScreenFrame title={label.title} back>
      <form onSubmit={(event) => void verify(event)} noValidate className="mt-5">
        <ProductKeyField
          words={{ answer: words.answer, label: label.label, hint: label.hint, submit: words.key.submit, pending }}
          locale={locale}
          error={error}
          defaultValue={typed}
        />
      </form>
    </ScreenFrame>
  );
}

/** What the key gives, and what to do with it. Nothing is spent before. */
function ReviewScreen({ typed, preview, again, back }: Seen & { again: () => Promise<void>; back: () => void }) {
  const { words, locale, go, say } = usePhone();
  const outcome = useOutcome();
  const [isKept, setKept] = useState(false);
  /** An attempt whose answer was lost. Repeated as it was, it has one effect; anything else is a new attempt. */
  const lost = useRef<{ body: string; repeatKey: string }>(null);
  if (preview.kind === "alreadyYours" || isKept) {
    return (
      <ScreenFrame title={isKept ? words.review.kept : words.review.yours}>
        <Stack>
          <Button onClick={() => go("subscriptions", "replace")}>{words.unprotected.choose}</Button>
        </Stack>
      </ScreenFrame>
    );
  }

  const redeem = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const choice = new FormData(event.currentTarget).get("choice");
    const shown = preview.kind === "productKey" && { choice, version: preview.version };
    const body = { key: typed, ...shown };
    const attempt = { body: JSON.stringify(body), repeatKey: secret() };
    if (lost.current?.body !== attempt.body) lost.current = attempt;
    const request = { method: "POST", repeatKey: lost.current.repeatKey, body } as const;
    const answer = await call<Redemption>("/api/v1/keys/redemptions", request);
    if (answer.status !== "offline") lost.current = null;
    if (answer.status === "refused" && answer.problem.code === "previewChanged") {
      await again();
      return say(words.problems.previewChanged);
    }
    const redeemed = outcome(answer);
    if (redeemed?.result === "kept") setKept(true);
    else if (redeemed) go("subscriptions", "replace");
  };

  return (
    <ScreenFrame title={words.review.title}>
      <AccountLine />
      <form onSubmit={(event) => void redeem(event)} className="mt-5">
        <p className="font-bold">{words.brand.products[preview.product]}</p>
        <p className="text-soft">
          {preview.kind === "partnerCode"
            ? fill(words.provided, { partner: preview.partner })
            : fill(words.review.devices, { seats: preview.seats })}
        </p>
        {preview.kind === "productKey" && (
          <fieldset className="mt-4">
            <legend className="sr-only">{words.review.title}</legend>
            {preview.choices.map((one, index) => (
              <RadioCard key={one.choice} name="choice" value={one.choice} isChosen={index === 0}>
                <span className="block font-bold">{words.review[one.choice]}</span>
                {"endsAt" in one && (
                  <span className="block text-small text-soft">
                    {fill(words.until, { date: formatEnd(new Date(one.endsAt), locale, zoneHere()) })}
                  </span>
                )}
              </RadioCard>
            ))}
          </fieldset>
        )}
        <Stack>
          <Button type="submit">{words.review.activate}</Button>
          <Button variant="quiet" onClick={back}>
            {words.back}
          </Button>
        </Stack>
      </form>
    </ScreenFrame>
  );
}
