import { methods, problem } from "@/app/api/serving/answer";
import { refuse } from "@/app/api/serving/problems";
import { currentTime } from "@/lib/clock";
import { isOutage } from "@/lib/db/outage";
import { changeReminders, readReminderToken } from "@/lib/account/profile/reminders";

/**
 * Turns reminders off for the account of an email's token, as email programs ask for it (RFC 8058). They send no cookie,
 * and their body says nothing new.
 */
async function stopReminders(request: Request): Promise<Response> {
  const accountId = readReminderToken(new URL(request.url).searchParams.get("token") ?? "");
  if (!accountId) return problem(refuse("notFound"));
  try {
    await changeReminders({ accountId, on: false }, { now: currentTime() });
  } catch (error) {
    if (!isOutage(error)) throw error;
    return problem(refuse("unavailable"));
  }
  return new Response(null, { status: 204 });
}

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = methods({ POST: stopReminders });
