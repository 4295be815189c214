import { randomBytes, randomUUID } from "node:crypto";
import { sql } from "drizzle-orm";
import type { Page } from "@playwright/test";
import { claimHandoff } from "@/lib/account/handoff/claim-handoff";
import { handoffCodeOf } from "@/lib/account/handoff/handoff-code";
import { findHandoff } from "@/lib/account/handoff/handoffs";
import { makeHandoff } from "@/lib/account/handoff/make-handoff";
import { startAppSession } from "@/lib/account/oauth/app-sessions";
import { changeReminders, reminderToken } from "@/lib/account/profile/reminders";
import { answerDispute } from "@/lib/licence/disputes/answer-dispute";
import { formatKey, issueProductKey } from "@/lib/licence/product-key";
import { sealMove } from "@/lib/licence/sealed-move";
import { findUndo, undoRedemption } from "@/lib/licence/undo-redemption";
import { changeLease } from "@/lib/licence/leases/change-lease";
import { voidKey } from "@/lib/licence/void-key";
import { findSession, newReference, openSession } from "@/lib/account/session/sessions";
import { db, transaction } from "@/lib/db/client";
import { authenticatorOf } from "./authenticator";
import { monthsLater } from "./dates";
import { expect, type Given, type Person } from "./fixtures";
import { given } from "./given";
import { exampleApp } from "./server";

/** The page that shows a key before sign-in, for the path of its review. */
const lookOf = (review: string) => review.replace("/review?", "/look?");

const anotherAddress = () => `another.${randomBytes(5).toString("hex")}@example.org`;

