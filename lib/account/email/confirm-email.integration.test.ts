import { and, eq, sql } from "drizzle-orm";
import { describe, expect, it } from "vitest";
import { askAgain, findConfirmation } from "@/lib/account/email/ask-to-confirm";
import { confirmEmail, confirmEmailByCode, findConfirmationLink } from "@/lib/account/email/confirm-email";
import { correctEmail } from "@/lib/account/email/correct-email";
import { createAccount } from "@/lib/account/profile/create-account";
import { findSession } from "@/lib/account/session/sessions";
import { codeOf, issueToken, tokenOf, type TokenPurpose } from "@/lib/account/tokens";
import { db, transaction } from "@/lib/db/client";
import { account, oneTimeToken } from "@/lib/db/schema/account";
import { event } from "@/lib/db/schema/event";
import { mail } from "@/lib/db/schema/mail";
import { withTestDatabase } from "@/lib/testing/database";

withTestDatabase();

const now = new Date("2026-11-23T14:05:00Z");
const minutesLater = (minutes: number) => new Date(now.getTime() + minutes * 60_000);
const password = "correct velvet otter lamp";
let networks = 0;
/** A network of its own for each call, so that no limit is shared. */
const from = (at = now) => ({
  now: at,
  client: { addressPrefix: `203.1.${++networks >> 8}.${networks & 255}`, userAgent: "test", browser: null },
});
const newAddress = () => `${crypto.randomUUID()}@example.org`;

const create = (email: string, secret = password) =>
  createAccount(
    { name: "Camille", email, password: secret, country: "FR", locale: "fr", timeZone: "Europe/Paris" },
    from(),
  );

async function madeAccount(email = newAddress()) {
  const answer = await create(email);
  if (answer.status !== "created") throw new Error(answer.status);
  return { id: (await findSession(answer.reference))!.account.id, email };
}

async function confirmedAccount() {
  const somebody = await madeAccount();
  await confirmEmail((await newestMail(somebody.id)).token, from());
  return somebody;
}

/** Lets a minute pass for the counters, which use the database's clock. */
const aMinutePasses = () =>
  db().execute(sql`UPDATE limit_counter SET ends_at = now() WHERE "limit" = 'confirmMailPerMinute'`);

const mailsOf = (accountId: string) =>
  db().select().from(mail).where(eq(mail.accountId, accountId)).orderBy(mail.createdAt);

/** Reads the newest email that asks to confirm an address. */
async function newestMail(accountId: string) {
  const sent = (await mailsOf(accountId)).filter(({ kind }) => kind === "confirm-address");
  const { tokenId, recipient } = sent.at(-1)!;
  const [row] = await db().select().from(oneTimeToken).where(eq(oneTimeToken.id, tokenId!));
  const purpose = row!.purpose as TokenPurpose;
  return { recipient, token: tokenOf({ id: tokenId!, purpose }), code: codeOf({ id: tokenId! }) };
}

/** Asks for another address, as My account does. */
const askToChange = (accountId: string, email: string): Promise<string> =>
  transaction(async (tx) => (await issueToken(tx, { purpose: "change-email", accountId, email }, { now })).token);

const stored = async (accountId: string) => {
  const [row] = await db()
    .select({ email: account.email, emailVerifiedAt: account.emailVerifiedAt })
    .from(account)
    .where(eq(account.id, accountId));
  return row!;
};

const eventsOf = (accountId: string, action: string) =>
  db()
    .select()
    .from(event)
    .where(and(eq(event.accountId, accountId), eq(event.action, action)));

const otherThan = (code: string) => String((Number(code) + 1) % 1_000_000).padStart(6, "0");

