import { transaction } from "@/lib/db/client";
import { changeLease } from "@/lib/licence/leases/change-lease";
import { expect, test } from "./fixtures";
import { across, withAndWithoutScripts } from "./ways";

/* A code of an internet provider, from the field to My Subscription. */

const provider = "Exemple Télécom";

across(withAndWithoutScripts, ({ lang }) => {
  test("a code typed signed out is held through sign-in, and runs as long as the partner provides it", async ({
    page,
    words,
    says,
    person,
    code,
    rows,
    mailOf,
  }) => {
    const somebody = await person({ emailVerifiedAt: new Date() });
    const printed = await code();
    await page.goto("/home/setup");
    await expect(page.getByRole("link", { name: words.setup.enterPartnerCode, exact: true })).toBeVisible();
    await page.goto("/home/setup/partner-code");
    const field = page.getByLabel(words.code.field);
    const submit = page.getByRole("button", { name: words.code.submit });
    for (const [typed, answer] of [
      ["32345-6789B-CDH", says.partnerCode.answer.length.replace("{count}", "13")],
      ["32345-6789B-CDHD9", says.partnerCode.answer.misread],
    ] as const) {
      await field.fill(typed);
      await submit.click();
      await expect(page.getByRole("alert").getByRole("link", { name: answer })).toBeVisible();
      await expect(field).toHaveValue(typed);
    }
    await field.fill(printed.toLowerCase().replaceAll("-", " "));
    await submit.click();
    await expect(page.getByText(says.signIn.codeHeld)).toBeVisible();
    await page.getByLabel(words.signIn.email).fill(somebody.email);
    await page.getByLabel(words.signIn.password, { exact: true }).fill(somebody.password);
    await page.getByRole("button", { name: words.signIn.submit, exact: true }).click();

    await expect(page.getByRole("heading", { level: 1 })).toHaveText(words.review.title);
    const main = page.getByRole("main");
    for (const shown of [somebody.email, provider, printed.slice(-5)]) await expect(main).toContainText(shown);
    await expect(main).not.toContainText(printed.slice(0, 5));
    expect(await rows("SELECT 1 FROM lease WHERE account_id = $1", [somebody.id])).toEqual([]);
    await page.getByRole("button", { name: words.review.submit, exact: true }).click();
    await expect(page.getByRole("heading", { level: 1 })).toHaveText(words.done.title);
    await expect(main).toContainText(provider);
    await expect(main).not.toContainText("9999");
    expect(await rows("SELECT state FROM lease WHERE account_id = $1", [somebody.id])).toEqual([{ state: "running" }]);
    const mail = await mailOf(somebody, "lease-started");
    expect(mail.text).toContain(provider);
    expect(mail.text).not.toContain(printed);

    await page.goto("/home/subscriptions");
    await expect(main).toContainText(says.subscriptions.lease.running.replace("{partner}", provider));
    await expect(main).not.toContainText("9999");
    await expect(page.getByRole("link", { name: says.subscriptions.calendar.add })).toHaveCount(0);
    await expect(page.getByRole("link", { name: says.subscriptions.undo, exact: true })).toHaveCount(0);
  });

  test("the product key page takes a partner code on to its review, and the other way round", async ({
    page,
    words,
    says,
    signedIn,
    key,
    code,
  }) => {
    await signedIn();
    await page.goto("/home/setup/key");
    await page.getByLabel(words.key.field).fill(await code());
    await page.getByRole("button", { name: words.key.submit }).click();
    await expect(page).toHaveURL(/\/home\/setup\/partner-code\/review\?p=[\w-]+$/);
    await expect(page.getByRole("main")).toContainText(says.partnerCode.review.lead);
    await page.goto("/home/setup/partner-code");
    await page.getByLabel(words.code.field).fill(await key());
    await page.getByRole("button", { name: words.code.submit }).click();
    await expect(page).toHaveURL(/\/home\/setup\/review\?p=[\w-]+$/);
  });

  test("a code that another account uses is refused, and says that nothing changed", async ({
    page,
    words,
    says,
    person,
    signedIn,
    leased,
    verified,
  }) => {
    const { printed } = await leased(await person());
    const { id } = await signedIn();
    await page.goto(await verified(printed));
    await expect(page.getByRole("heading", { level: 1 })).toHaveText(says.partnerCode.refusal.usedByAnother.title);
    await expect(page.getByRole("main")).toContainText(words.changedNothing);
    await expect(page.getByRole("main")).not.toContainText(id);
  });

  test("only one choice is called the best when the partner's lease runs beside the person's own subscription", async ({
    page,
    words,
    says,
    signedIn,
    redeemed,
    leased,
    key,
    verified,
  }) => {
    const somebody = await signedIn();
    await redeemed(somebody, { months: 1 });
    await leased(somebody);
    await page.goto(await verified(await key({ months: 3 })));
    await expect(page.getByRole("radio", { name: words.review.keep, exact: true })).toBeChecked();
    await expect(page.getByRole("radio", { name: words.review.extend, exact: true })).toBeVisible();
    const best = says.review.choices.extend.why.split(":")[0]!.trim();
    await expect(page.getByRole("main").getByText(best)).toHaveCount(1);
  });

  test("a product key redeemed while the partner provides the product is kept for later, with the reason", async ({
    page,
    words,
    says,
    signedIn,
    leased,
    key,
    verified,
    ledger,
  }) => {
    const somebody = await signedIn();
    const { leaseId, partnerId } = await leased(somebody);
    const printed = await key({ months: 3 });
    await page.goto(await verified(printed));
    await expect(page.getByRole("radio", { name: words.review.keep, exact: true })).toBeChecked();
    const main = page.getByRole("main");
    await expect(main).toContainText(says.review.choices.keep.whyLeased.replace("{partner}", provider));
    await expect(main).not.toContainText("9999");
    const itself = says.review.choices.keep.itselfLeased.replace("{partner}", provider);
    await expect(page.getByRole("checkbox", { name: itself })).toBeChecked();
    await page.getByRole("button", { name: words.review.keepSubmit, exact: true }).click();
    await expect(page.getByText(says.subscriptions.keyKept)).toBeVisible();
    await expect(main).toContainText(says.subscriptions.kept.afterLease.replace("{partner}", provider));
    expect((await ledger(somebody)).keys).toContainEqual({ state: "kept", hint: printed.slice(-5) });

    await transaction((tx) =>
      changeLease(tx, { leaseId, partnerId, change: "suspend" }, { now: new Date(), actor: "partner" }),
    );
    await page.reload();
    const card = page.getByRole("article").filter({ hasText: provider });
    await expect(card).toContainText(says.subscriptions.paused);
    await expect(card).toContainText(
      says.subscriptions.lease.pausedNote.replace("{partner}", provider).slice(0, lang === "fr" ? 40 : 60),
    );
  });
});
