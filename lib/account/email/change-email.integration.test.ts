import { and, asc, eq, sql } from "drizzle-orm";
import { describe, expect, it } from "vitest";
import { findConfirmation } from "@/lib/account/email/ask-to-confirm";
import { askToChangeEmail, cancelEmailChange } from "@/lib/account/email/change-email";
import { confirmEmail } from "@/lib/account/email/confirm-email";
import { createAccount } from "@/lib/account/profile/create-account";
import { erasedOn } from "@/lib/account/deletion/delete-account";
import { resetPassword } from "@/lib/account/password/reset-password";
import { restoreEmail, findRestorationLink } from "@/lib/account/email/restore-email";
import { findSession } from "@/lib/account/session/sessions";
import { signIn } from "@/lib/account/password/sign-in";
import { issueToken, tokenOf, type TokenPurpose } from "@/lib/account/tokens";
import { db, transaction } from "@/lib/db/client";
import { account, oneTimeToken, passkey } from "@/lib/db/schema/account";
import { event } from "@/lib/db/schema/event";
import { mail } from "@/lib/db/schema/mail";
import { withTestDatabase } from "@/lib/testing/database";

withTestDatabase();

const start = new Date("2026-11-23T14:05:00Z");
const hoursLater = (hours: number) => new Date(start.getTime() + hours * 3_600_000);
const password = "correct velvet otter lamp";
let networks = 0;
/** A network of its own for each call, so that no limit is shared. */
const from = (now = start, addressPrefix = `203.2.${++networks >> 8}.${networks & 255}`) => ({
  now,
  client: { addressPrefix, userAgent: "test", browser: null },
});
const newAddress = () => `${crypto.randomUUID()}@example.org`;

const create = (email: string) =>
  createAccount({ name: "Camille", email, password, country: "FR", locale: "fr", timeZone: "Europe/Paris" }, from());

async function madeAccount({ confirmed = true } = {}) {
  const email = newAddress();
  const answer = await create(email);
  if (answer.status !== "created") throw new Error(answer.status);
  const { reference } = answer;
  const { id: accountId } = (await findSession(reference))!.account;
  if (confirmed) await confirmEmail((await newestMail(accountId, "confirm-address")).token, from());
  return { accountId, email, reference };
}

const mailsOf = (accountId: string, kind: string) =>
  db()
    .select({ recipient: mail.recipient, tokenId: mail.tokenId, details: mail.details })
    .from(mail)
    .where(and(eq(mail.accountId, accountId), eq(mail.kind, kind)))
    .orderBy(asc(mail.createdAt));

async function newestMail(accountId: string, kind: string) {
  const { recipient, tokenId, details } = (await mailsOf(accountId, kind)).at(-1)!;
  const [row] = await db().select().from(oneTimeToken).where(eq(oneTimeToken.id, tokenId!));
  return { recipient, details, token: tokenOf({ id: tokenId!, purpose: row!.purpose as TokenPurpose }) };
}

const stored = async (accountId: string) => (await db().select().from(account).where(eq(account.id, accountId)))[0]!;

const eventsOf = async (accountId: string, ...actions: string[]) =>
  (
    await db()
      .select({ action: event.action, details: event.details })
      .from(event)
      .where(eq(event.accountId, accountId))
      .orderBy(event.id)
  ).filter(({ action }) => actions.length === 0 || actions.includes(action));

const pendingOf = async (accountId: string, now = start) => (await findConfirmation({ accountId }, { now }))?.email;

/** The counters use the database's clock, so the test deletes them. */
const noMailWasSentLately = () => db().execute(sql`DELETE FROM limit_counter WHERE "limit" LIKE 'confirmMail%'`);

/** Asks for a change and confirms it, as an owner or an intruder would. */
async function changeTo(accountId: string, email: string, now: Date) {
  expect(await askToChangeEmail({ accountId, email }, from(now))).toEqual({ status: "asked" });
  expect(await confirmEmail((await newestMail(accountId, "confirm-address")).token, from(now))).toMatchObject({
    status: "confirmed",
  });
  return (await newestMail(accountId, "address-restorable")).token;
}