/** Every state a page can be in, with the steps to reach it. Each function returns once the state is on the screen. */
export const states: Record<string, (given: Given) => Promise<void>> = {
  "API reference": async ({ page, words }) => {
    await page.goto("/api");
    await expectHeading(page, words.api.title);
  },
  setup: async ({ page, words }) => {
    await page.goto("/home/setup");
    await expectHeading(page, words.setup.title);
  },
  "setup, signed in": async ({ page, words, signedIn }) => {
    await signedIn();
    await page.goto("/home/setup");
    await expectHeading(page, words.setup.title);
  },
  "setup, signed out just now": async ({ page, words, says, signedIn }) => {
    await signedIn();
    await page.goto("/home/account");
    await page.getByRole("button", { name: words.account.signOut }).click();
    await expect(page.getByText(says.signIn.signedOut)).toBeVisible();
  },

  "sign-in": async ({ page, words }) => {
    await page.goto("/sign-in");
    await expectHeading(page, words.signIn.title);
  },
  "sign-in, key held": async ({ page, words, says, key }) => {
    await page.goto("/home/setup/key");
    await page.getByLabel(words.key.field).fill(await key());
    await page.getByRole("button", { name: words.key.submit }).click();
    await page.getByRole("main").getByRole("link", { name: says.look.signIn, exact: true }).click();
    await expect(page.getByText(says.signIn.keyHeld)).toBeVisible();
  },
  look: async ({ page, says, key, verified }) => {
    await page.goto(lookOf(await verified(await key({ redeemBy: "2031-05-31", regions: ["FR", "BE"] }))));
    await expectHeading(page, says.look.title);
  },
  "look, key in use": async ({ page, says, person, redeemed, verified }) => {
    await page.goto(lookOf(await verified(await redeemed(await person({ email: anotherAddress() })))));
    await expectHeading(page, says.look.used.title);
  },
  "look, not released": async ({ page, says, key, verified }) => {
    await page.goto(lookOf(await verified(await key({ released: false }))));
    await expectHeading(page, says.refusal.notReleased.title);
  },
  "several keys": async ({ page, says, keys, person, signedIn, redeemed, verified }) => {
    const somebody = await signedIn();
    await redeemed(somebody);
    const printed = [
      ...(await keys({ count: 2 })),
      await redeemed(await person({ email: anotherAddress() })),
      ...(await keys({ product: "norton-360-premium", months: 24 })),
    ];
    const ids: string[] = [];
    for (const key of printed) ids.push((await verified(key)).split("=")[1]!);
    await page.goto(`/home/setup/keys?p=${ids.join(".")}`);
    await expectHeading(page, says.several.title.replace("{count}", "4"));
  },
  "several keys, done": async ({ page, says, keys, signedIn, redeemed, verified, kept }) => {
    const somebody = await signedIn();
    const printed = [await redeemed(somebody), (await kept(somebody)).printed, ...(await keys({ count: 1 }))];
    const ids: string[] = [];
    for (const key of printed) ids.push((await verified(key)).split("=")[1]!);
    await page.goto(`/home/setup/keys/done?p=${ids.join(".")}`);
    await expectHeading(page, says.several.done.title);
  },
  move: async ({ page, says, signedIn, redeemed, ledger }) => {
    const somebody = await signedIn({ emailVerifiedAt: new Date() });
    await redeemed(somebody);
    await page.goto(`/home/subscriptions/move/${(await ledger(somebody)).subscriptions[0]!.grants[0]!.id}`);
    await expectHeading(page, says.move.title);
  },
  "move, to accept": async ({ page, says, person, signedIn, kept }) => {
    const giver = await person({ emailVerifiedAt: new Date(), email: anotherAddress() });
    await signedIn({ emailVerifiedAt: new Date() });
    const offer = { id: (await kept(giver)).keptId, from: giver.id, shownEnd: "" };
    const value = sealMove(offer, { now: new Date() });
    await page.context().addCookies([{ name: "move", value, url: given().origin, httpOnly: true }]);
    await page.goto("/home/subscriptions/move");
    await expectHeading(page, says.move.accept.title);
  },
  "move, nothing to accept": async ({ page, says, signedIn }) => {
    await signedIn();
    await page.goto("/home/subscriptions/move");
    await expectHeading(page, says.move.over.title);
  },
  "refusal, on another account of this browser": async ({ page, says, person, signedIn, redeemed, verified }) => {
    const [other, browser] = [await person({ email: anotherAddress() }), newReference()];
    const client = { addressPrefix: null, userAgent: null, browser };
    await openSession(db(), { reference: newReference(), accountId: other.id, client });
    await signedIn();
    await page.context().addCookies([{ name: "browser", value: browser, url: given().origin, httpOnly: true }]);
    await page.goto(await verified(await redeemed(other)));
    await expectHeading(page, says.refusal.usedHere.title);
  },
  "sign-in, nothing typed": async ({ page, words }) => {
    await page.goto("/sign-in");
    await page.getByRole("button", { name: words.signIn.submit, exact: true }).click();
    await expectFault(page, words);
  },
  "sign-in, wrong password": async ({ page, words }) => {
    await page.goto("/sign-in");
    await page.getByLabel(words.signIn.email).fill("camille@example.org");
    await page.getByLabel(words.signIn.password, { exact: true }).fill("not the password");
    await page.getByRole("button", { name: words.signIn.submit, exact: true }).click();
    await expectFault(page, words);
  },

  "sign-in, after a reset": async ({ page, says }) => {
    await page.goto("/sign-in?reset=1");
    await expect(page.getByText(says.signIn.reset)).toBeVisible();
  },

  "forgot-password": async ({ page, words }) => {
    await page.goto("/forgot-password");
    await expectHeading(page, words.forgot.title);
  },
  "forgot-password, nothing typed": async ({ page, words }) => {
    await page.goto("/forgot-password");
    await page.getByRole("button", { name: words.forgot.submit }).click();
    await expectFault(page, words);
  },
  "forgot-password, email sent": async ({ page, words, person }) => {
    await page.goto("/forgot-password");
    await page.getByLabel(words.signIn.email).fill((await person()).email);
    await page.getByRole("button", { name: words.forgot.submit }).click();
    await expectHeading(page, words.forgot.sent);
  },
  "reset-password": async ({ page, words, person, token }) => {
    await page.goto(`/reset-password?token=${await token(await person(), "reset-password")}`);
    await expectHeading(page, words.reset.title);
  },
  "reset-password, passphrase suggested": async ({ page, words, person, token }) => {
    await page.goto(`/reset-password?token=${await token(await person(), "reset-password")}`);
    await page.getByRole("button", { name: words.reset.suggest }).click();
    await expect(page.getByLabel(words.reset.password, { exact: true })).toHaveValue(/^[a-z]+(-[a-z]+){4}$/);
  },
  "reset-password, too weak": async ({ page, words, person, token }) => {
    await page.goto(`/reset-password?token=${await token(await person(), "reset-password")}`);
    await page.getByLabel(words.reset.password, { exact: true }).fill("password1");
    await page.getByRole("button", { name: words.reset.submit }).click();
    await expectFault(page, words);
  },
  "reset-password, link expired": async ({ page, words, person, token }) => {
    const anHourAgo = new Date(Date.now() - 3_600_000);
    await page.goto(`/reset-password?token=${await token(await person(), "reset-password", anHourAgo)}`);
    await expectHeading(page, words.reset.over);
  },
  "verify-email, by link": async ({ page, words, person, token }) => {
    await page.goto(`/verify-email?token=${await token(await person(), "verify-email")}`);
    await expectHeading(page, words.verify.title);
  },
  "verify-email, by link, other account": async ({ page, says, person, signedIn, token }) => {
    const { email } = await signedIn();
    await page.goto(`/verify-email?token=${await token(await person(), "verify-email")}`);
    await expect(page.getByText(says.verifyEmail.link.otherAccount.replace("{other}", email))).toBeVisible();
  },
  "verify-email, link expired": async ({ page, words }) => {
    await page.goto("/verify-email?token=none");
    await expectHeading(page, words.reset.over);
  },
  "verify-email, code": async ({ page, words, signedIn, token }) => {
    await token(await signedIn(), "verify-email");
    await page.goto("/verify-email");
    await expect(page.getByLabel(words.verify.code)).toBeVisible();
  },
  "verify-email, wrong code": async ({ page, words, signedIn, token }) => {
    await token(await signedIn(), "verify-email");
    await page.goto("/verify-email");
    await page.getByLabel(words.verify.code).fill("12345");
    await page.getByRole("button", { name: words.verify.submitCode, exact: true }).click();
    await expectFault(page, words);
  },
  "verify-email, code expired": async ({ page, says, signedIn }) => {
    await signedIn();
    await page.goto("/verify-email?over=1");
    await expect(page.getByText(says.verifyEmail.codeOver)).toBeVisible();
  },
  "verify-email, new email sent": async ({ page, words, says, signedIn }) => {
    await signedIn();
    await page.goto("/verify-email");
    await page.getByRole("button", { name: words.verify.sendAgain }).click();
    await expect(page.getByText(says.verifyEmail.sent)).toBeVisible();
  },
  "verify-email, correct the address": async ({ page, words, signedIn }) => {
    await signedIn();
    await page.goto("/verify-email");
    await page.getByText(words.verify.correct).click();
    await expect(page.getByLabel(words.verify.newEmail)).toBeVisible();
  },
  "verify-email, confirmed": async ({ page, words, signedIn }) => {
    await signedIn({ emailVerifiedAt: new Date() });
    await page.goto("/verify-email");
    await expectHeading(page, words.verify.confirmed);
  },
  "sign-in, passkey refused": async ({ page, words, says, signedIn }) => {
    const device = await authenticatorOf(page);
    await signedIn();
    await page.goto("/home/account/passkeys/add");
    await device.attended(true);
    await page.getByRole("button", { name: words.passkeys.create }).click();
    await expectHeading(page, words.passkeys.nameTitle);
    await device.attended(false);
    await page.goto("/home/account/passkeys");
    await page.getByRole("link", { name: words.passkeys.remove }).first().click();
    await page.getByRole("button", { name: words.passkeys.removeSubmit }).click();
    await expect(page.getByText(says.passkeys.done.removed)).toBeVisible();
    await page.context().clearCookies({ name: "session" });
    await page.goto("/sign-in");
    await device.offered();
    await device.attended(true);
    await page.getByRole("button", { name: words.signIn.passkey }).click();
    await expect(page.getByText(says.errors.passkey.unknown)).toBeVisible();
  },

  "create-account": async ({ page, words }) => {
    await page.goto("/create-account");
    await expectHeading(page, words.create.title);
  },
  "create-account, everything wrong": async ({ page, words }) => {
    await page.goto("/create-account");
    await page.getByLabel(words.create.email).fill("camille.example.org");
    await page.getByLabel(words.create.password, { exact: true }).fill("short");
    await page.getByLabel(words.create.country).selectOption("");
    await page.getByRole("button", { name: words.create.submit }).click();
    await expectFault(page, words);
  },
  "create-account, address taken": async ({ page, words, says, person }) => {
    const { email } = await person();
    await page.goto("/create-account");
    await page.getByLabel(words.create.name, { exact: true }).fill("Camille Marchand");
    await page.getByLabel(words.create.email).fill(email);
    await page.getByLabel(words.create.password, { exact: true }).fill("vergers et lanternes 61");
    await page.getByLabel(words.create.country).selectOption("FR");
    await page.getByRole("button", { name: words.create.submit }).click();
    await expect(page.getByRole("alert").filter({ hasText: says.errors.email.taken })).toBeVisible();
  },

  "emails in a demo": async ({ page, says, signedIn }) => {
    await signedIn();
    await page.goto("/dev/mail");
    await expectHeading(page, says.devMail.title);
  },
  "email of a demo": async ({ page, words, network, mailOf }) => {
    const mail = await receiveMail({ page, words, network, mailOf });
    await page.goto(`/dev/mail/${mail.id}`);
    await expectHeading(page, mail.subject);
  },

  key: async ({ page, words }) => {
    await page.goto("/home/setup/key");
    await expect(page.getByLabel(words.key.field)).toBeVisible();
  },
  "key, complete": async ({ page, words, says, signedIn }) => {
    await signedIn();
    await page.goto("/home/setup/key");
    await page.getByLabel(words.key.field).fill("22345-6789B-CDFGH-JKMNP-756H8");
    await expect(page.getByText(says.key.answer.productKey)).toBeVisible();
  },
  "key, half typed, with what never occurs": async ({ page, words }) => {
    await page.goto("/home/setup/key");
    await page.getByLabel(words.key.field).fill("22345-67LAB-CDF");
    await expect(page.getByRole("status").filter({ hasText: /L\s(and|et)\sA/ })).toBeVisible();
  },
  "key, nothing typed": async ({ page, words }) => {
    await page.goto("/home/setup/key");
    await page.getByRole("button", { name: words.key.submit }).click();
    await expectFault(page, words);
  },
  "key, swapped": async ({ page, words, says }) => {
    await page.goto("/home/setup/key");
    await page.getByLabel(words.key.field).fill("22354-6789B-CDFGH-JKMNP-756H8");
    await page.getByRole("button", { name: words.key.submit }).click();
    await expect(page.getByText(says.key.answer.swapped)).toBeVisible();
    await expectFault(page, words);
  },
  "key, three wrong": async ({ page, words }) => {
    await page.goto("/home/setup/key");
    await page.getByLabel(words.key.field).fill("22354-6789B-CDFGH-JKMNP-756HZ");
    await page.getByRole("button", { name: words.key.submit }).click();
    await expectFault(page, words);
  },
  "key, an email with two": async ({ page, words }) => {
    await page.goto("/home/setup/key");
    await page
      .getByLabel(words.key.field)
      .fill("Your keys: 22345-6789B-CDFGH-JKMNP-756H8 and 2ZYXW-VTSRQ-PNMKJ-HGFDC-NH4KQ. Thank you for your order!");
    await page.getByRole("button", { name: words.key.submit }).click();
    await expectFault(page, words);
  },
  "key, partner code": async ({ page, words, says }) => {
    await page.goto("/home/setup/key");
    await page.getByLabel(words.key.field).fill("32345-6789B-CDHD8");
    await expect(page.getByText(says.key.answer.partnerCode)).toBeVisible();
  },
  "key, typed too long ago": async ({ page, says, signedIn, verified, key }) => {
    await signedIn();
    await page.goto(await verified(await key(), new Date(Date.now() - 31 * 60_000)));
    await expect(page.getByText(says.review.expired.text)).toBeVisible();
  },

  "review, start": async ({ page, words, signedIn, verified, key }) => {
    await signedIn();
    const redeemBy = `${new Date().getUTCFullYear() + 4}-12-31`;
    await page.goto(await verified(await key({ redeemBy, regions: ["FR", "BE", "LU"] })));
    await expectHeading(page, words.review.title);
  },
  "review, extend": async ({ page, words, signedIn, redeemed, verified, key }) => {
    await redeemed(await signedIn(), {}, monthsLater(new Date(), -4));
    await page.goto(await verified(await key()));
    await expectHeading(page, words.review.title);
  },
  "review, keep chosen": async ({ page, words, signedIn, redeemed, verified, key }) => {
    await redeemed(await signedIn());
    await page.goto(await verified(await key()));
    await page.getByRole("radio", { name: words.review.keep, exact: true }).check();
    await expect(page.getByRole("button", { name: words.review.keepSubmit, exact: true })).toBeVisible();
  },
  "review, beside another product": async ({ page, words, signedIn, redeemed, verified, key }) => {
    await redeemed(await signedIn());
    await page.goto(await verified(await key({ product: "norton-360-premium" })));
    await expectHeading(page, words.review.title);
  },
  "review, beside a lease": async ({ page, words, signedIn, leased, verified, key }) => {
    await leased(await signedIn());
    await page.goto(await verified(await key({ months: 3 })));
    await expect(page.getByRole("radio", { name: words.review.keep, exact: true })).toBeChecked();
  },
  "partner-code": async ({ page, words }) => {
    await page.goto("/home/setup/partner-code");
    await expect(page.getByLabel(words.code.field)).toBeVisible();
  },
  "partner-code, misread": async ({ page, words, says, signedIn }) => {
    await signedIn();
    await page.goto("/home/setup/partner-code");
    await page.getByLabel(words.code.field).fill("32345-6789B-CDHD9");
    await page.getByRole("button", { name: words.code.submit }).click();
    await expect(page.getByRole("alert").getByText(says.partnerCode.answer.misread)).toBeVisible();
  },
  "partner-code, review": async ({ page, words, signedIn, redeemed, verified, code }) => {
    await redeemed(await signedIn());
    await page.goto(await verified(await code({ redeemBy: "2027-12-31" })));
    await expectHeading(page, words.review.title);
  },
  "partner-code, refused": async ({ page, says, person, signedIn, leased, verified }) => {
    const { printed } = await leased(await person());
    await signedIn();
    await page.goto(await verified(printed));
    await expectHeading(page, says.partnerCode.refusal.usedByAnother.title);
  },
  "review, changed": async ({ page, words, says, signedIn, redeemed, verified, key }) => {
    const somebody = await signedIn();
    await page.goto(await verified(await key()));
    await redeemed(somebody);
    await page.getByRole("button", { name: words.review.submit, exact: true }).click();
    await expect(page.getByText(says.review.changed.title)).toBeVisible();
  },

  "refused, unknown": refused("unknown", async () => formatKey(issueProductKey((count) => randomBytes(count)))),
  "refused, withdrawn": refused("withdrawn", async ({ key }) => {
    const printed = await key();
    const context = { now: new Date(), lookupSecret: process.env.LOOKUP_SECRET! };
    await voidKey({ key: printed.replaceAll("-", ""), reason: "refunded" }, context);
    return printed;
  }),
  "refused, used by another": refused("usedByAnother", async ({ person, redeemed }) =>
    redeemed(await person({ email: anotherAddress() })),
  ),
  "refused, not activated": refused("notReleased", ({ key }) => key({ released: false })),
  "refused, expired": refused("expired", ({ key }) => key({ redeemBy: "2026-01-31" })),
  "refused, region": refused("region", ({ key }) => key({ regions: ["CA", "JP"] })),
  "refused, ceiling": refused("ceiling", async ({ key, redeemed }, somebody) => {
    await redeemed(somebody, { months: 55 });
    return key();
  }),

  dispute: async (given) => {
    await openDisputeForm(given);
  },
  "dispute, nothing typed": async (given) => {
    await openDisputeForm(given);
    await given.page.getByRole("button", { name: given.says.dispute.submit, exact: true }).click();
    await expectFault(given.page, given.words);
  },
  "dispute, sent": async (given) => {
    await sendDispute(given);
  },
  "account, cases": async (given) => {
    const { page, says, signedIn, ledger } = given;
    const somebody = await signedIn();
    for (const shop of ["Electro, 12 rue de la Gare, Lille", "Corner shop"])
      await sendDispute({ ...given, signedIn: async () => somebody }, shop);
    const caseCode = (await ledger(somebody)).events.find(({ action }) => action === "dispute.opened")!.subject!;
    const text = "Your receipt shows that you bought this key.\n\nTake it to the shop: a new card waits for you there.";
    await answerDispute({ caseCode, text }, { now: new Date() });
    await page.goto("/home/account/cases");
    await expectHeading(page, says.cases.title);
    await expect(page.getByText(says.cases.answer, { exact: true })).toBeVisible();
  },
  "account, no cases": async ({ page, says, signedIn }) => {
    await signedIn();
    await page.goto("/home/account/cases");
    await expect(page.getByText(says.cases.empty)).toBeVisible();
  },

  "done, lease": async ({ page, words, signedIn, verified, code }) => {
    await signedIn();
    await page.goto(await verified(await code()));
    await page.getByRole("button", { name: words.review.submit, exact: true }).click();
    await expectHeading(page, words.done.title);
  },
  done: async ({ page, words, signedIn, verified, key }) => {
    await signedIn();
    await page.goto(await verified(await key()));
    await page.getByRole("button", { name: words.review.submit, exact: true }).click();
    await expectHeading(page, words.done.title);
  },
  "done, already yours": async ({ page, words, signedIn, redeemed, verified }) => {
    await page.goto(await verified(await redeemed(await signedIn())));
    await expectHeading(page, words.done.title);
  },
  device: async ({ page, words, signedIn }) => {
    await signedIn();
    await page.goto("/home/setup/device");
    await expectHeading(page, words.device.title);
  },
  "device, code": async ({ page, says, signedIn, redeemed }) => {
    await redeemed(await signedIn({ emailVerifiedAt: new Date() }));
    await page.goto("/home/setup/device");
    await expect(page.getByRole("heading", { name: says.device.handoff.title.open })).toBeVisible();
  },
  "device, claimed": async (given) => {
    await deviceClaims(given);
  },
  "device, confirmed": async (given) => {
    await deviceClaims(given);
    await given.page.getByRole("button", { name: given.says.device.handoff.yes }).click();
    await expectDevice(given, "confirmed");
  },
  "device, protected": async (given) => {
    const id = await deviceClaims(given);
    await protectDevice(id);
    await expectDevice(given, "protected");
  },
  "device, refused": async (given) => {
    await deviceClaims(given);
    await given.page.getByRole("button", { name: given.says.device.handoff.no, exact: true }).click();
    await expectDevice(given, "refused");
  },
  "device, too late": async (given) => {
    const id = await deviceClaims(given);
    await db().execute(sql`UPDATE handoff SET expires_at = now() WHERE id = ${id}`);
    await expectDevice(given, "late");
  },
  phone: async ({ page, says }) => {
    await page.goto("/phone");
    await expect(page.getByLabel(says.phone.name.label)).toBeVisible();
  },
  "phone, a code to compare": async ({ page, says, signedIn, redeemed, browserOf }) => {
    const somebody = await signedIn();
    await redeemed(somebody);
    const { code } = await showCode(somebody, browserOf);
    await page.goto(`/phone?handoff=${code}`);
    await page.getByRole("button", { name: says.phone.code.submit }).click();
    await expect(page.getByText(says.phone.code.waiting)).toBeVisible();
  },
  "phone, subscriptions": async (given) => {
    const somebody = await signedInPhone(given);
    await given.redeemed(somebody);
    await given.redeemed(somebody, { product: "norton-360-premium" });
    await given.page.goto("/phone");
    await expect(given.page.getByText(given.says.phone.subscriptions.choose)).toBeVisible();
  },
  "phone, no subscription": async (given) => {
    await signedInPhone(given);
    await given.page.goto("/phone");
    await expect(given.page.getByText(given.says.phone.subscriptions.none)).toBeVisible();
  },
  "phone, every seat taken": async (given) => {
    const somebody = await signedInPhone(given);
    await given.redeemed(somebody, { product: "norton-360-standard" });
    await given.seated(somebody, { name: "Old phone" });
    await given.page.goto("/phone");
    await given.page.getByRole("button", { name: given.says.phone.subscriptions.next }).click();
    await expect(given.page.getByText(given.says.phone.full.lead)).toBeVisible();
  },
  "phone, protected": async (given) => {
    const somebody = await signedInPhone(given);
    const nearlyOver = new Date(Date.now() - 10 * 86_400_000);
    await given.redeemed(somebody, { months: 0, days: 20 }, nearlyOver);
    await given.page.goto("/phone");
    await given.page.getByRole("button", { name: given.says.phone.subscriptions.next }).click();
    await expect(given.page.getByRole("button", { name: given.says.phone.recover.action })).toBeVisible();
  },
  "phone, key checked": async (given) => {
    const { page, says, key } = given;
    const somebody = await signedInPhone(given);
    await given.redeemed(somebody);
    await page.goto("/phone#key");
    await page.getByRole("textbox", { name: says.phone.key.label }).fill(await key());
    await page.getByRole("button", { name: says.phone.key.submit }).click();
    await expect(page.getByRole("button", { name: says.phone.review.activate })).toBeVisible();
  },
  scanned: async ({ page, says, person, browserOf }) => {
    const { code } = await showCode(await person(), browserOf);
    await page.goto(`/d/${code}`);
    await expectHeading(page, says.scanned.open.title);
  },
  "scanned, used": async ({ page, says, person, browserOf }) => {
    const { code } = await showCode(await person(), browserOf);
    await claim(code);
    await page.goto(`/d/${code}`);
    await expectHeading(page, says.scanned.used.title);
  },
  "scanned, over": async ({ page, says }) => {
    await page.goto("/d/nothing");
    await expectHeading(page, says.scanned.gone.title);
  },
  "device, signed out": async ({ page, words }) => {
    await page.goto("/home/setup/device");
    await expectHeading(page, words.device.title);
  },

  "my subscription, empty": async ({ page, words, signedIn }) => {
    await signedIn();
    await page.goto("/home/subscriptions");
    await expectHeading(page, words.subscriptions.title);
  },
  "my subscription": async ({ page, words, signedIn, redeemed }) => {
    const somebody = await signedIn();
    const now = new Date();
    await redeemed(somebody, { product: "norton-360-standard" }, monthsLater(now, -15));
    await redeemed(somebody, {}, monthsLater(now, -7));
    await redeemed(somebody, { months: 24 }, monthsLater(now, -1));
    await page.goto("/home/subscriptions");
    await expectHeading(page, words.subscriptions.title);
    await expect(page.getByRole("article")).toHaveCount(2);
  },
  "my subscription, keys kept": async ({ page, says, signedIn, redeemed, kept }) => {
    const somebody = await signedIn();
    await redeemed(somebody);
    await kept(somebody, {}, { startsItself: true });
    await kept(somebody, { product: "norton-360-premium", months: 24 });
    await page.goto("/home/subscriptions");
    await expect(page.getByRole("heading", { name: says.subscriptions.kept.title })).toBeVisible();
  },
  "my subscription, leased": async ({ page, says, signedIn, leased, kept }) => {
    const somebody = await signedIn();
    await leased(somebody);
    const { leaseId, partnerId } = await leased(
      somebody,
      { product: "norton-360-standard" },
      monthsLater(new Date(), -2),
    );
    await transaction((tx) =>
      changeLease(tx, { leaseId, partnerId, change: "suspend" }, { now: new Date(), actor: "partner" }),
    );
    await kept(somebody, { months: 6 }, { startsItself: true });
    await page.goto("/home/subscriptions");
    await expect(page.getByText(says.subscriptions.paused, { exact: true })).toBeVisible();
  },
  "my devices, empty": async ({ page, words, signedIn }) => {
    await signedIn();
    await page.goto("/home/devices");
    await expectHeading(page, words.devices.title);
  },
  "my devices, none yet": async ({ page, says, signedIn, redeemed }) => {
    await redeemed(await signedIn());
    await page.goto("/home/devices");
    await expect(page.getByText(says.devices.none.title)).toBeVisible();
  },
  "my devices": async ({ page, words, signedIn, redeemed, seated }) => {
    const somebody = await signedIn();
    const now = new Date();
    await redeemed(somebody, { product: "norton-360-standard" }, monthsLater(now, -14));
    await seated(somebody, { name: "PC du salon", model: "ThinkPad T14", system: "windows" }, monthsLater(now, -5));
    await redeemed(somebody, {}, monthsLater(now, -6));
    const days = (count: number) => new Date(now.getTime() - count * 86_400_000);
    const iPhone = { name: "iPhone de Camille", model: "iPhone 15", system: "ios" } as const;
    await seated(somebody, iPhone, days(40));
    await seated(somebody, iPhone, days(1));
    await seated(somebody, { name: "Old tablet", model: "Galaxy Tab A8" }, days(120));
    await seated(somebody, { name: "Pixel", model: "Pixel 9" }, now);
    await page.goto("/home/devices");
    await expectHeading(page, words.devices.title);
    await expect(page.getByRole("button", { name: words.devices.release })).toHaveCount(5);
  },
  "my devices, full": async ({ page, says, signedIn, redeemed, leased, seated }) => {
    const somebody = await signedIn();
    await leased(somebody, { product: "norton-360-premium" });
    await seated(somebody, { name: "MacBook Air", model: "Mac15,12", system: "macos" });
    await redeemed(somebody);
    for (const name of ["Téléphone de Zoé", "A tablet with a name as long as an app may send at all, 60 c", "Pixel"])
      await seated(somebody, { name });
    for (const name of ["iPad", "iPhone"]) await seated(somebody, { name, model: null, system: "ios" });
    await page.goto("/home/devices?moved=0&to=00000000-0000-4000-8000-000000000000");
    await expect(page.getByText(says.devices.full)).toBeVisible();
  },
  "undo, used by a device": async ({ page, says, signedIn, redeemed, seated, ledger }) => {
    const somebody = await signedIn();
    await redeemed(somebody);
    await seated(somebody);
    const grant = (await ledger(somebody)).subscriptions[0]!.grants[0]!.id;
    await page.goto(`/home/subscriptions/undo/${grant}`);
    await expectHeading(page, says.undo.used.title);
  },
  undo: async ({ page, says, signedIn, redeemed, ledger }) => {
    const somebody = await signedIn();
    await redeemed(somebody);
    await redeemed(somebody);
    const grant = (await ledger(somebody)).subscriptions[0]!.grants[1]!.id;
    await page.goto(`/home/subscriptions/undo/${grant}`);
    await expectHeading(page, says.undo.title);
  },
  "undo, too late": async ({ page, says, signedIn, redeemed, ledger }) => {
    const somebody = await signedIn();
    await redeemed(somebody, {}, monthsLater(new Date(), -1));
    const grant = (await ledger(somebody)).subscriptions[0]!.grants[0]!.id;
    await page.goto(`/home/subscriptions/undo/${grant}`);
    await expectHeading(page, says.undo.notPossible.title);
  },
  "my subscription, key shown": async ({ page, words, signedIn, redeemed }) => {
    const printed = await redeemed(await signedIn());
    await page.goto("/home/subscriptions");
    await page.getByRole("button", { name: words.subscriptions.show }).click();
    await expect(page.getByRole("code")).toHaveText(printed);
  },
  "my subscription, days given and taken": async ({ page, says, signedIn, redeemed, kept, ledger }) => {
    const somebody = await signedIn();
    const now = new Date();
    const withdrawn = await redeemed(somebody, {}, monthsLater(now, -8));
    await redeemed(somebody, { months: 3 }, monthsLater(now, -6));
    await redeemed(somebody, {}, monthsLater(now, -5));
    const context = { now: monthsLater(now, -4), lookupSecret: process.env.LOOKUP_SECRET! };
    await voidKey({ key: withdrawn.replaceAll("-", ""), reason: "refunded" }, context);
    await redeemed(somebody, { months: 1 }, monthsLater(now, -1));
    await redeemed(somebody, {}, new Date(now.getTime() - 3_600_000));
    const grantId = (await ledger(somebody)).subscriptions[0]!.grants.at(-1)!.id;
    const undo = (await findUndo({ grantId, accountId: somebody.id }, { now }))!;
    await undoRedemption({ grantId, accountId: somebody.id, shownEnd: undo.endsAfter!.toISOString() }, { now });
    await kept(somebody, { product: "norton-360-premium" });
    await redeemed(somebody, { product: "norton-360-standard" }, monthsLater(now, -15));
    await page.goto("/home/subscriptions");
    await expect(page.getByText(says.subscriptions.endedTitle)).toBeVisible();
  },
  certificate: async ({ page, words, person, redeemed, ledger }) => {
    const owner = await person();
    await redeemed(owner, {}, monthsLater(new Date(), -2));
    await page.goto(`/certificates/${(await ledger(owner)).subscriptions[0]!.grants[0]!.id}`);
    await expectHeading(page, words.certificate.title);
  },
  "certificate, withdrawn, its signature open": async ({ page, words, says, person, redeemed, ledger }) => {
    const owner = await person();
    const key = await redeemed(owner, {}, monthsLater(new Date(), -2));
    const context = { now: new Date(), lookupSecret: process.env.LOOKUP_SECRET! };
    await voidKey({ key: key.replaceAll("-", ""), reason: "refunded" }, context);
    await page.goto(`/certificates/${(await ledger(owner)).subscriptions[0]!.grants[0]!.id}`);
    await expectHeading(page, words.certificate.title);
    await page.getByText(says.certificate.check.signature).click();
    await expect(page.getByText(says.certificate.check.token)).toBeVisible();
  },
  "confirm-password": async ({ page, words, signedIn }) => {
    await signedIn();
    await page.goto("/confirm-password");
    await expectHeading(page, words.confirm.title);
  },
  "confirm-password, with a passkey": async ({ page, words, signedIn, storedPasskey }) => {
    await storedPasskey(await signedIn());
    await page.goto("/confirm-password?next=/home/account/passkeys/add");
    await expect(page.getByRole("button", { name: words.confirm.passkey })).toBeVisible();
  },
  "confirm-password, wrong": async ({ page, words, signedIn }) => {
    await signedIn();
    await page.goto("/confirm-password");
    await page.getByLabel(words.signIn.password, { exact: true }).fill("not the password");
    await page.getByRole("button", { name: words.confirm.submit, exact: true }).click();
    await expectFault(page, words);
  },

  account: async ({ page, words, signedIn }) => {
    await signedIn();
    await page.goto("/home/account");
    await expectHeading(page, words.account.title);
  },
  "account, name": async ({ page, words, signedIn }) => {
    await signedIn();
    await page.goto("/home/account/name");
    await expectHeading(page, words.account.yourName);
  },
  "account, no name": async ({ page, words, signedIn }) => {
    await signedIn();
    await page.goto("/home/account/name");
    await page.getByLabel(words.account.name, { exact: true }).fill(" ");
    await page.getByRole("button", { name: words.account.save }).click();
    await expectFault(page, words);
  },

  "account, saved": async ({ page, words, signedIn }) => {
    await signedIn({ emailVerifiedAt: new Date() });
    await page.goto("/home/account?saved=1");
    await expect(page.getByText(words.account.saved, { exact: true })).toBeVisible();
  },
  "account, form for another account": async ({ page, says, signedIn }) => {
    await signedIn();
    await page.goto("/home/account/name?again=account");
    await expect(page.getByText(says.accountForm.otherAccount.text)).toBeVisible();
  },
  "account, country": async ({ page, says, signedIn }) => {
    await signedIn();
    await page.goto("/home/account/country");
    await expectHeading(page, says.changeCountry.title);
  },
  "account, time zone": async ({ page, says, signedIn }) => {
    await signedIn();
    await page.goto("/home/account/time-zone");
    await expectHeading(page, says.changeTimeZone.title);
  },
  "account, reminders": async ({ page, says, signedIn }) => {
    await signedIn();
    await page.goto("/home/account/reminders");
    await expectHeading(page, says.reminders.title);
  },
  "reminders, by link": async ({ page, says, person }) => {
    await page.goto(`/reminders?token=${reminderToken((await person()).id)}`);
    await expectHeading(page, says.reminders.on.title);
  },
  "reminders, off": async ({ page, says, person }) => {
    const { id: accountId } = await person();
    await changeReminders({ accountId, on: false }, { now: new Date() });
    await page.goto(`/reminders?token=${reminderToken(accountId)}`);
    await expectHeading(page, says.reminders.off.title);
  },
  "reminders, incomplete link": async ({ page, says }) => {
    await page.goto("/reminders?token=x");
    await expectHeading(page, says.reminders.unknown.title);
  },
  "account, email": async ({ page, says, signedIn }) => {
    await signedIn({ emailVerifiedAt: new Date() });
    await page.goto("/home/account/email");
    await expectHeading(page, says.changeEmail.title);
  },
  "account, email, taken": async ({ page, words, says, person, signedIn }) => {
    const other = await person({ email: `another.${randomBytes(5).toString("hex")}@example.org` });
    await signedIn({ emailVerifiedAt: new Date() });
    await page.goto("/home/account/email");
    await page.getByLabel(says.changeEmail.label).fill(other.email);
    await page.getByRole("button", { name: says.changeEmail.submit }).click();
    await expectFault(page, words);
  },
  "account, email, to be confirmed": async ({ page, says, signedIn, token }) => {
    const somebody = await signedIn({ emailVerifiedAt: new Date() });
    await token(somebody, "change-email", new Date(), "camille.marchand@example.org");
    await page.goto("/home/account/email");
    await expectHeading(page, says.changeEmail.pending.title);
  },
  "account, email, another one instead": async ({ page, says, signedIn, token }) => {
    const somebody = await signedIn({ emailVerifiedAt: new Date() });
    await token(somebody, "change-email", new Date(), "camille.marchand@example.org");
    await page.goto("/home/account/email?other=1");
    await expectHeading(page, says.changeEmail.title);
  },
  "account, change of address cancelled": async ({ page, says, signedIn }) => {
    await signedIn({ emailVerifiedAt: new Date() });
    await page.goto("/home/account?kept=email");
    await expect(page.getByText(says.account.emailKept)).toBeVisible();
  },
  "account, another address requested": async ({ page, words, signedIn, token }) => {
    const somebody = await signedIn({ emailVerifiedAt: new Date() });
    await token(somebody, "change-email", new Date(), "camille.marchand@example.org");
    await page.goto("/home/account");
    await expectHeading(page, words.account.title);
  },
  "restore-email": async ({ page, says, person, token }) => {
    const before = `before.${randomBytes(5).toString("hex")}@example.org`;
    await page.goto(`/restore-email?token=${await token(await person(), "restore-email", new Date(), before)}`);
    await expectHeading(page, says.restoreEmail.open.title);
  },
  "restore-email, done": async ({ page, says, person, token }) => {
    const before = `before.${randomBytes(5).toString("hex")}@example.org`;
    await page.goto(`/restore-email?token=${await token(await person(), "restore-email", new Date(), before)}`);
    await page.getByRole("button", { name: says.restoreEmail.submit }).click();
    await expectHeading(page, says.restoreEmail.restored.title);
  },
  "restore-email, link expired": async ({ page, says }) => {
    await page.goto("/restore-email?token=none");
    await expectHeading(page, says.restoreEmail.over.title);
  },
  "account, activity": async ({ page, says, signedIn, redeemed, told }) => {
    const somebody = await signedIn();
    await redeemed(somebody, {}, monthsLater(new Date(), -1));
    await told(somebody, "account.created", { at: monthsLater(new Date(), -1), userAgent: safariOnIphone });
    await told(somebody, "session.refused", { userAgent: firefoxOnWindows });
    await told(somebody, "session.started", { userAgent: firefoxOnWindows });
    await told(somebody, "key.voided", { actor: "operator" });
    await page.goto("/home/account/activity");
    await expectHeading(page, says.activity.title);
  },
  "account, activity, older": async ({ page, says, signedIn, told }) => {
    const somebody = await signedIn();
    for (let count = 0; count < 33; count++) await told(somebody, "key.shown", {});
    await page.goto("/home/account/activity");
    await page.getByRole("link", { name: says.activity.older }).click();
    await expect(page.getByRole("link", { name: says.activity.newest })).toBeVisible();
  },
  "authorize, continue in an app": async ({ page, signedIn }) => {
    await signedIn();
    await page.goto(`/oauth/authorize?${authorization("org.example.app:/callback")}`);
    await expect(page.getByRole("definition")).toHaveCount(3);
  },
  "authorize, unknown address": async ({ page }) => {
    await page.goto(`/oauth/authorize?${authorization("https://evil.example/callback")}`);
    await expect(page.getByRole("heading", { level: 1 })).toContainText(exampleApp.name);
  },
  "account, sessions with an app": async ({ page, says, signedIn, appOf }) => {
    await appOf(await signedIn());
    await page.goto("/home/account/sessions?ended=app");
    await expectHeading(page, says.sessions.title);
  },
  "account, sessions": async ({ page, says, signedIn, browserOf }) => {
    const somebody = await signedIn();
    await browserOf(somebody, { userAgent: firefoxOnWindows, lastSeen: "now() - interval '20 minutes'" });
    await browserOf(somebody, { userAgent: safariOnIphone, lastSeen: "now() - interval '9 days'" });
    await browserOf(somebody, { lastSeen: "now() - interval '26 days'" });
    await page.goto("/home/account/sessions?ended=one");
    await expectHeading(page, says.sessions.title);
  },
  "account, sessions, only this one": async ({ page, says, signedIn }) => {
    await signedIn();
    await page.goto("/home/account/sessions");
    await expect(page.getByText(says.sessions.onlyThis)).toBeVisible();
  },
  "passkeys, none": async ({ page, words, signedIn }) => {
    await signedIn();
    await page.goto("/home/account/passkeys");
    await expectHeading(page, words.passkeys.title);
  },
  passkeys: async ({ page, words, signedIn, storedPasskey }) => {
    const somebody = await signedIn();
    await storedPasskey(somebody, "Chrome on Windows");
    await storedPasskey(somebody, "The tablet in the kitchen, which is also Anna’s at weekends");
    await page.goto("/home/account/passkeys?done=renamed");
    await expectHeading(page, words.passkeys.title);
  },
  "passkeys, add": async ({ page, words, signedIn }) => {
    await signedIn();
    await page.goto("/home/account/passkeys/add");
    await expect(page.getByRole("button", { name: words.passkeys.create })).toBeVisible();
  },
  "passkeys, not added": async ({ page, words, says, signedIn }) => {
    const device = await authenticatorOf(page);
    await device.unlockable(false);
    await device.attended(true);
    await signedIn();
    await page.goto("/home/account/passkeys/add");
    await page.getByRole("button", { name: words.passkeys.create }).click();
    await expect(page.getByText(says.errors.passkey.notMade)).toBeVisible();
  },
  "passkeys, added": async ({ page, words, signedIn, storedPasskey }) => {
    const id = await storedPasskey(await signedIn(), "Chrome on Windows");
    await page.goto(`/home/account/passkeys/${id}?new=1`);
    await expectHeading(page, words.passkeys.nameTitle);
  },
  "passkeys, no name": async ({ page, words, signedIn, storedPasskey }) => {
    const id = await storedPasskey(await signedIn(), "Chrome on Windows");
    await page.goto(`/home/account/passkeys/${id}`);
    await page.getByLabel(words.passkeys.name, { exact: true }).fill(" ");
    await page.getByRole("button", { name: words.account.save }).click();
    await expectFault(page, words);
  },
  "passkeys, remove": async ({ page, words, signedIn, storedPasskey }) => {
    const id = await storedPasskey(await signedIn(), "Chrome on Windows");
    await page.goto(`/home/account/passkeys/${id}/remove`);
    await expectHeading(page, words.passkeys.removeTitle);
  },

  "account, export": async ({ page, says, signedIn }) => {
    await signedIn();
    await page.goto("/home/account/export");
    await expectHeading(page, says.export.title);
  },
  "account, delete": async ({ page, says, signedIn, redeemed }) => {
    await redeemed(await signedIn());
    await page.goto("/home/account/delete");
    await expectHeading(page, says.deleteAccount.title);
  },
  "account, delete, email sent": async ({ page, says, signedIn }) => {
    await signedIn();
    await page.goto("/home/account/delete?sent=1");
    await expectHeading(page, says.deleteAccount.sent.title);
  },
  "account, delete, email sent again": async ({ page, says, signedIn }) => {
    await signedIn();
    await page.goto("/home/account/delete?sent=again");
    await expect(page.getByText(says.deleteAccount.sent.sentAgain)).toBeVisible();
  },
  "delete-account": async ({ page, says, person, token }) => {
    await page.goto(`/delete-account?token=${await token(await person(), "delete-account")}`);
    await expectHeading(page, says.deleteAccount.confirm.title);
  },
  "delete-account, done": async ({ page, says, person, token }) => {
    await page.goto(`/delete-account?token=${await token(await person(), "delete-account")}`);
    await page.getByRole("button", { name: says.deleteAccount.confirm.submit }).click();
    await expectHeading(page, says.deleteAccount.left.title);
  },
  "delete-account, link expired": async ({ page, says }) => {
    await page.goto("/delete-account?token=none");
    await expectHeading(page, says.deleteAccount.over.title);
  },

  "account, password": async ({ page, words, signedIn }) => {
    await signedIn();
    await page.goto("/home/account/password");
    await expectHeading(page, words.changePassword.title);
  },
  "account, password changed": async ({ page, words, signedIn }) => {
    await signedIn();
    await page.goto("/home/account/password?changed=1");
    await expectHeading(page, words.changePassword.done);
  },

  "find-your-key": async ({ page, words }) => {
    await page.goto("/help/find-your-key");
    await expectHeading(page, words.findKey.title);
  },
  "not-found": async ({ page, words }) => {
    await page.goto("/nothing/here");
    await expectHeading(page, words.notFound.title);
  },
  unavailable: async ({ page, says }) => {
    await page.goto("/unavailable?back=/home/subscriptions");
    await expectHeading(page, says.unavailable.title);
  },
};

