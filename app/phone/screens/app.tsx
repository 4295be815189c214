import { useEffect, useRef, useState, type ReactNode } from "react";
import type { PhoneSystem } from "@/app/phone-system";
import { Notice } from "@/components/notice";
import type { Locale } from "@/lib/messages/locale";
import { PhoneContext, type PhoneTools } from "./context";
import { recall, remember, type Device } from "../portal/memory";
import { returnFromSignIn, secret, waitingNumber } from "../portal/client";
import { ActivateScreen } from "./activate-screen";
import { CodeScreen } from "./code-screen";
import { KeyScreen } from "./key-screen";
import { ProtectedScreen } from "./protected-screen";
import { RecoverScreen } from "./recover-screen";
import { StartScreen } from "./start-screen";
import { SubscriptionsScreen } from "./subscriptions-screen";
import { screens, useScreen, type Screen } from "./use-screen";
import type { PhoneWords } from "./words";

export type AppProps = {
  words: PhoneWords;
  pending: string;
  locale: Locale;
  /** The system of this device. */
  system: PhoneSystem;
  /** The code of a hand-off that the app was opened with, or "". */
  code: string;
};

const views: Record<Screen, () => ReactNode> = {
  start: StartScreen,
  activate: ActivateScreen,
  code: CodeScreen,
  subscriptions: SubscriptionsScreen,
  protected: ProtectedScreen,
  key: () => <KeyScreen kind="productKey" />,
  partner: () => <KeyScreen kind="partnerCode" />,
  recover: RecoverScreen,
};

/** The app. It runs only in a browser, because everything in it is kept on the device. */
export function App({ words, pending, locale, system, code }: AppProps) {
  const [screen, go] = useScreen();
  const [device, setDevice] = useState<Device>(() => recall("device") ?? newDevice(words, system));
  const [fault, say] = useState<string | null>(null);

  const begun = useRef(false);
  useEffect(() => {
    if (begun.current) return;
    begun.current = true;
    // It lets the app start offline. Where it fails, the app only needs the network.
    void navigator.serviceWorker?.register("/phone-worker.js", { scope: "/phone" }).catch(() => {});
    const { pathname, search } = location;
    const asked = new URLSearchParams(search);
    if (pathname.endsWith("/callback")) {
      void returnFromSignIn(asked).then((back) => {
        if (back.status === "signedIn") return go(nextScreen(back.next), "replace");
        say(words.faults[back.status]);
        go("start", "replace");
      });
    } else if (asked.has("handoff")) {
      go("code", "replace");
    } else if (!screens.some((known) => location.hash === `#${known}`)) {
      go(firstScreen(), "replace");
    }
  }, [go, words]);

  const tools: PhoneTools = {
    ...{ words, pending, locale, code, device, say },
    go: (next, how) => {
      say(null);
      go(next, how);
    },
    nameDevice: (changed) => {
      const named = { ...device, ...changed };
      remember("device", named);
      setDevice(named);
      return named;
    },
  };
  const View = screen && views[screen];
  return (
    <PhoneContext value={tools}>
      <div role="alert" className="empty:hidden not-empty:mb-5">
        {fault && <Notice tone="error">{fault}</Notice>}
      </div>
      {View && <View key={screen} />}
    </PhoneContext>
  );
}

function firstScreen(): Screen {
  if (recall("tokens")) return recall("entitlement") ? "protected" : "subscriptions";
  return waitingNumber("") === null ? "start" : "code";
}

const nextScreen = (name: string): Screen => screens.find((screen) => screen === name) ?? "subscriptions";

function newDevice(words: PhoneWords, system: PhoneSystem): Device {
  const device = { installId: secret(), name: words.deviceName[system], model: null, system };
  remember("device", device);
  return device;
}
