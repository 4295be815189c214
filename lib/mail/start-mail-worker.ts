import "server-only";
import { setTimeout as pause } from "node:timers/promises";
import { beforeClose } from "@/lib/db/client";
import { currentTime } from "@/lib/clock";
import { log } from "@/lib/log";
import { claimMails } from "@/lib/mail/claim-mails";
import { sendMail } from "@/lib/mail/send-mail";

/** Emails that one process sends at once. With several, an email on which the mail server hangs delays no other. */
const AT_ONCE = 3;

/**
 * Milliseconds between two polls of the outbox. After a failed poll the pause is longer, to spare a failing database.
 */
const PAUSE = { look: 500, fault: 2_000 };

/** Milliseconds to finish the emails being sent when the worker stops. After that, the next worker sends them. */
const STOP_PATIENCE = 2_000;

/**
 * Sends due emails from the outbox until it is stopped. Closing the database stops it. Every process may run a worker,
 * because only one worker at a time can claim an email.
 */
export function startMailWorker(): { stop(): Promise<void> } {
  const stopping = new AbortController();
  const ending = new AbortController();
  const sending = new Set<Promise<void>>();
  const reportFault = atMostOnceAMinute();

  /** @returns milliseconds until the next poll */
  async function sendDue(): Promise<number> {
    const places = AT_ONCE - sending.size;
    if (places === 0) return PAUSE.look;
    const found = await claimMails(places);
    for (const claimed of found) {
      const sent: Promise<void> = sendMail(claimed, { now: currentTime(), signal: ending.signal })
        .catch(reportFault)
        .finally(() => sending.delete(sent));
      sending.add(sent);
    }
    const mayFindMore = found.length === places && sending.size < AT_ONCE;
    return mayFindMore ? 0 : PAUSE.look;
  }

  async function run(): Promise<void> {
    while (!stopping.signal.aborted) {
      const wait = await sendDue().catch((error: unknown) => {
        reportFault(error);
        return PAUSE.fault;
      });
      // The timer keeps no process alive. When every slot is taken, the first free one ends the pause.
      const over = pause(wait, undefined, { ref: false, signal: stopping.signal }).catch(() => {});
      await Promise.race([over, ...(sending.size === AT_ONCE ? sending : [])]);
    }
  }

  const running = run();
  async function stop(): Promise<void> {
    stopping.abort();
    const impatience = setTimeout(() => ending.abort(), STOP_PATIENCE);
    await running;
    await Promise.all(sending);
    clearTimeout(impatience);
  }
  beforeClose(stop);
  return { stop };
}

/** While the database is unavailable, every poll fails. Log it once a minute. */
function atMostOnceAMinute(): (error: unknown) => void {
  let silentUntil = 0;
  return (error) => {
    if (Date.now() < silentUntil) return;
    silentUntil = Date.now() + 60_000;
    log().warn({ err: error }, "the email worker met a fault");
  };
}