describe("an address", () => {
  it("is confirmed by the emailed link, and opening the link alone confirms nothing", async () => {
    const { id, email } = await madeAccount();
    const { token } = await newestMail(id);
    for (let scan = 0; scan < 3; scan++)
      expect(await findConfirmationLink(token, { now })).toEqual({ status: "open", accountId: id, email });
    expect((await stored(id)).emailVerifiedAt).toBeNull();
    const confirmed = { status: "confirmed", accountId: id, email };
    expect(await confirmEmail(token, from(minutesLater(2)))).toEqual(confirmed);
    expect((await stored(id)).emailVerifiedAt).toEqual(minutesLater(2));

    // Confirming again succeeds and changes nothing.
    expect(await confirmEmail(token, from(minutesLater(3)))).toEqual(confirmed);
    expect(await findConfirmationLink(token, { now: minutesLater(3) })).toEqual(confirmed);
    expect((await stored(id)).emailVerifiedAt).toEqual(minutesLater(2));
    expect(await eventsOf(id, "account.email-confirmed")).toHaveLength(1);
  });

  it("is not confirmed by a link that is a day old, replaced, or of another purpose (S04)", async () => {
    const { id, email } = await madeAccount();
    const first = await newestMail(id);
    const over = { status: "over" };
    expect(await confirmEmail(first.token, from(minutesLater(24 * 60)))).toEqual(over);
    await aMinutePasses();
    expect(await askAgain({ accountId: id }, { now })).toEqual({ status: "sent", email });
    expect(await confirmEmail(first.token, from())).toEqual(over);
    expect(await findConfirmationLink(first.token, { now })).toEqual(over);
    const reset = await transaction((tx) =>
      issueToken(tx, { purpose: "reset-password", accountId: id, email }, { now }),
    );
    expect(await confirmEmail(reset.token, from())).toEqual(over);
    expect((await stored(id)).emailVerifiedAt).toBeNull();
  });

  it("is confirmed once when sixteen requests use the link at once (S23)", async () => {
    const { id } = await madeAccount();
    const { token } = await newestMail(id);
    const answers = await Promise.all(Array.from({ length: 16 }, () => confirmEmail(token, from())));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set(["confirmed"]));
    expect(await eventsOf(id, "account.email-confirmed")).toHaveLength(1);
  });

  it("is confirmed by the six-digit code of this account's newest email only, within 15 minutes (S04)", async () => {
    const { id, email } = await madeAccount();
    const stranger = await madeAccount();
    const { code } = await newestMail(id);
    const byCode = (accountId: string, digits: string, at = now) =>
      confirmEmailByCode({ accountId, code: digits }, from(at));
    expect(await byCode(stranger.id, code)).toMatchObject({ status: "wrong" });
    expect(await byCode(id, code, minutesLater(15))).toEqual({ status: "over" });
    expect(await byCode(id, code, minutesLater(14))).toEqual({ status: "confirmed", accountId: id, email });
    expect((await stored(stranger.id)).emailVerifiedAt).toBeNull();
  });

  it("allows five tries at a code, in a burst too, and then refuses even the right code", async () => {
    const { id } = await madeAccount();
    const { code } = await newestMail(id);
    const wrong = otherThan(code);
    const burst = await Promise.all(
      Array.from({ length: 32 }, () => confirmEmailByCode({ accountId: id, code: wrong }, from())),
    );
    const left = burst.flatMap((answer) => (answer.status === "wrong" ? [answer.triesLeft] : [])).sort();
    expect(left).toEqual([1, 2, 3, 4]);
    expect(await confirmEmailByCode({ accountId: id, code }, from())).toEqual({ status: "over" });
    expect(await eventsOf(id, "account.code-refused")).toHaveLength(5);
    // The link of the same email still works, and so does the next email's code.
    expect((await findConfirmation({ accountId: id }, { now }))!.codeCounts).toBe(false);
    await aMinutePasses();
    await askAgain({ accountId: id }, { now });
    const next = await newestMail(id);
    expect(await confirmEmailByCode({ accountId: id, code: next.code }, from())).toMatchObject({ status: "confirmed" });
  });

  it("is sent one email a minute and five an hour, and the limit is shown", async () => {
    const { id, email } = await madeAccount();
    expect(await askAgain({ accountId: id }, { now })).toMatchObject({ status: "limited" });
    const sent: string[] = [];
    for (let minute = 0; minute < 6; minute++) {
      await aMinutePasses();
      sent.push((await askAgain({ accountId: id }, { now })).status);
    }
    expect(sent).toEqual(["sent", "sent", "sent", "sent", "limited", "limited"]);
    const asked = (await mailsOf(id)).filter(
      ({ kind, recipient }) => kind === "confirm-address" && recipient === email,
    );
    expect(asked).toHaveLength(5);
  });

  it("a confirmed address gets no further confirmation email", async () => {
    const { id } = await confirmedAccount();
    expect(await findConfirmation({ accountId: id }, { now })).toBeNull();
    await aMinutePasses();
    expect(await askAgain({ accountId: id }, { now })).toEqual({ status: "nothingToAsk" });
  });
});

