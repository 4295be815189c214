import "server-only";
import { runPrepared, transaction } from "@/lib/db/client";
import { reminder } from "@/lib/db/schema/licence";
import { dateFormat } from "@/lib/date-format";
import { postMail } from "@/lib/jobs/outbox";
import { daysLeft } from "@/lib/licence/coverage";

/** Calendar days before the end of a subscription. */
const STAGES = [0, 1, 7, 30] as const;

/** The hour of the day, in the person's time zone, before which nobody is reminded. */
const EARLIEST = 9;

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

type Due = {
  subscriptionId: string;
  accountId: string;
  email: string;
  timeZone: string;
  product: string;
  endsAt: Date;
  /** When the last key was added. */
  changedAt: Date | null;
  /** A key will start by itself when it ends. */
  continues: boolean;
  /** The last stage that was reminded of; null: none. */
  last: number | null;
};

/** How many subscriptions one statement looks at. */
const AT_ONCE = 200;

/*
 * A stage counts for one end of one subscription, so after an extension all stages count again. The statement works with
 * days of 24 hours; `remind` then counts calendar days. A subscription that another one of its product outlasts needs no
 * reminder.
 */
const due = `
  SELECT s.id AS "subscriptionId", s.account_id AS "accountId", a.email, a.time_zone AS "timeZone",
         s.product_code AS product, s.ends_at AS "endsAt",
         (SELECT max(g.granted_at) FROM grant_entry g WHERE g.subscription_id = s.id AND g.undone_at IS NULL)
           AS "changedAt",
         EXISTS (SELECT FROM product_key k JOIN key_batch b ON b.id = k.batch_id
                  WHERE k.account_id = s.account_id AND b.product_code = s.product_code
                    AND k.state = 'kept' AND k.starts_itself AND k.voided_at IS NULL) AS continues,
         (SELECT min(r.days) FROM reminder r WHERE r.subscription_id = s.id AND r.ends_at = s.ends_at) AS last
    FROM subscription s
    JOIN account a ON a.id = s.account_id
   WHERE s.ends_at > $1::timestamptz AND s.ends_at < $1::timestamptz + interval '31 days' AND s.id > $2::uuid
     AND a.email_verified_at IS NOT NULL AND a.reminders_off_at IS NULL
     AND a.erased_at IS NULL AND a.leaves_at IS NULL
     AND NOT EXISTS (SELECT FROM subscription o WHERE o.account_id = s.account_id AND o.product_code = s.product_code
                        AND (o.ends_at, o.id) > (s.ends_at, s.id))
     AND EXISTS (SELECT FROM unnest('{0,1,7,30}'::int[]) d
                  WHERE s.ends_at < $1::timestamptz + make_interval(days => d + 1)
                    AND NOT EXISTS (SELECT FROM reminder r
                                     WHERE r.subscription_id = s.id AND r.ends_at = s.ends_at AND r.days <= d))
   ORDER BY s.id
   LIMIT ${AT_ONCE}`;

/**
 * Queues the reminders that are due: 30, 7 and 1 days before the end of a subscription and on its last day, once each,
 * whatever restarts happen and however many servers run. After a pause only the latest that is due is sent. If a kept
 * key will start by itself, one email says so instead.
 * @returns how many emails were queued
 */
export async function queueReminders({ now }: { now: Date }): Promise<number> {
  let queued = 0;
  for (let after = "00000000-0000-0000-0000-000000000000"; ;) {
    const rows = await runPrepared<Due>("due-reminders", due, [now.toISOString(), after]);
    for (const row of rows) queued += Number(await remind(row, now));
    const last = rows.at(-1);
    if (!last || rows.length < AT_ONCE) return queued;
    after = last.subscriptionId;
  }
}

async function remind(row: Due, now: Date): Promise<boolean> {
  const { subscriptionId, accountId, email, timeZone, product, endsAt, continues, last } = row;
  const days = daysLeft(endsAt, now, timeZone);
  const stage = STAGES.find((one) => days <= one);
  if (stage === undefined || (last !== null && last <= stage) || isTooEarly(row, now)) return false;
  return transaction(async (tx) => {
    const written = await tx
      .insert(reminder)
      // After the email about the kept key there is nothing more to say.
      .values({ subscriptionId, endsAt, days: continues ? 0 : stage, at: now })
      .onConflictDoNothing();
    if (written.rowCount === 0 || !isNewsAt(stage, row)) return false;
    const kind = continues ? ("subscription-continues" as const) : ("subscription-ends" as const);
    const details = { product, days, endsAt: endsAt.toISOString() };
    return (await postMail(tx, { kind, accountId, recipient: email, details, at: now })) !== null;
  });
}

/** Nobody is woken, unless the end would come first. */
function isTooEarly({ endsAt, timeZone }: Due, now: Date): boolean {
  const hour = Number(dateFormat("en-GB", { hour: "2-digit", hourCycle: "h23", timeZone }).format(now));
  return hour < EARLIEST && endsAt.getTime() - now.getTime() > EARLIEST * HOUR;
}

/** Nobody is reminded of an end that they have only just seen, when they added the last key. */
function isNewsAt(stage: number, { endsAt, changedAt }: Due): boolean {
  const known = endsAt.getTime() - (changedAt?.getTime() ?? 0);
  return known > (stage + Math.min(stage, 7)) * DAY;
}
