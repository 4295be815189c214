"use server";

import { redirect } from "next/navigation";
import { z } from "zod";
import { endAppSession } from "@/lib/account/oauth/app-sessions";
import { endOtherSessions, endSessionElsewhere } from "@/lib/account/session/end-sessions";
import { available, requireSender } from "@/app/gate";
import { readClient } from "@/lib/account/session/session";
import { formOf } from "@/app/faults";
import { currentTime } from "@/lib/clock";

const here = "/home/account/sessions";

/** Signs out one browser of the account. */
export async function endOne(sent: FormData): Promise<void> {
  const form = formOf(sent);
  const { account } = await requireSender(here, form);
  const sessionId = z.uuid().safeParse(form.get("session"));
  if (!sessionId.success) redirect(here);
  const ended = { accountId: account.id, sessionId: sessionId.data };
  await available(here, endSessionElsewhere(ended, { now: currentTime(), client: await readClient() }));
  redirect(`${here}?ended=one`);
}

/** Signs out one app of the account. */
export async function endApp(sent: FormData): Promise<void> {
  const form = formOf(sent);
  const { account } = await requireSender(here, form);
  const appSessionId = z.uuid().safeParse(form.get("app"));
  if (!appSessionId.success) redirect(here);
  const ended = { accountId: account.id, appSessionId: appSessionId.data };
  await available(here, endAppSession(ended, { now: currentTime(), sender: await readClient() }));
  redirect(`${here}?ended=app`);
}

/** Signs out every app of the account, and every browser of the account but this one. */
export async function endOthers(sent: FormData): Promise<void> {
  const { account, credential } = await requireSender(here, formOf(sent), { fresh: true });
  const others = { accountId: account.id, sessionId: credential.sessionId };
  await available(here, endOtherSessions(others, { now: currentTime(), client: await readClient() }));
  redirect(`${here}?ended=others`);
}
