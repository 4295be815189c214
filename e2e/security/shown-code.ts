import { randomBytes, randomUUID } from "node:crypto";
import { claimHandoff } from "@/lib/account/handoff/claim-handoff";
import { findHandoff } from "@/lib/account/handoff/handoffs";
import { makeHandoff } from "@/lib/account/handoff/make-handoff";
import { challengeOf } from "@/lib/account/oauth/challenge";
import { findSession } from "@/lib/account/session/sessions";

type Shown = { id: string; code: string };

/** Shows a code in the session of a reference. */
export async function shownCode({ id: accountId }: { id: string }, reference: string): Promise<Shown> {
  const { sessionId } = (await findSession(reference))!.credential;
  const now = new Date();
  await makeHandoff({ accountId, sessionId }, { now, newId: randomUUID });
  const { id, code } = (await findHandoff({ sessionId }, { now }))!;
  return { id, code: code! };
}

/** As {@link shownCode}, and a device claims the code. */
export async function claimedCode(person: { id: string }, reference: string): Promise<Shown> {
  const shown = await shownCode(person, reference);
  const installId = randomBytes(16).toString("base64url");
  const device = { installId, name: "A phone", model: null, system: "ios" as const };
  const claim = { code: shown.code, clientId: "reference-phone", challenge: challengeOf("a secret"), device };
  const sender = { addressPrefix: null, userAgent: null };
  const claimed = await claimHandoff(claim, { now: new Date(), sender, randomBytes });
  if (claimed.status !== "claimed") throw new Error(claimed.status);
  return shown;
}
