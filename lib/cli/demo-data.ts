import "server-only";
import { randomBytes } from "node:crypto";
import { eq } from "drizzle-orm";
import { Client } from "pg";
import { createAccount, type NewAccount } from "@/lib/account/profile/create-account";
import { holdsAccounts } from "@/lib/account/profile/holds-accounts";
import { revokeSession } from "@/lib/account/session/sessions";
import { findAccount } from "@/lib/account/profile/find-account";
import type { ProductCode } from "@/lib/brand";
import { demoStates, readDemo, writeDemo, type Demo } from "@/lib/cli/demo-file";
import { Failure } from "@/lib/cli/failure";
import { dayOf } from "@/lib/cli/table";
import { db } from "@/lib/db/client";
import { account } from "@/lib/db/schema/account";
import { holdsDemoData, markDemoData } from "@/lib/db/settings";
import { issueKeys, type KeyOrder } from "@/lib/licence/issue-keys";
import { keepKey } from "@/lib/licence/keep-key";
import { previewKey } from "@/lib/licence/preview-key";
import { issueCodes } from "@/lib/licence/partners/issue-codes";
import { createPartner, findPartner } from "@/lib/licence/partners/partners";
import { formatKey, issueProductKey } from "@/lib/licence/product-key";
import { redeemKey } from "@/lib/licence/redeem-key";
import { voidKey } from "@/lib/licence/void-key";

const camille: NewAccount = {
  name: "Camille Demo",
  email: "camille@example.org",
  password: "demo-lantern-orchard-57",
  country: "FR",
  locale: "en",
  timeZone: "Europe/Paris",
};

/** The other account, which has used some of the demo keys. Nobody signs in to it. */
const sacha = (): NewAccount => ({
  ...camille,
  name: "Sacha Demo",
  email: "sacha@example.org",
  password: randomBytes(24).toString("base64url"),
});

/** The product that the demo account subscribes to, and one that it does not. */
const running: ProductCode = "norton-360-deluxe";
const other: ProductCode = "norton-360-premium";
/** The product of the partner's code, so that it changes what no other key does. */
const provided: ProductCode = "norton-360-standard";

const provider = { slug: "example-telecom", name: "Example Telecom" };

type Means = { url: string; lookupSecret: string };

/**
 * Fills an empty database with demo data, or returns the demo made by an earlier start. It first marks the database as
 * a demo, so that production refuses it. If a start is interrupted, the next one makes the data again.
 * @throws Failure when the database holds accounts and is not marked as a demo
 */
export async function ensureDemo(
  { dataDir, ...means }: Means & { dataDir: string },
  { now }: { now: Date },
): Promise<Demo> {
  const isDemo = await holdsDemoData();
  const kept = isDemo ? await readDemo(dataDir) : null;
  if (kept) return kept;
  if (!isDemo && (await holdsAccounts()))
    throw new Failure("The database holds accounts that are not a demo's. Set DATA_DIR to an empty directory.");
  await markDemoData();
  const made = { account: { email: camille.email, password: camille.password }, keys: await makeKeys(means, now) };
  await writeDemo(dataDir, made);
  return made;
}

