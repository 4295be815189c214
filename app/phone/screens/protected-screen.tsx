import { useCallback, useEffect, useState } from "react";
import { Button } from "@/components/button";
import { DoneIcon } from "@/components/icons";
import { Notice } from "@/components/notice";
import { daysLeft } from "@/lib/licence/coverage";
import { formatEnd, formatMoment } from "@/lib/messages/dates";
import { fill } from "@/lib/messages/fill";
import { useOutcome, usePhone } from "./context";
import { checkProtection, type Checked } from "../portal/entitlement";
import { ScreenFrame, SignOutButton, Stack, WorkButton } from "./parts";
import { call } from "../portal/client";
import type { Subscriptions } from "../portal/types";
import { zoneHere } from "./zone-here";

/** Days before the end from which the app warns. */
const WARN_FROM = 30;

/** Whether this device is protected, by the signed entitlement that it holds. */
export function ProtectedScreen() {
  const { words, pending, locale, device, go, say } = usePhone();
  const outcome = useOutcome();
  const [checked, setChecked] = useState<{ result: Checked; at: Date } | null>(null);

  const check = useCallback(async () => {
    const result = await checkProtection(device.installId);
    setChecked({ result, at: new Date() });
  }, [device.installId]);

  useEffect(() => {
    const again = () => void (document.visibilityState === "visible" && check());
    const first = setTimeout(again);
    document.addEventListener("visibilitychange", again);
    return () => {
      clearTimeout(first);
      document.removeEventListener("visibilitychange", again);
    };
  }, [check]);

  if (!checked) return <p role="status">{pending}</p>;
  const { result, at } = checked;
  if (result.status !== "protected") return <NotProtected result={result} check={check} />;

  const release = async () => {
    const held = outcome(await call<Subscriptions>("/api/v1/subscriptions"))?.subscriptions.find(
      ({ activationId }) => activationId !== null,
    );
    if (!held) return check();
    const answer = await call<null>(`/api/v1/activations/${held.activationId}`, { method: "DELETE" });
    if (answer.status !== "done") return void outcome(answer);
    say(null);
    await check();
  };

  const { product, endsAt, validUntil, signedAt, keyId } = result.protection;
  const moment = (date: Date) => formatMoment(date, locale, zoneHere());
  const left = endsAt && daysLeft(endsAt, at, zoneHere());
  return (
    <ScreenFrame title={words.protected.title}>
      <div role="status" className="mt-5 flex gap-3.5 rounded bg-green-wash px-5 py-4">
        <DoneIcon className="mt-1 size-5 text-green" />
        <div>
          <p className="font-bold">{words.brand.products[product]}</p>
          <p>
            {endsAt
              ? fill(words.protected.until, { date: formatEnd(endsAt, locale, zoneHere()) })
              : words.protected.open}
          </p>
        </div>
      </div>
      {left !== null && left <= WARN_FROM && (
        <div className="mt-5">
          <Notice tone="warning" title={daysText(left, words.protected)}>
            <p className="mt-3">
              <Button size="small" onClick={() => go("recover")}>
                {words.recover.action}
              </Button>
            </p>
          </Notice>
        </div>
      )}
      <details className="mt-6 border-t border-line pt-4 text-small">
        <summary className="min-h-target cursor-pointer">
          {result.online ? words.protected.checkedOnline : words.protected.checkedOffline}
        </summary>
        <p className="mt-2 text-soft">
          {fill(words.protected.proof, { signed: moment(signedAt), valid: moment(validUntil) })}
        </p>
        <p className="mt-2 font-mono text-note break-all text-soft">{keyId}</p>
      </details>
      <Stack>
        <WorkButton variant="quiet" work={check}>
          {words.protected.check}
        </WorkButton>
        <Button variant="quiet" onClick={() => go("key")}>
          {words.key.title}
        </Button>
        <WorkButton variant="quiet" work={release}>
          {words.protected.release}
        </WorkButton>
        <SignOutButton />
      </Stack>
    </ScreenFrame>
  );
}

const daysText = (days: number, { expires }: { expires: Record<"today" | "one" | "many", string> }) =>
  days === 0 ? expires.today : fill(days === 1 ? expires.one : expires.many, { days });

function NotProtected({
  result,
  check,
}: {
  result: Exclude<Checked, { status: "protected" }>;
  check: () => Promise<void>;
}) {
  const { words, go } = usePhone();
  const { status } = result;
  return (
    <ScreenFrame title={words.unprotected.title}>
      <div className="mt-5">
        <Notice tone="warning">
          {status === "offline"
            ? words.unprotected.offline
            : status === "signedOut"
              ? words.faults.signedOut
              : words.unprotected.seat}
        </Notice>
      </div>
      <Stack>
        {status === "offline" ? (
          <WorkButton work={check}>{words.protected.check}</WorkButton>
        ) : (
          <Button onClick={() => go(status === "signedOut" ? "start" : "subscriptions", "replace")}>
            {status === "signedOut" ? words.start.signIn : words.unprotected.choose}
          </Button>
        )}
      </Stack>
    </ScreenFrame>
  );
}
