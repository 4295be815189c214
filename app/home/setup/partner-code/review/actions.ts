"use server";

import { redirect } from "next/navigation";
import { z } from "zod";
import { available, requireSession } from "@/app/gate";
import { formOf } from "@/app/faults";
import { readTypedCode } from "@/app/typed-key";
import { readClient } from "@/lib/account/session/session";
import { currentTime } from "@/lib/clock";
import { redeemCode } from "@/lib/licence/leases/redeem-code";

const confirmed = z.object({ preview: z.string().max(40).catch(""), account: z.string().max(40).catch("") });

/** Activates the partner code of this tab on the account that the page named. */
export async function activateCode(sent: FormData): Promise<void> {
  const { preview, account } = confirmed.parse(Object.fromEntries(formOf(sent)));
  const review = `/home/setup/partner-code/review?p=${encodeURIComponent(preview)}`;
  const session = await requireSession(review);
  const code = await readTypedCode(preview);
  if (!code) redirect("/home/setup/partner-code?again=expired");
  if (account !== session.account.id) redirect(`${review}&again=account`);

  const network = (await readClient()).addressPrefix;
  const attempt = { code, accountId: session.account.id, network };
  const redemption = await available(review, redeemCode(attempt, { now: currentTime() }));
  // The review page shows a refusal as a page of its own.
  redirect("grantId" in redemption ? `/home/setup/done/${redemption.grantId}` : review);
}
