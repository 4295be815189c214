"use client";

import { startTransition, useActionState, useEffect, useRef, useState } from "react";
import { Button } from "@/components/button";
import { CopyIcon, EyeIcon } from "@/components/icons";
import { KeyMask } from "@/components/key-mask";
import { KeyText } from "@/components/key-text";
import { formatKey } from "@/lib/licence/product-key";

/**
 * The server's answer to a request to show a key. `key` is canonical. `confirm` means the password is needed first: the
 * script goes to that page, and browsers without JavaScript get a link.
 */
export type RevealState =
  { status: "hidden" } | { status: "shown"; key: string } | { status: "confirm"; href: string } | { status: "failed" };

type CopyKeyProps = {
  /** The key's last group. */
  hint: string;
  /** Server action. It reads `keyId` from its form. *Copy* waits for its answer. */
  reveal: (before: RevealState, form: FormData) => Promise<RevealState>;
  /** The database id of the key, never the key itself. */
  keyId: string;
  /** Its owner asked for it, and has confirmed their password since. */
  isWanted: boolean;
  words: CopyKeyWords;
};

export type CopyKeyWords = Record<
  "label" | "show" | "hide" | "copy" | "copied" | "notCopied" | "failed" | "confirm" | "confirmLink" | "confirmed",
  string
>;

/**
 * A masked key that can be shown and copied. Copying does not show the key. Without JavaScript there is only *Show*.
 * One status line, always present and empty at first, announces the result.
 */
export function CopyKey({ hint, reveal, keyId, isWanted, words }: CopyKeyProps) {
  const [answer, show] = useActionState(reveal, { status: "hidden" });
  const [hidden, setHidden] = useState<RevealState>();
  const [note, setNote] = useState("");
  const shown = answer.status === "shown" && answer !== hidden ? answer.key : null;

  useEffect(() => {
    if (answer.status === "confirm") window.location.assign(answer.href);
  }, [answer]);

  const copyButton = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    if (!isWanted) return;
    // Reloading the page must not show the key again.
    window.history.replaceState(window.history.state, "", window.location.pathname);
    startTransition(() => show(formOf(keyId)));
    copyButton.current?.focus();
  }, [isWanted, keyId, show]);

  async function copy() {
    setNote("");
    const asked = shown ? Promise.resolve(answer) : reveal({ status: "hidden" }, formOf(keyId));
    // Safari allows writing to the clipboard only during the click, so it gets a promise now and the key later.
    const written = writeToClipboard(asked.then(keyOf));
    const [result, write] = await Promise.all([
      asked.catch(() => null),
      written.catch((error: unknown) => ({ error })),
    ]);
    if (result?.status === "confirm") window.location.assign(result.href);
    else if (result?.status !== "shown") setNote(words.failed);
    else if (!write) setNote(words.copied);
    else {
      if (!shown) startTransition(() => show(formOf(keyId)));
      setHidden(undefined);
      setNote(words.notCopied);
    }
  }

  return (
    <div className="flex flex-wrap items-center justify-between gap-x-6 gap-y-3">
      <div className="min-w-0">
        <p className="text-small text-soft">{words.label}</p>
        <p className="text-small sm:text-base">{shown ? <KeyText value={shown} /> : <KeyMask hint={hint} />}</p>
      </div>
      <div className="flex flex-wrap gap-3 max-sm:w-full">
        {/* One button for both, so that it keeps the focus. */}
        <form
          className={`max-sm:w-full ${shown ? "noscript:hidden" : ""}`}
          action={show}
          onSubmit={(event) => {
            if (answer.status !== "shown") return;
            event.preventDefault();
            setHidden(shown ? answer : undefined);
          }}
        >
          <input type="hidden" name="keyId" value={keyId} />
          <Button variant="quiet" size="small" type="submit" icon={<EyeIcon />}>
            {shown ? words.hide : words.show}
          </Button>
        </form>
        <span className="max-sm:w-full noscript:hidden">
          <Button ref={copyButton} variant="quiet" size="small" icon={<CopyIcon />} onClick={copy}>
            {words.copy}
          </Button>
        </span>
      </div>
      <p role="status" className="w-full text-small font-bold text-green empty:sr-only">
        {note || (answer.status === "failed" ? words.failed : "")}
      </p>
      {isWanted && !shown && <p className="hidden w-full text-small noscript:block">{words.confirmed}</p>}
      {answer.status === "confirm" && (
        <p className="w-full text-small">
          {words.confirm} <a href={answer.href}>{words.confirmLink}</a>
        </p>
      )}
    </div>
  );
}

function formOf(keyId: string): FormData {
  const data = new FormData();
  data.set("keyId", keyId);
  return data;
}

function keyOf(answer: RevealState): string {
  if (answer.status !== "shown") throw new Error("the key was not shown");
  return formatKey(answer.key);
}

/** Resolves when the text is in the clipboard. */
async function writeToClipboard(text: Promise<string>): Promise<void> {
  if (typeof ClipboardItem === "undefined") return navigator.clipboard.writeText(await text);
  const blob = text.then((value) => new Blob([value], { type: "text/plain" }));
  return navigator.clipboard.write([new ClipboardItem({ "text/plain": blob })]);
}
