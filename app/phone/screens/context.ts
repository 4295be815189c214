import { createContext, useContext } from "react";
import type { Locale } from "@/lib/messages/locale";
import type { Device } from "../portal/memory";
import type { Answer } from "../portal/client";
import type { Screen } from "./use-screen";
import type { PhoneWords } from "./words";

/** What every screen uses. */
export type PhoneTools = {
  words: PhoneWords;
  /** A button's label while it waits. */
  pending: string;
  locale: Locale;
  device: Device;
  nameDevice: (changed: Partial<Pick<Device, "name" | "system">>) => Device;
  /** The code of a hand-off that the app was opened with, or "". */
  code: string;
  go: (screen: Screen, how?: "push" | "replace") => void;
  /** Shows what went wrong, above the screen. Null: nothing did. */
  say: (fault: string | null) => void;
};

export const PhoneContext = createContext<PhoneTools | null>(null);

export function usePhone(): PhoneTools {
  const tools = useContext(PhoneContext);
  if (!tools) throw new Error("a screen of the phone app is shown outside it");
  return tools;
}

/** Handles what every request of a signed-in app can meet. Returns the body of a success, and null otherwise. */
export function useOutcome(): <Body>(answer: Answer<Body>) => Body | null {
  const { words, go, say } = usePhone();
  return (answer) => {
    switch (answer.status) {
      case "done":
        say(null);
        return answer.body;
      case "refused":
        say(problemText(answer.problem.code, words));
        return null;
      case "offline":
        say(words.faults.offline);
        return null;
      case "signedOut":
        go("start", "replace");
        say(words.faults.signedOut);
        return null;
    }
  };
}

/** A refusal in the person's words. */
export const problemText = (code: string, { problems, faults }: PhoneWords): string =>
  (problems as Record<string, string>)[code] ?? faults.failed;
