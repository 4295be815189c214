import { pathOf } from "@/app/oauth/authorize/path-of";
import { answerUri } from "@/lib/account/oauth/answer-uri";
import { continueInApp } from "@/lib/account/oauth/authorization-requests";
import { newAuthorizationCode } from "@/lib/account/oauth/new-code";
import { getSession } from "@/lib/account/session/session";
import { currentTime } from "@/lib/clock";
import { isOutage } from "@/lib/db/outage";

/**
 * Takes the person back to the app with a code, after the press of the button at `/oauth/authorize`. Whatever stands in the
 * way is shown there.
 */
export async function POST(request: Request): Promise<Response> {
  const form = await request.formData().catch(() => new FormData());
  const id = String(form.get("request") ?? "");
  const here = pathOf(id);
  const session = await getSession();
  if (session.status === "unavailable") return to(unavailable(here));
  if (session.status === "none")
    return to(`/sign-in?next=${encodeURIComponent(here)}${session.ended ? "&ended=1" : ""}`);
  if (form.get("account") !== session.account.id) return to(`${here}&again=account`);
  const code = newAuthorizationCode();
  const grant = { id, accountId: session.account.id, sessionId: session.credential.sessionId, code };
  try {
    const asked = await continueInApp(grant, { now: currentTime() });
    return to(asked ? answerUri(asked, { code }) : here);
  } catch (error) {
    if (!isOutage(error)) throw error;
    return to(unavailable(here));
  }
}

/** Somebody who opens the address finds the way on at home. */
export const GET = (): Response => to("/home/setup");

const unavailable = (back: string) => `/unavailable?back=${encodeURIComponent(back)}`;

const to = (location: string): Response =>
  new Response(null, { status: 303, headers: { Location: location, "Cache-Control": "no-store" } });
