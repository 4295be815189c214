import { Button } from "@/components/button";
import { fill } from "@/lib/messages/fill";
import { usePhone } from "./context";
import { ScreenFrame, Stack } from "./parts";
import { leaveToSignIn } from "../portal/client";

/** The ways to a subscription, as the app for iPhones offers them. */
export function ActivateScreen() {
  const { words, device, go } = usePhone();
  return (
    <ScreenFrame title={words.start.activate} back>
      <Stack>
        <Button onClick={() => void leaveToSignIn(device, "subscriptions")}>
          {fill(words.activate.signIn, { account: words.brand.account })}
        </Button>
        <Button variant="quiet" onClick={() => void leaveToSignIn(device, "key")}>
          {words.key.title}
        </Button>
        <Button variant="quiet" onClick={() => void leaveToSignIn(device, "partner")}>
          {words.partner.title}
        </Button>
        <Button variant="quiet" onClick={() => go("code")}>
          {words.start.code}
        </Button>
      </Stack>
    </ScreenFrame>
  );
}
