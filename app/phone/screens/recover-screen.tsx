import { Button } from "@/components/button";
import { Notice } from "@/components/notice";
import { usePhone } from "./context";
import { ScreenFrame, Stack } from "./parts";
import type { Subscriptions } from "../portal/types";
import { useAsk } from "./use-ask";

/** Looks for time that was bought meanwhile: another subscription, or a key that is kept for later. */
export function RecoverScreen() {
  const { words, pending, go } = usePhone();
  const found = useAsk<Subscriptions>("/api/v1/subscriptions");
  if (!found) return <p role="status">{pending}</p>;
  const others = found.subscriptions.filter(({ activationId }) => activationId === null);
  return (
    <ScreenFrame title={words.recover.title} back>
      <div className="mt-5">
        <Notice tone="info">
          {others.length > 0 ? words.recover.found : found.kept.length > 0 ? words.recover.kept : words.recover.nothing}
        </Notice>
      </div>
      <Stack>
        {others.length > 0 && <Button onClick={() => go("subscriptions")}>{words.unprotected.choose}</Button>}
        <Button variant={others.length > 0 ? "quiet" : "primary"} onClick={() => go("key")}>
          {words.key.title}
        </Button>
        <Button variant="quiet" onClick={() => go("partner")}>
          {words.partner.title}
        </Button>
      </Stack>
    </ScreenFrame>
  );
}