describe("asking for another address", () => {
  it("changes nothing until the new address confirms, and emails only the new address", async () => {
    const { accountId, email } = await madeAccount();
    const wanted = newAddress();
    expect(await askToChangeEmail({ accountId, email: ` ${wanted} ` }, from())).toEqual({ status: "asked" });
    expect(await stored(accountId)).toMatchObject({ email, emailVerifiedAt: start });
    expect(await pendingOf(accountId)).toBe(wanted);
    const { recipient, token } = await newestMail(accountId, "confirm-address");
    expect(recipient).toBe(wanted);
    expect(await eventsOf(accountId, "account.email-change-asked")).toHaveLength(1);

    await confirmEmail(token, from());
    expect(await stored(accountId)).toMatchObject({ email: wanted });
    expect(await pendingOf(accountId)).toBeUndefined();
  });

  it("asking for the account's own address, in any spelling, sends no email and records no event", async () => {
    for (const confirmed of [true, false]) {
      const { accountId, email } = await madeAccount({ confirmed });
      const before = await eventsOf(accountId);
      for (const same of [email, ` ${email.toUpperCase()} `])
        expect(await askToChangeEmail({ accountId, email: same }, from())).toEqual({ status: "same" });
      expect(await eventsOf(accountId)).toEqual(before);
      expect(await mailsOf(accountId, "confirm-address")).toHaveLength(1);
    }
  });

  it("is refused openly when another account has it or can still restore it, with an event and no email", async () => {
    const [somebody, other, moved] = [await madeAccount(), await madeAccount(), await madeAccount()];
    await changeTo(moved.accountId, newAddress(), start);
    for (const email of [other.email, other.email.toUpperCase(), moved.email])
      expect(await askToChangeEmail({ accountId: somebody.accountId, email }, from())).toEqual({ status: "taken" });
    expect(await eventsOf(somebody.accountId, "account.email-change-refused")).toEqual(
      Array(3).fill({ action: "account.email-change-refused", details: { reason: "taken" } }),
    );
    expect(await mailsOf(somebody.accountId, "confirm-address")).toHaveLength(1);
    expect(await pendingOf(somebody.accountId)).toBeUndefined();
    // A new account cannot have it either.
    expect(await create(moved.email)).toEqual({ status: "taken" });
    // After seven days anybody can have it.
    await noMailWasSentLately();
    const later = from(hoursLater(7 * 24 + 1));
    expect(await askToChangeEmail({ accountId: somebody.accountId, email: moved.email }, later)).toEqual({
      status: "asked",
    });
  });

  it("corrects an unconfirmed address at once", async () => {
    const { accountId, email } = await madeAccount({ confirmed: false });
    const wanted = newAddress();
    expect(await askToChangeEmail({ accountId, email: wanted }, from())).toEqual({ status: "corrected" });
    expect(await stored(accountId)).toMatchObject({ email: wanted, emailVerifiedAt: null });
    const sent = (await mailsOf(accountId, "confirm-address")).map(({ recipient }) => recipient);
    expect(sent).toEqual([email, wanted]);
    const { email: taken } = await madeAccount();
    expect(await askToChangeEmail({ accountId, email: taken }, from())).toEqual({ status: "taken" });
  });

  it("is limited per account, a network learns of 20 taken addresses, and reaching a limit records one event", async () => {
    const { accountId } = await madeAccount();
    const ask = (context: ReturnType<typeof from>, id = accountId, email = newAddress()) =>
      askToChangeEmail({ accountId: id, email }, context);
    const answers = await Promise.all(Array.from({ length: 20 }, () => ask(from())));
    expect(answers.filter(({ status }) => status === "asked")).toHaveLength(5);
    expect(answers.filter(({ status }) => status === "limited")).toHaveLength(15);
    expect(await eventsOf(accountId, "account.email-change-refused")).toHaveLength(1);

    const { email: taken } = await madeAccount();
    const network = from();
    const statuses: string[] = [];
    for (let round = 0; round < 5; round++) {
      const { accountId: id } = await madeAccount();
      for (let count = 0; count < 5; count++) statuses.push((await ask(network, id, taken)).status);
    }
    expect(statuses.filter((status) => status === "taken")).toHaveLength(20);
    expect(statuses.slice(20)).toEqual(Array(5).fill("limited"));
  });

  it("refuses a second email to one address within a minute", async () => {
    const wanted = newAddress();
    const [one, two] = [await madeAccount(), await madeAccount()];
    expect(await askToChangeEmail({ accountId: one.accountId, email: wanted }, from())).toEqual({ status: "asked" });
    const again = await askToChangeEmail({ accountId: two.accountId, email: wanted }, from());
    expect(again).toMatchObject({ status: "limited" });
    // An attempt that sent no email is not counted.
    const { email: taken } = await madeAccount();
    await noMailWasSentLately();
    for (let count = 0; count < 2; count++)
      expect(await askToChangeEmail({ accountId: two.accountId, email: taken }, from())).toEqual({ status: "taken" });
  });

  it("can be cancelled: link and code become void, and one event is recorded", async () => {
    const { accountId, email } = await madeAccount();
    await cancelEmailChange({ accountId }, from());
    expect(await eventsOf(accountId, "account.email-change-cancelled")).toEqual([]);
    await askToChangeEmail({ accountId, email: newAddress() }, from());
    const { token } = await newestMail(accountId, "confirm-address");
    for (let count = 0; count < 2; count++) await cancelEmailChange({ accountId }, from());
    expect(await pendingOf(accountId)).toBeUndefined();
    expect(await confirmEmail(token, from())).toEqual({ status: "over" });
    expect(await stored(accountId)).toMatchObject({ email });
    expect(await eventsOf(accountId, "account.email-change-cancelled")).toHaveLength(1);
  });

  it("a second request voids the first one's link and shows the newer address as pending", async () => {
    const { accountId } = await madeAccount();
    const [first, second] = [newAddress(), newAddress()];
    await askToChangeEmail({ accountId, email: first }, from());
    const { token } = await newestMail(accountId, "confirm-address");
    await askToChangeEmail({ accountId, email: second }, from(hoursLater(1)));
    expect(await pendingOf(accountId, hoursLater(1))).toBe(second);
    expect(await confirmEmail(token, from(hoursLater(1)))).toEqual({ status: "over" });
  });
});