describe("correcting an unconfirmed address", () => {
  it("takes effect at once: the new address is asked to confirm, the old one gets no email and no access", async () => {
    const { id, email: slip } = await madeAccount();
    const before = await newestMail(id);
    const { id: resetId } = await transaction((tx) =>
      issueToken(tx, { purpose: "reset-password", accountId: id, email: slip }, { now }),
    );
    const right = newAddress();
    expect(await correctEmail({ accountId: id, email: ` ${right} ` }, from())).toEqual({ status: "corrected" });
    expect(await stored(id)).toEqual({ email: right, emailVerifiedAt: null });
    expect(await confirmEmail(before.token, from())).toEqual({ status: "over" });
    const [reset] = await db().select().from(oneTimeToken).where(eq(oneTimeToken.id, resetId));
    expect(reset!.usedAt).not.toBeNull();
    const asked = await newestMail(id);
    expect(asked.recipient).toBe(right);
    expect((await mailsOf(id)).map(({ recipient }) => recipient)).toEqual([slip, right]);
    expect(await confirmEmail(asked.token, from())).toEqual({ status: "confirmed", accountId: id, email: right });
    expect(await eventsOf(id, "account.email-corrected")).toHaveLength(1);
    // The owner of the first address can create an account with it now.
    expect((await create(slip)).status).toBe("created");
  });

  it("is refused for an address that another account has, in any spelling, or can restore", async () => {
    const { id, email } = await madeAccount();
    const other = await madeAccount();
    await aMinutePasses();
    expect(await correctEmail({ accountId: id, email: other.email.toUpperCase() }, from())).toEqual({
      status: "taken",
    });
    const moved = await confirmedAccount();
    await confirmEmail(await askToChange(moved.id, newAddress()), from());
    await aMinutePasses();
    expect(await correctEmail({ accountId: id, email: moved.email }, from())).toEqual({ status: "taken" });
    expect(await stored(id)).toEqual({ email, emailVerifiedAt: null });
  });

  it("is refused once the address is confirmed, and is limited to five an hour", async () => {
    const { id } = await confirmedAccount();
    expect(await correctEmail({ accountId: id, email: newAddress() }, from())).toEqual({ status: "confirmed" });
    const other = await madeAccount();
    const answers = [];
    for (let time = 0; time < 6; time++)
      answers.push((await correctEmail({ accountId: other.id, email: newAddress() }, from())).status);
    expect(answers).toEqual([...Array<string>(5).fill("corrected"), "limited"]);
  });
});

