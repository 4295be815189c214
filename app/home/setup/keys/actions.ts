"use server";

import { redirect } from "next/navigation";
import { z } from "zod";
import { available, requireSender } from "@/app/gate";
import { formOf } from "@/app/faults";
import { readClient } from "@/lib/account/session/session";
import { currentTime } from "@/lib/clock";
import { redeemKeys } from "@/lib/licence/plan-keys";
import { idsIn, readTypedKeys, severalPath, wishes } from "./several";

const date = z.iso.datetime().pipe(z.coerce.date());
const wished = z.enum(wishes);

/** Does with several keys what the person chose for each, if all of it is still what the page showed. */
export async function activateAll(sent: FormData): Promise<void> {
  const form = formOf(sent);
  const ids = idsIn(String(form.get("previews") ?? ""));
  const here = severalPath(ids);
  const { account } = await requireSender(here, form);
  const held = await readTypedKeys(ids);
  if (held.length === 0) redirect("/home/setup/key?again=expired");

  const chosen = held.map(({ id }) => wished.safeParse(form.get(`choice-${id}`)).data);
  const shown = held.map(({ id }, at) => date.safeParse(form.get(`until-${id}-${chosen[at]}`)).data ?? null);
  const asked = {
    keys: held.map(({ key }) => key),
    ...{ wishes: chosen, shown, accountId: account.id, timeZone: account.timeZone },
    network: (await readClient()).addressPrefix,
  };
  const { status } = await available(here, redeemKeys(asked, { now: currentTime() }));
  if (status === "changed") redirect(`${here}&c=${chosen.join(".")}&again=changed`);
  redirect(severalPath(ids, "keys/done"));
}