describe("restoring a former address", () => {
  const putPasskey = (accountId: string) =>
    db()
      .insert(passkey)
      .values({
        accountId,
        credentialId: crypto.randomUUID(),
        publicKey: Buffer.from("x"),
        counter: 0,
        transports: [],
        name: "Intruder’s",
        createdAt: start,
      });

  it("revokes an intruder's sessions, passkeys, links and password, and emails a link to a new password", async () => {
    const { accountId, email, reference } = await madeAccount();
    const token = await changeTo(accountId, newAddress(), hoursLater(1));
    await putPasskey(accountId);
    await askToChangeEmail({ accountId, email: newAddress() }, from(hoursLater(2)));
    const pending = await newestMail(accountId, "confirm-address");
    expect(await findRestorationLink(token, { now: hoursLater(3) })).toEqual({ status: "open", email });

    expect(await restoreEmail({ token }, from(hoursLater(3)))).toEqual({ status: "restored", email });
    expect(await stored(accountId)).toMatchObject({ email, emailVerifiedAt: hoursLater(3) });
    expect(await findSession(reference)).toBeNull();
    expect(await db().select().from(passkey).where(eq(passkey.accountId, accountId))).toEqual([]);
    expect(await confirmEmail(pending.token, from(hoursLater(3)))).toEqual({ status: "over" });
    expect((await signIn({ email, password }, from())).status).toBe("wrong");
    const actions = (await eventsOf(accountId)).map(({ action }) => action);
    expect(actions.filter((action) => action === "account.email-restored")).toHaveLength(1);
    expect(actions.filter((action) => action === "passkey.removed")).toHaveLength(1);

    const reset = await newestMail(accountId, "address-restored");
    expect(reset.details).toEqual({ passkeysRemoved: 1 });
    expect(reset.recipient).toBe(email);
    const renewed = { token: reset.token, password: "another velvet otter lamp" };
    expect(await resetPassword(renewed, from(hoursLater(3)))).toEqual({ status: "reset" });
    expect((await signIn({ email, password: renewed.password }, from())).status).toBe("signedIn");
  });

  it("twenty simultaneous uses of the link restore the address once, with the same answer for each (S23)", async () => {
    const { accountId, email } = await madeAccount();
    const token = await changeTo(accountId, newAddress(), hoursLater(1));
    const answers = await Promise.all(Array.from({ length: 20 }, () => restoreEmail({ token }, from(hoursLater(2)))));
    expect(answers).toEqual(Array(20).fill({ status: "restored", email }));
    expect(await mailsOf(accountId, "address-restored")).toHaveLength(1);
    expect(await eventsOf(accountId, "account.email-restored")).toHaveLength(1);
    expect(await findRestorationLink(token, { now: hoursLater(2) })).toEqual({ status: "restored", email });
  });

  it("works from the first address after two changes, and the second address's link cannot prevent it", async () => {
    const { accountId, email: first } = await madeAccount();
    const second = newAddress();
    const ofFirst = await changeTo(accountId, second, hoursLater(1));
    const ofSecond = await changeTo(accountId, newAddress(), hoursLater(2));

    expect(await restoreEmail({ token: ofSecond }, from(hoursLater(3)))).toEqual({ status: "restored", email: second });
    const reset = await newestMail(accountId, "address-restored");
    await resetPassword({ token: reset.token, password: "an intruder picks another" }, from(hoursLater(3)));

    expect(await restoreEmail({ token: ofFirst }, from(hoursLater(4)))).toEqual({ status: "restored", email: first });
    expect(await stored(accountId)).toMatchObject({ email: first });
  });

  it("restoring the first address voids the links of later addresses", async () => {
    const { accountId, email: first } = await madeAccount();
    const ofFirst = await changeTo(accountId, newAddress(), hoursLater(1));
    const ofSecond = await changeTo(accountId, newAddress(), hoursLater(2));
    await restoreEmail({ token: ofFirst }, from(hoursLater(3)));
    expect(await findRestorationLink(ofSecond, { now: hoursLater(3) })).toEqual({ status: "over" });
    expect(await restoreEmail({ token: ofSecond }, from(hoursLater(3)))).toEqual({ status: "over" });
    expect(await stored(accountId)).toMatchObject({ email: first });
  });

  it("fails after seven days, and for a link of another purpose or an unknown one", async () => {
    const { accountId, email } = await madeAccount();
    const wanted = newAddress();
    const token = await changeTo(accountId, wanted, start);
    const late = hoursLater(7 * 24);
    expect(await findRestorationLink(token, { now: late })).toEqual({ status: "over" });
    expect(await restoreEmail({ token }, from(late))).toEqual({ status: "over" });
    const other = await transaction((tx) =>
      issueToken(tx, { purpose: "reset-password", accountId, email }, { now: start }),
    );
    for (const none of [other.token, "none", ""])
      expect(await restoreEmail({ token: none }, from())).toEqual({ status: "over" });
    expect(await stored(accountId)).toMatchObject({ email: wanted });
    expect(await eventsOf(accountId, "account.email-restored")).toEqual([]);
  });

  it("cancels a deletion that the intruder had confirmed", async () => {
    const { accountId } = await madeAccount();
    const token = await changeTo(accountId, newAddress(), hoursLater(1));
    await db()
      .update(account)
      .set({ leavesAt: erasedOn(start) })
      .where(eq(account.id, accountId));
    await restoreEmail({ token }, from(hoursLater(2)));
    expect((await stored(accountId)).leavesAt).toBeNull();
    expect(await eventsOf(accountId, "account.kept")).toHaveLength(1);
  });
});
