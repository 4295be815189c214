"use server";

import { redirect } from "next/navigation";
import { z } from "zod";
import { available, requireSender, requireSession } from "@/app/gate";
import type { RevealState } from "@/components/copy-key";
import { revealKey } from "@/lib/licence/reveal-key";
import { startKeptKey } from "@/lib/licence/start-kept-key";
import { formOf } from "@/app/faults";
import { currentTime } from "@/lib/clock";

const here = "/home/subscriptions";

/** Shows one product key to its owner, after a recent password or passkey (step-up). */
export async function showKey(_before: RevealState, sent: FormData): Promise<RevealState> {
  const form = formOf(sent);
  const session = await requireSession(here);
  const grantId = z.uuid().safeParse(form.get("keyId"));
  if (!grantId.success) return { status: "failed" };
  if (!session.steppedUp) {
    const back = `${here}?show=${grantId.data}#key-${grantId.data}`;
    return { status: "confirm", href: `/confirm-password?next=${encodeURIComponent(back)}` };
  }
  const shown = revealKey({ id: grantId.data, accountId: session.account.id }, { now: currentTime() });
  const key = await available(here, shown);
  return key ? { status: "shown", key } : { status: "failed" };
}

/** Starts a kept key as My Subscription showed it. */
export async function startKept(sent: FormData): Promise<void> {
  const form = formOf(sent);
  const { account } = await requireSender(here, form);
  const asked = z.object({ key: z.uuid(), version: z.string().max(40) }).safeParse(Object.fromEntries(form));
  if (!asked.success) redirect(here);
  const { key: keptId, version: previewVersion } = asked.data;
  const starting = startKeptKey({ keptId, accountId: account.id, previewVersion }, { now: currentTime() });
  const started = await available(here, starting);
  if ("grantId" in started) redirect(`/home/setup/done/${started.grantId}`);
  redirect(started.status === "previewChanged" ? `${here}?again=changed` : here);
}
