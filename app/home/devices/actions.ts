"use server";

import { redirect } from "next/navigation";
import { z } from "zod";
import { available, requireSender } from "@/app/gate";
import { formOf } from "@/app/faults";
import { currentTime } from "@/lib/clock";
import { moveDevices } from "@/lib/licence/devices/move-devices";
import { releaseDevice } from "@/lib/licence/devices/release-device";

const here = "/home/devices";

/** Frees the seat of a device. */
export async function release(sent: FormData): Promise<void> {
  const form = formOf(sent);
  const { account } = await requireSender(here, form);
  const activationId = z.uuid().safeParse(form.get("activation"));
  if (!activationId.success) redirect(here);
  const owned = { accountId: account.id, activationId: activationId.data };
  const { status } = await available(here, releaseDevice(owned, { now: currentTime() }));
  redirect(status === "released" ? `${here}?released=1` : here);
}

/** Moves all devices to one subscription, as many as it has free seats. */
export async function moveAll(sent: FormData): Promise<void> {
  const form = formOf(sent);
  const { account } = await requireSender(here, form);
  const subscriptionId = z.uuid().safeParse(form.get("subscription"));
  if (!subscriptionId.success) redirect(here);
  const owned = { accountId: account.id, subscriptionId: subscriptionId.data };
  const move = await available(here, moveDevices(owned, { now: currentTime() }));
  redirect(move.status === "moved" ? `${here}?moved=${move.moved.length}&to=${subscriptionId.data}` : here);
}
