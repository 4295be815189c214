"use server";

import { redirect } from "next/navigation";
import { z } from "zod";
import { requireSender } from "@/app/gate";
import { formOf } from "@/app/faults";
import { offerMove } from "@/app/offered-move";

const shown = z.object({ key: z.uuid(), end: z.string().max(40) });

/** Remembers that the owner confirmed to move a key, and leads to signing in to the other account. It moves nothing. */
export async function offer(sent: FormData): Promise<void> {
  const form = formOf(sent);
  const asked = shown.safeParse(Object.fromEntries(form));
  if (!asked.success) redirect("/home/subscriptions");
  const { key: id, end: shownEnd } = asked.data;
  const { account } = await requireSender(`/home/subscriptions/move/${id}`, form, { fresh: true });
  await offerMove({ id, from: account.id, shownEnd });
  redirect(`/sign-in?switch=1&next=${encodeURIComponent("/home/subscriptions/move")}`);
}