describe("a change of a confirmed address", () => {
  it("is made by the link emailed to the new address; the old one can restore it for seven days", async () => {
    const { id, email: old } = await confirmedAccount();
    const wished = newAddress();
    const token = await askToChange(id, wished);
    expect(await findConfirmation({ accountId: id }, { now })).toMatchObject({
      purpose: "change-email",
      email: wished,
    });
    expect((await stored(id)).email).toBe(old);
    const reset = await transaction((tx) =>
      issueToken(tx, { purpose: "reset-password", accountId: id, email: old }, { now }),
    );

    const at = minutesLater(5);
    expect(await confirmEmail(token, from(at))).toEqual({ status: "confirmed", accountId: id, email: wished });
    expect(await stored(id)).toEqual({ email: wished, emailVerifiedAt: at });
    const told = (await mailsOf(id)).filter(({ kind }) => kind.startsWith("address-"));
    expect(told.map(({ kind, recipient }) => [kind, recipient]).sort()).toEqual([
      ["address-changed", wished],
      ["address-restorable", old],
    ]);
    const [way] = await db()
      .select()
      .from(oneTimeToken)
      .where(eq(oneTimeToken.id, told.find(({ tokenId }) => tokenId)!.tokenId!));
    expect(way).toMatchObject({ purpose: "restore-email", email: old, usedAt: null });
    expect(way!.expiresAt).toEqual(new Date(at.getTime() + 7 * 86_400_000));
    // Links sent to the old address no longer work.
    const [spent] = await db().select().from(oneTimeToken).where(eq(oneTimeToken.id, reset.id));
    expect(spent!.usedAt).not.toBeNull();
    expect(await eventsOf(id, "account.email-changed")).toHaveLength(1);
  });

  it("is made once when sixteen requests use the link at once (S23)", async () => {
    const { id } = await confirmedAccount();
    const token = await askToChange(id, newAddress());
    const answers = await Promise.all(Array.from({ length: 16 }, () => confirmEmail(token, from())));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set(["confirmed"]));
    expect((await mailsOf(id)).filter(({ kind }) => kind === "address-restorable")).toHaveLength(1);
    expect(await eventsOf(id, "account.email-changed")).toHaveLength(1);
  });

  it("a change to an address that was taken meanwhile is refused, and succeeds once the address is free again", async () => {
    const { id, email } = await confirmedAccount();
    const wished = newAddress();
    const token = await askToChange(id, wished);
    const other = await madeAccount(wished);
    expect(await confirmEmail(token, from())).toEqual({ status: "taken" });
    expect((await stored(id)).email).toBe(email);
    await correctEmail({ accountId: other.id, email: newAddress() }, from());
    expect(await confirmEmail(token, from())).toMatchObject({ status: "confirmed", email: wished });
  });

  it("reserves the old address while it can be restored", async () => {
    const { id, email: old } = await confirmedAccount();
    await confirmEmail(await askToChange(id, newAddress()), from());
    expect(await create(old.toUpperCase())).toEqual({ status: "taken" });
    const other = await confirmedAccount();
    expect(await confirmEmail(await askToChange(other.id, old), from())).toEqual({ status: "taken" });
    // The same account may go back to it.
    expect(await confirmEmail(await askToChange(id, old), from())).toMatchObject({ status: "confirmed", email: old });
    // When the time is over, anybody can have it.
    await db().execute(
      sql`UPDATE one_time_token SET expires_at = ${now.toISOString()} WHERE purpose = 'restore-email'`,
    );
    await confirmEmail(await askToChange(id, newAddress()), from());
    await db().execute(
      sql`UPDATE one_time_token SET expires_at = ${now.toISOString()} WHERE purpose = 'restore-email'`,
    );
    expect((await create(old)).status).toBe("created");
  });

  it("gives an address to one of several accounts that want it at once, and the others an answer", async () => {
    const wished = newAddress();
    const wanting = await Promise.all(Array.from({ length: 6 }, () => confirmedAccount()));
    const tokens = await Promise.all(wanting.map(({ id }) => askToChange(id, wished)));
    const answers = await Promise.all([
      ...tokens.map((token) => confirmEmail(token, from())),
      create(wished, "seven quiet herons"),
    ]);
    const statuses = answers.map(({ status }) => status);
    expect(statuses.filter((status) => status !== "taken")).toHaveLength(1);
    const [{ count } = { count: 0 }] = (
      await db().execute<{ count: number }>(sql`SELECT count(*)::int AS count FROM account WHERE email = ${wished}`)
    ).rows;
    expect(count).toBe(1);
  });
});
