"use server";

import { randomUUID } from "node:crypto";
import { redirect, RedirectType } from "next/navigation";
import { z } from "zod";
import { formOf } from "@/app/faults";
import { available, requireSender } from "@/app/gate";
import { confirmHandoff, refuseHandoff } from "@/lib/account/handoff/decide-handoff";
import { emailHandoff } from "@/lib/account/handoff/email-handoff";
import { makeHandoff } from "@/lib/account/handoff/make-handoff";
import { readClient } from "@/lib/account/session/session";
import { currentTime } from "@/lib/clock";

const here = "/home/setup/device";

/** Back to the page, which shows the state as it is now. It replaces itself, so *Back* leads to the page before. */
const backHere = (query = ""): never => redirect(here + query, RedirectType.replace);

/** Makes a code for this browser, in place of an older one. The page presses its button by itself. */
export async function showCode(sent: FormData): Promise<void> {
  const { account, credential } = await requireSender(here, formOf(sent));
  const screen = { accountId: account.id, sessionId: credential.sessionId };
  const made = await available(here, makeHandoff(screen, { now: currentTime(), newId: randomUUID }));
  backHere(made.status === "limited" ? "?again=limited" : "");
}

/** Lets the device that claimed the code sign in. */
export async function confirmDevice(sent: FormData): Promise<void> {
  await decide(sent, confirmHandoff);
}

/** Turns the device that claimed the code away. */
export async function refuseDevice(sent: FormData): Promise<void> {
  await decide(sent, refuseHandoff);
}

async function decide(sent: FormData, decision: typeof confirmHandoff): Promise<never> {
  const form = formOf(sent);
  const { account, credential } = await requireSender(here, form);
  const id = z.uuid().safeParse(form.get("handoff"));
  if (!id.success) return backHere();
  const decided = { id: id.data, accountId: account.id, sessionId: credential.sessionId };
  await available(here, decision(decided, { now: currentTime(), client: await readClient() }));
  return backHere();
}

/** Emails the link of the code to the account's own address. */
export async function emailLink(sent: FormData): Promise<void> {
  const { account, credential } = await requireSender(here, formOf(sent));
  const letter = { owner: account, sessionId: credential.sessionId };
  const posted = await available(here, emailHandoff(letter, { now: currentTime() }));
  backHere(`?email=${posted.status}`);
}
