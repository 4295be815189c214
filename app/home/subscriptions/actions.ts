"use server";

import { z } from "zod";
import { available, requireSession } from "@/app/gate";
import type { RevealState } from "@/components/copy-key";
import { revealKey } from "@/lib/licence/reveal-key";
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
  const shown = revealKey({ grantId: grantId.data, accountId: session.account.id }, { now: currentTime() });
  const key = await available(here, shown);
  return key ? { status: "shown", key } : { status: "failed" };
}