export const firefoxOnWindows = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:145.0) Gecko/20100101 Firefox/145.0";
const safariOnIphone =
  "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/19.0 Mobile/15E148 Safari/604.1";

type Reason = "unknown" | "withdrawn" | "usedByAnother" | "notReleased" | "expired" | "region" | "ceiling";
type Somebody = Awaited<ReturnType<Given["signedIn"]>>;

function refused(reason: Reason, prepare: (given: Given, somebody: Somebody) => Promise<string>) {
  return async (given: Given) => {
    const { page, says, signedIn, verified } = given;
    const somebody = await signedIn();
    await page.goto(await verified(await prepare(given, somebody)));
    await expectHeading(page, says.refusal[reason].title);
  };
}

/** Opens the form about a key that somebody else uses. */
async function openDisputeForm(given: Given): Promise<void> {
  await refused("usedByAnother", async ({ person, redeemed }) =>
    redeemed(await person({ email: `another.${randomBytes(5).toString("hex")}@example.org` })),
  )(given);
  await given.page.getByRole("link", { name: given.says.refusal.dispute }).click();
  await expectHeading(given.page, given.says.dispute.title);
}

async function sendDispute(given: Given, shop = "Electro, Lille"): Promise<void> {
  const { page, says } = given;
  await openDisputeForm(given);
  await page.getByLabel(says.dispute.shop.label).fill(shop);
  await page.getByLabel(says.dispute.boughtOn.label).fill("19/11/2026");
  await page.getByLabel(says.dispute.lastGroup.label).fill("756H8");
  await page.getByLabel(says.dispute.receipt.label).fill("Ticket 0042");
  await page.getByRole("button", { name: says.dispute.submit, exact: true }).click();
  await expectHeading(page, says.dispute.sent.title);
}

