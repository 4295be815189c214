import type { ComponentProps, ReactNode } from "react";
import { useState } from "react";
import { Button } from "@/components/button";
import { fill } from "@/lib/messages/fill";
import { useOutcome, usePhone } from "./context";
import { call, forgetSignIn } from "../portal/client";
import { useAsk } from "./use-ask";

/** Always the same function, so that it runs once for each screen and not whenever something on it changes. */
const focusOn = (heading: HTMLElement | null) => heading?.focus();

/** A screen: its title, and what is on it. Screen readers hear the title when the screen changes. */
export function ScreenFrame({ title, back, children }: { title: string; back?: boolean; children: ReactNode }) {
  const { words } = usePhone();
  return (
    <section aria-labelledby="screen">
      {back && (
        <button
          type="button"
          onClick={() => history.back()}
          className="-mt-2 inline-flex min-h-target cursor-pointer items-center text-small text-soft link"
        >
          {words.back}
        </button>
      )}
      <h1 id="screen" tabIndex={-1} ref={focusOn} className="text-h2 tracking-tight">
        {title}
      </h1>
      {children}
    </section>
  );
}

/** A button that does something which takes a while. A second press meanwhile does nothing. */
export function WorkButton({
  work,
  children,
  ...look
}: { work: () => Promise<unknown>; children: string } & Pick<
  ComponentProps<typeof Button>,
  "variant" | "size" | "icon"
>) {
  const { pending } = usePhone();
  const [isBusy, setBusy] = useState(false);
  const press = async () => {
    if (isBusy) return;
    setBusy(true);
    await work();
    setBusy(false);
  };
  return (
    <Button {...look} onClick={() => void press()}>
      {isBusy ? pending : children}
    </Button>
  );
}

/** Buttons below each other, as wide as the screen. */
export const Stack = ({ children }: { children: ReactNode }) => (
  <div className="mt-6 flex flex-col gap-3 *:w-full">{children}</div>
);

/** The account that the app is signed in to, so that nobody activates for the wrong one. */
export function AccountLine() {
  const { words } = usePhone();
  const account = useAsk<{ email: string }>("/api/v1/account");
  return (
    <p className="mt-2 min-h-6 text-small wrap-break-word text-soft">
      {account && fill(words.account, { email: account.email })}
    </p>
  );
}

type RadioCardProps = { name: string; value: string; isChosen: boolean; children: ReactNode };

/** One of several things to choose. `isChosen`: at the start. */
export const RadioCard = ({ name, value, isChosen, children }: RadioCardProps) => (
  <label className="mb-3 flex cursor-pointer items-center gap-3 rounded border-2 border-line px-4 py-3 has-checked:border-ink">
    <input type="radio" name={name} value={value} defaultChecked={isChosen} className="size-6 flex-none accent-green" />
    <span>{children}</span>
  </label>
);

/** Ends the session in the portal too, so that a copy of its tokens stops working. */
export function SignOutButton() {
  const { words, go } = usePhone();
  const outcome = useOutcome();
  const signOut = async () => {
    const answer = await call<null>("/api/v1/sessions/current", { method: "DELETE" });
    if (answer.status === "offline" || answer.status === "refused") return void outcome(answer);
    forgetSignIn();
    go("start", "replace");
  };
  return (
    <WorkButton variant="quiet" work={signOut}>
      {words.signOut}
    </WorkButton>
  );
}