async function makeKeys({ url, lookupSecret }: Means, now: Date): Promise<Demo["keys"]> {
  const daysAgo = (days: number) => new Date(now.getTime() - days * 86_400_000);
  const accountId = await makeAccount(camille, daysAgo(152));
  const stranger = await makeAccount(sacha(), daysAgo(90));

  const client = new Client({ connectionString: url });
  client.on("error", () => {});
  await client.connect();
  const issue = (product: ProductCode, given: Partial<KeyOrder> = {}) =>
    issueOne({ product, ...given }, { client, lookupSecret, now: daysAgo(180) });
  try {
    const keys: Demo["keys"] = [];
    const show = (state: Demo["keys"][number]["state"], product: ProductCode | null, key: string) =>
      keys.push({ key: formatKey(key), state, product });

    show("good", other, await issue(other, { redeemBy: dayOf(daysAgo(-365)) }));
    show("extends", running, await issue(running));
    const yours = await issue(running);
    await redeem(yours, accountId, daysAgo(152));
    show("alreadyYours", running, yours);
    const kept = await issue(running);
    await keepKey({ key: kept, accountId, network: null, startsItself: true }, { now: daysAgo(10) });
    show("kept", running, kept);
    for (const product of [running, other]) {
      const used = await issue(product);
      await redeem(used, stranger, daysAgo(40));
      show("usedByAnother", product, used);
      const withdrawn = await issue(product);
      await voidKey({ key: withdrawn, reason: "refunded" }, { now: daysAgo(30), lookupSecret });
      show("withdrawn", product, withdrawn);
      show("notReleased", product, await issue(product, { released: false }));
      show("expired", product, await issue(product, { redeemBy: dayOf(daysAgo(30)) }));
      show("region", product, await issue(product, { regions: ["CA", "US"] }));
    }
    show("ceiling", running, await issue(running, { months: 60 }));
    show("unknown", null, issueProductKey(randomBytes));
    show("mistyped", other, swapTwo(await issue(other)));
    show("partnerCode", provided, await issueCode({ client, lookupSecret, now: daysAgo(20) }));
    return keys.sort((a, b) => demoStates.indexOf(a.state) - demoStates.indexOf(b.state));
  } finally {
    await client.end();
  }
}

async function makeAccount(person: NewAccount, now: Date): Promise<string> {
  const made = await createAccount(person, { now, client: { addressPrefix: null, userAgent: null, browser: null } });
  if (made.status === "created") await revokeSession(made.reference);
  const found = await findAccount(person);
  if (!found) throw new Error(`the demo account could not be created: ${made.status}`);
  const { id } = found.account;
  // The link in its email is too old to be sent. Only a confirmed address gets reminders and answers, and may move keys.
  await db().update(account).set({ emailVerifiedAt: now }).where(eq(account.id, id));
  return id;
}

async function issueOne(
  order: Partial<KeyOrder> & Pick<KeyOrder, "product">,
  means: { client: Client; lookupSecret: string; now: Date },
): Promise<string> {
  let issued = "";
  const plain = { months: 12, count: 1, channel: "demo", regions: null, redeemBy: null, released: true, note: null };
  const sink = { begin: async () => {}, write: (key: string) => void (issued = key), end: async () => {} };
  await issueKeys({ ...plain, ...order }, sink, { ...means, randomBytes });
  return issued;
}

async function issueCode(means: { client: Client; lookupSecret: string; now: Date }): Promise<string> {
  // An interrupted start may have created the partner.
  const partner = (await createPartner(provider, means)) ?? (await findPartner(provider))!;
  let issued = "";
  const sink = { begin: async () => {}, write: (code: string) => void (issued = code), end: async () => {} };
  await issueCodes({ partner, product: provided, count: 1, redeemBy: null }, sink, { ...means, randomBytes });
  return issued;
}

async function redeem(key: string, accountId: string, now: Date): Promise<void> {
  const attempt = { key, accountId, network: null };
  const preview = await previewKey(attempt, { now });
  if (preview.status !== "ready") throw new Error(`a demo key was refused: ${preview.status}`);
  const [{ kind }] = preview.choices;
  if (kind === "keep") throw new Error("a demo key was better kept");
  await redeemKey({ ...attempt, choice: kind, previewVersion: preview.version }, { now });
}

/** Swaps the first two neighbouring characters that differ, from the middle group on. */
function swapTwo(key: string): string {
  const at = [10, 11, 12, 13, 14, 15, 16, 17, 18].find((p) => key[p] !== key[p + 1])!;
  return key.slice(0, at) + key[at + 1] + key[at] + key.slice(at + 2);
}