/** What an app asks for at `/oauth/authorize`. */
const authorization = (redirectUri: string) =>
  new URLSearchParams({
    ...{ response_type: "code", client_id: exampleApp.id, redirect_uri: redirectUri, device_name: "Pixel 9 de Zoé" },
    ...{ code_challenge: "c".repeat(43), code_challenge_method: "S256" },
  });

/** Creates an account. @returns its confirmation email */
async function receiveMail({ page, words, network, mailOf }: Pick<Given, "page" | "words" | "network" | "mailOf">) {
  const email = `noe.${network}@example.org`;
  await page.goto("/create-account");
  await page.getByLabel(words.create.name, { exact: true }).fill("Noé Carpentier");
  await page.getByLabel(words.create.email).fill(email);
  await page.getByLabel(words.create.password, { exact: true }).fill("vergers et lanternes 61");
  await page.getByLabel(words.create.country).selectOption("FR");
  await page.getByRole("button", { name: words.create.submit }).click();
  await expect(page).toHaveURL("/home/setup/key");
  return mailOf({ email }, "confirm-address");
}

const expectHeading = (page: Page, title: string) => expect(page.getByRole("heading", { level: 1 })).toHaveText(title);

async function expectFault(page: Page, words: Given["words"]): Promise<void> {
  await expect(page).toHaveTitle(words.faultTitle);
  await expect(page.getByRole("alert").filter({ hasText: /./ })).toBeFocused();
}

