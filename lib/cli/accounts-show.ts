import "server-only";
import type { Command } from "commander";
import { findAccount, type AccountRecord, type EventView } from "@/lib/account/profile/find-account";
import { Failure } from "@/lib/cli/failure";
import { writeOut } from "@/lib/cli/standard-output";
import { minuteOf, table } from "@/lib/cli/table";
import { withDatabase } from "@/lib/cli/with-database";
import { OPEN_END } from "@/lib/licence/coverage";
import { readKeptKeys } from "@/lib/licence/kept-keys";
import { maskKey } from "@/lib/licence/product-key";
import type { LeaseState } from "@/lib/licence/sources/lease";
import type { KeySource } from "@/lib/licence/sources/key";
import type { LeaseSource } from "@/lib/licence/sources/lease";
import { listSubscriptions, type GrantView, type SubscriptionView } from "@/lib/licence/subscriptions";

/** What `accounts show --json` prints, with dates in ISO 8601 UTC. Other programs read it, so it must not change. */
export type AccountReport = {
  account: AccountRecord;
  subscriptions: {
    id: string;
    product: string;
    state: SubscriptionView["state"];
    endsAt: Date;
    /** Devices that hold a seat, of how many. `devices list` names them. */
    devices: { taken: number; seats: number };
    grants: {
      source: string;
      months: number;
      days: number;
      grantedAt: Date;
      /** Null: the grant covers nothing any more. */
      endsAt: Date | null;
      undoneAt?: Date;
    }[];
    /** `hint` is the key's last group. */
    keys: { hint: string; state: "redeemed" | "withdrawn" }[];
    /** Of a partner's lease. While it runs, `endsAt` is in the year 9999. */
    lease?: { id: string; partner: string; state: LeaseState; changedAt: Date };
  }[];
  /** Keys kept for later; absent when there are none. */
  keptKeys?: { hint: string; product: string; months: number; days: number; keptAt: Date; startsItself: boolean }[];
  events: EventView[];
};

export function addAccountsShow(accounts: Command): void {
  accounts
    .command("show")
    .description("show an account: its subscriptions, what gave their days, and what happened")
    .argument("<email>", "the account's address")
    .option("--json", "as JSON")
    .action(async (email: string, { json }: { json?: true }) => {
      const report = await withDatabase(() => readReport(email));
      if (!report) throw new Failure(`There is no account with the address ${email}.`);
      await writeOut(json ? JSON.stringify(report, null, 2) + "\n" : textOf(report));
    });
}

async function readReport(email: string): Promise<AccountReport | null> {
  const found = await findAccount({ email });
  if (!found) return null;
  const accountId = found.account.id;
  const subscriptions = await listSubscriptions({ accountId }, { now: new Date() });
  const kept = await readKeptKeys(accountId);
  const keptKeys = kept.map(({ hint, product, term, keptAt, startsItself }) => ({
    ...{ hint, product, ...term, keptAt, startsItself },
  }));
  return {
    account: found.account,
    subscriptions: subscriptions.map(({ id, product, state, endsAt, seatsTaken, seats, grants, lease }) => ({
      id,
      product,
      state,
      endsAt,
      devices: { taken: seatsTaken, seats },
      grants: grants.map(reportGrant),
      keys: grants.flatMap(({ source }) => (source.kind === "key" ? keyOf(source) : [])),
      ...(lease && { lease: reportLease(lease) }),
    })),
    ...(keptKeys.length > 0 && { keptKeys }),
    events: found.events,
  };
}

const keyOf = ({ hint, withdrawnAt }: KeySource) => ({ hint, state: withdrawnAt ? "withdrawn" : "redeemed" }) as const;

const reportLease = ({ leaseId, partner, state, changedAt }: LeaseSource) => ({
  id: leaseId,
  partner,
  state,
  changedAt,
});

const reportGrant = ({ source, term, grantedAt, part, undoneAt }: GrantView) => ({
  source: source.kind,
  ...term,
  grantedAt,
  endsAt: part?.endsAt ?? null,
  ...(undoneAt && { undoneAt }),
});

function textOf({ account, subscriptions, keptKeys = [], events }: AccountReport): string {
  const { name, email, country, locale, timeZone, id, createdAt } = account;
  return [
    `${name} <${email}>, ${country}, ${locale}, ${timeZone}\naccount ${id}, since ${minuteOf(createdAt)}\n`,
    ...subscriptions.map(textOfSubscription),
    ...keptKeys.map(
      ({ hint, product, months, days, keptAt, startsItself }) =>
        `${product}, ${months} months ${days} days, kept since ${minuteOf(keptAt)}: ${maskKey(hint)}` +
        `${startsItself ? ", starts by itself" : ""}\n`,
    ),
    table([
      ["at (UTC)", "by", "what happened", "details"],
      ...events.map(({ at, actor, action, subject, details }) => [
        minuteOf(at),
        actor,
        action,
        [subject, ...Object.entries(details).map(([name, value]) => `${name} ${value}`)].filter(Boolean).join(", "),
      ]),
    ]),
  ].join("\n");
}

function textOfSubscription(subscription: AccountReport["subscriptions"][number]) {
  const { id, product, state, endsAt, devices, grants, keys, lease } = subscription;
  const heading = lease
    ? `${product}, lease ${lease.id} of ${lease.partner}, ${lease.state} since ${minuteOf(lease.changedAt)} (${id})\n`
    : `${product}, ${state === "active" ? "active until" : "ended on"} ${minuteOf(endsAt)} (${id})\n`;
  const rows = grants.map(({ source, months, days, grantedAt, endsAt, undoneAt }, at) => [
    lease ? source : `${source} ${maskKey(keys[at]!.hint)} (${keys[at]!.state})`,
    lease ? "open" : days > 0 ? `${months} months ${days} days` : `${months} months`,
    minuteOf(grantedAt),
    undoneAt ? `undone ${minuteOf(undoneAt)}` : endsAt ? untilOf(endsAt) : "nothing",
  ]);
  const seats = `${devices.taken} of ${devices.seats} devices\n`;
  return heading + seats + table([["from", "gives", "granted (UTC)", "until (UTC)"], ...rows]);
}

const untilOf = (end: Date) => (end >= OPEN_END ? "open" : minuteOf(end));
