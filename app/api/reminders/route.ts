import { statuses } from "@/app/statuses";
import { currentTime } from "@/lib/clock";
import { isOutage } from "@/lib/db/outage";
import { changeReminders, readReminderToken } from "@/lib/account/profile/reminders";
import { methodRefused, problem } from "@/lib/http/problem";

/**
 * Turns reminders off for the account of an email's token, as email programs ask for it (RFC 8058). They send no cookie,
 * and their body says nothing new.
 */
export async function POST(request: Request): Promise<Response> {
  const accountId = readReminderToken(new URL(request.url).searchParams.get("token") ?? "");
  if (!accountId) return problem({ status: statuses.request.notFound, detail: "There is nothing at this address." });
  try {
    await changeReminders({ accountId, on: false }, { now: currentTime() });
  } catch (error) {
    if (!isOutage(error)) throw error;
    return problem({ status: statuses.request.unavailable, detail: "Try again later." });
  }
  return new Response(null, { status: 204 });
}

const refused = methodRefused("POST");

export { refused as GET, refused as HEAD, refused as PUT, refused as PATCH, refused as DELETE, refused as OPTIONS };
