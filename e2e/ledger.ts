export type Ledger = {
  accountId: string;
  country: string;
  locale: string;
  timeZone: string;
  subscriptions: {
    id: string;
    product: string;
    endsAt: Date;
    grants: { id: string; months: number; at: Date }[];
  }[];
  /** The account's keys, with their last group. */
  keys: { state: string; hint: string }[];
  /** Events, oldest first. */
  events: { action: string; subject: string | null; details: Record<string, unknown> }[];
};

type Query = <Row extends object>(sql: string, values?: unknown[]) => Promise<Row[]>;

/** Reads everything the database holds of an account, without the product's own code. */
export async function readLedger(rows: Query, email: string): Promise<Ledger> {
  const [account] = await rows<{ id: string; country: string; locale: string; time_zone: string }>(
    "SELECT id, country, locale, time_zone FROM account WHERE email = $1",
    [email],
  );
  if (!account) throw new Error(`there is no account ${email}`);
  const subscriptions = await rows<{ id: string; product_code: string; ends_at: Date }>(
    "SELECT id, product_code, ends_at FROM subscription WHERE account_id = $1 ORDER BY created_at",
    [account.id],
  );
  const grants = await rows<{ id: string; subscription_id: string; months: number; granted_at: Date }>(
    `SELECT g.id, subscription_id, months, granted_at FROM grant_entry g JOIN subscription s ON s.id = subscription_id
      WHERE s.account_id = $1 AND undone_at IS NULL ORDER BY seq`,
    [account.id],
  );
  return {
    accountId: account.id,
    country: account.country,
    locale: account.locale,
    timeZone: account.time_zone,
    subscriptions: subscriptions.map((subscription) => ({
      id: subscription.id,
      product: subscription.product_code,
      endsAt: subscription.ends_at,
      grants: grants
        .filter((grant) => grant.subscription_id === subscription.id)
        .map(({ id, months, granted_at }) => ({ id, months, at: granted_at })),
    })),
    keys: await rows("SELECT state, hint FROM product_key WHERE account_id = $1 ORDER BY redeemed_at", [account.id]),
    events: await rows("SELECT action, subject, details FROM event WHERE account_id = $1 ORDER BY id", [account.id]),
  };
}