async function showCode(person: Person, browserOf: Given["browserOf"]): Promise<{ id: string; code: string }> {
  const { sessionId } = (await findSession(await browserOf(person)))!.credential;
  await makeHandoff({ accountId: person.id, sessionId }, { now: new Date(), newId: randomUUID });
  const { id, code } = (await findHandoff({ sessionId }, { now: new Date() }))!;
  return { id, code: code! };
}

const phone = { name: "Camille’s Pixel", model: "Pixel 9", system: "android" as const };

async function claim(code: string): Promise<void> {
  const device = { installId: randomUUID(), ...phone };
  const asked = { code, clientId: "reference-phone", challenge: "c".repeat(43), device };
  await claimHandoff(asked, { now: new Date(), sender: { addressPrefix: null, userAgent: null }, randomBytes });
}

/** Shows a code, which a phone claims. @returns the id of the hand-off */
async function deviceClaims({ page, says, signedIn, redeemed }: Given): Promise<string> {
  const somebody = await signedIn();
  await redeemed(somebody);
  await page.goto("/home/setup/device");
  await expect(page.getByRole("heading", { name: says.device.handoff.title.open })).toBeVisible();
  const { rows } = await db().execute<{ id: string }>(sql`SELECT id FROM handoff WHERE account_id = ${somebody.id}`);
  await claim(handoffCodeOf(rows[0]!.id));
  await expectDevice({ page, says }, "claimed");
  return rows[0]!.id;
}

