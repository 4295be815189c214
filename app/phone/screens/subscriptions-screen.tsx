import { useState, type FormEvent } from "react";
import { Button } from "@/components/button";
import { Notice } from "@/components/notice";
import { formatDay, formatEnd } from "@/lib/messages/dates";
import { fill } from "@/lib/messages/fill";
import { useOutcome, usePhone } from "./context";
import { AccountLine, RadioCard, ScreenFrame, SignOutButton, Stack, WorkButton } from "./parts";
import { call, secret } from "../portal/client";
import type { Activation, Subscriptions } from "../portal/types";
import { useAsk } from "./use-ask";
import { zoneHere } from "./zone-here";

/** The active subscriptions, of which one is chosen for this device. */
export function SubscriptionsScreen() {
  const { words, pending, locale, device, go, say } = usePhone();
  const outcome = useOutcome();
  const found = useAsk<Subscriptions>("/api/v1/subscriptions");
  const [full, setFull] = useState<Activation[] | null>(null);
  if (!found) return <p role="status">{pending}</p>;
  const { subscriptions, kept } = found;
  const roomy = subscriptions.findIndex(({ seats }) => seats.used < seats.total);
  if (full) return <FullScreen devices={full} back={() => setFull(null)} />;

  const activate = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const subscriptionId = new FormData(event.currentTarget).get("subscription");
    const request = { method: "POST", repeatKey: secret(), body: { subscriptionId, device } } as const;
    const answer = await call<Activation>("/api/v1/activations", request);
    if (answer.status === "refused" && answer.problem.code === "noSeatLeft") {
      say(null);
      return setFull(answer.problem.devices as Activation[]);
    }
    if (outcome(answer)) go("protected", "replace");
  };

  return (
    <ScreenFrame title={words.subscriptions.title}>
      <AccountLine />
      {subscriptions.length > 0 ? (
        <form onSubmit={(event) => void activate(event)} className="mt-5">
          <fieldset>
            <legend className="mb-3 text-soft">{words.subscriptions.choose}</legend>
            {subscriptions.map(({ id, product, endsAt, partner, seats }, index) => (
              <RadioCard key={id} name="subscription" value={id} isChosen={index === Math.max(0, roomy)}>
                <span className="block font-bold">{words.brand.products[product]}</span>
                <span className="block text-small text-soft">
                  {endsAt
                    ? fill(words.until, { date: formatEnd(new Date(endsAt), locale, zoneHere()) })
                    : fill(words.provided, { partner: partner ?? "" })}
                </span>
                <span className="block text-small text-soft">{fill(words.subscriptions.seats, seats)}</span>
              </RadioCard>
            ))}
          </fieldset>
          <Stack>
            <Button type="submit">{words.subscriptions.next}</Button>
          </Stack>
        </form>
      ) : (
        <div className="mt-5">
          <Notice tone="warning" title={words.subscriptions.none}>
            {words.subscriptions.noneText}
          </Notice>
        </div>
      )}
      {kept.length > 0 && <p className="mt-5 text-small text-soft">{words.subscriptions.kept}</p>}
      <Stack>
        <Button variant="quiet" onClick={() => go("key")}>
          {words.key.title}
        </Button>
        <Button variant="quiet" onClick={() => go("partner")}>
          {words.partner.title}
        </Button>
        <SignOutButton />
      </Stack>
    </ScreenFrame>
  );
}

/** The devices that hold every seat. One of them can give its own to this device. */
function FullScreen({ devices, back }: { devices: Activation[]; back: () => void }) {
  const { words, locale, device, go } = usePhone();
  const outcome = useOutcome();
  const replace = async (id: string) => {
    const request = { method: "POST", repeatKey: secret(), body: { device } } as const;
    if (outcome(await call(`/api/v1/activations/${id}/replace`, request))) go("protected", "replace");
  };
  return (
    <ScreenFrame title={words.full.title}>
      <p className="mt-2 text-soft">{words.full.lead}</p>
      <ul className="mt-5">
        {devices.map(({ id, device: other, lastSeenAt }) => (
          <li key={id} className="border-t border-line py-4">
            <p className="font-bold">{other.name}</p>
            <p className="mb-3 text-small text-soft">
              {fill(words.full.seen, { date: formatDay(new Date(lastSeenAt), locale, zoneHere()) })}
            </p>
            <WorkButton variant="quiet" size="small" work={() => replace(id)}>
              {words.full.replace}
            </WorkButton>
          </li>
        ))}
      </ul>
      <Stack>
        <Button variant="quiet" onClick={back}>
          {words.back}
        </Button>
      </Stack>
    </ScreenFrame>
  );
}