/** Confirms the device of a hand-off, signs it in and gives it a seat. */
const protectDevice = (handoffId: string) =>
  db().execute(sql`
    WITH h AS (SELECT * FROM handoff WHERE id = ${handoffId}),
    d AS (INSERT INTO device (account_id, install_id, name, system, created_at, last_seen_at)
          SELECT account_id, install_id, device_name, device_system, now(), now() FROM h RETURNING id, account_id),
    app AS (INSERT INTO app_session (account_id, client_id, device_id, refresh_hash, access_hash, access_until, created_at,
                                     last_seen_at, idle_until)
            SELECT account_id, 'reference-phone', id, sha256(id::text::bytea), sha256(('a' || id)::bytea), now(), now(),
                   now(), now() + interval '1 day' FROM d RETURNING id),
    s AS (INSERT INTO seat (subscription_id, slot)
          SELECT sub.id, 1 FROM subscription sub JOIN d ON d.account_id = sub.account_id
          ON CONFLICT DO NOTHING RETURNING subscription_id),
    a AS (INSERT INTO activation (subscription_id, slot, device_id, activated_at)
          SELECT subscription_id, 1, d.id, now() FROM s, d)
    UPDATE handoff SET decision = 'confirmed', decided_at = now(), app_session_id = app.id FROM app WHERE handoff.id = ${handoffId}`);

const expectDevice = (
  { page, says }: Pick<Given, "page" | "says">,
  stage: keyof Given["says"]["device"]["handoff"]["title"],
) =>
  expect(
    page.getByRole("heading", { name: says.device.handoff.title[stage].replace("{device}", phone.name), exact: true }),
  ).toBeVisible();

/** Signs the reference phone app in, as a hand-off does. */
async function signedInPhone({ page, person }: Given): Promise<Person> {
  const somebody = await person();
  const entry = { accountId: somebody.id, clientId: "reference-phone" };
  const started = await transaction((tx) => startAppSession(tx, entry, { now: new Date(), randomBytes }));
  const { accessToken: access, refreshToken: refresh, expiresIn } = started!;
  const tokens = JSON.stringify({ access, refresh, until: Date.now() + expiresIn * 1_000 });
  await page.addInitScript((kept) => localStorage.setItem("phone-tokens", kept), tokens);
  return somebody;
}
