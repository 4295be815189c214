import { answerDispute } from "@/lib/licence/disputes/answer-dispute";
import { inWords } from "./dates";
import { expect, test, type Given } from "./fixtures";
import { across, withAndWithoutScripts } from "./ways";

type Claim = Record<"shop" | "boughtOn" | "lastGroup" | "receipt", string>;

async function fillIn({ page, says }: Pick<Given, "page" | "says">, claim: Claim): Promise<void> {
  for (const [field, text] of Object.entries(claim) as [keyof Claim, string][])
    await page.getByLabel(says.dispute[field].label).fill(text);
}

across(withAndWithoutScripts, ({ lang }) => {
  test("a key that another account uses is disputed, and the answer comes by email and in My account", async ({
    page,
    says,
    words,
    person,
    signedIn,
    redeemed,
    verified,
    ledger,
    mailOf,
    rows,
  }) => {
    const somebody = await signedIn({ emailVerifiedAt: new Date() });
    const owner = await person({ name: "Philippa Quenouille" });
    const printed = await redeemed(owner);
    const before = await ledger(owner);
    await page.goto(await verified(printed));
    await page.getByRole("link", { name: says.refusal.dispute, exact: true }).click();
    await expect(page.getByRole("heading", { level: 1 })).toHaveText(says.dispute.title);
    const form = page.url();

    const claim = { shop: "Electro, Lille", boughtOn: "", lastGroup: "7", receipt: `Ticket 0042\n${printed}` };
    await fillIn({ page, says }, claim);
    const send = page.getByRole("button", { name: says.dispute.submit, exact: true });
    await send.click();
    await expect(page).toHaveTitle(words.faultTitle);
    const faults = page.getByRole("alert").getByRole("link");
    await expect(faults).toHaveText([says.errors.dispute.boughtOn, says.errors.dispute.lastGroup]);
    await expect(page.getByLabel(says.dispute.shop.label)).toHaveValue(claim.shop);
    await fillIn({ page, says }, { ...claim, boughtOn: "19/11/2026", lastGroup: printed.slice(-5).toLowerCase() });
    await send.click();

    await expect(page.getByRole("heading", { level: 1 })).toHaveText(says.dispute.sent.title);
    const { events } = await ledger(somebody);
    const { subject: caseCode } = events.find(({ action }) => action === "dispute.opened")!;
    await expect(page.getByRole("main")).toContainText(caseCode!);
    await expect(page.getByRole("main")).toContainText(somebody.email);
    const stored = await rows("SELECT shop, bought_on, last_group, receipt FROM dispute WHERE account_id = $1", [
      somebody.id,
    ]);
    const masked = `•••••-•••••-•••••-•••••-${printed.slice(-5)}`;
    const texts = { shop: "Electro, Lille", bought_on: "19/11/2026", receipt: `Ticket 0042\n${masked}` };
    expect(stored).toEqual([{ ...texts, last_group: printed.slice(-5) }]);
    expect(await ledger(owner), "the account that uses the key").toEqual(before);

    // The form leads to the case that it opened.
    await page.goto(form);
    await expect(page.getByRole("heading", { level: 1 })).toHaveText(says.dispute.sent.title);

    await page.goto("/home/account");
    await page.getByRole("link", { name: says.account.what.cases }).click();
    const main = page.getByRole("main");
    await expect(main).toContainText(says.cases.open);
    const text = lang === "fr" ? "La clé est à vous.\nMontrez ce message." : "The key is yours.\nShow this message.";
    expect(await answerDispute({ caseCode: caseCode!, text }, { now: new Date() })).toMatchObject({ emailed: true });
    const mail = await mailOf(somebody, "dispute-answered");
    expect(mail.subject).toBe(says.mails.disputeAnswered.subject.replace("{code}", caseCode!));
    expect(mail.text).toContain(text.replace(/^/gm, "> "));
    await page.goto(mail.link);
    await expect(main).toContainText(says.cases.answered.replace("{date}", inWords(new Date(), lang)));
    await expect(main.getByText(text.split("\n")[1]!)).toBeVisible();
    for (const secret of [owner.email, "Quenouille", printed]) expect(await page.content()).not.toContain(secret);
  });
});

test("what was typed into a dispute survives the end of the session, with its key masked also in the cookie (R11)", async ({
  page,
  context,
  words,
  says,
  person,
  signedIn,
  redeemed,
  verified,
  rows,
}) => {
  const somebody = await signedIn();
  const printed = await redeemed(await person());
  await page.goto((await verified(printed)).replace("review", "review/dispute"));
  const claim = { shop: "Electro", boughtOn: "19/11/2026", lastGroup: printed.slice(-5), receipt: printed };
  await fillIn({ page, says }, claim);
  await rows("UPDATE session SET revoked_at = now() WHERE account_id = $1", [somebody.id]);
  await page.getByRole("button", { name: says.dispute.submit, exact: true }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(words.signIn.title);
  await expect(page.getByText(says.signIn.keyHeld)).toBeVisible();
  const cookies = (await context.cookies()).map(({ value }) => Buffer.from(value, "base64url").toString());
  expect(cookies.join()).toContain("Electro");
  for (const secret of [printed, printed.replaceAll("-", "")]) expect(cookies.join()).not.toContain(secret);

  await page.getByLabel(words.signIn.email).fill(somebody.email);
  await page.getByLabel(words.signIn.password, { exact: true }).fill(somebody.password);
  await page.getByRole("button", { name: words.signIn.submit, exact: true }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(says.dispute.title);
  await expect(page.getByLabel(says.dispute.receipt.label)).toHaveValue(`•••••-•••••-•••••-•••••-${printed.slice(-5)}`);
  await page.getByRole("button", { name: says.dispute.submit, exact: true }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(says.dispute.sent.title);
  expect(await rows("SELECT shop FROM dispute WHERE account_id = $1", [somebody.id])).toEqual([{ shop: "Electro" }]);
});

test("what was typed into a dispute outlives the key that is held for it, and a change of the language", async ({
  page,
  context,
  says,
  person,
  signedIn,
  redeemed,
  verified,
  rows,
}) => {
  const somebody = await signedIn();
  const printed = await redeemed(await person());
  await page.goto((await verified(printed)).replace("review", "review/dispute"));
  // As long as the form takes it, with accents.
  const receipt = "Reçu ".repeat(400);
  await fillIn({ page, says }, { shop: "Electro, Lille", boughtOn: "19/11/2026", lastGroup: "22222", receipt });
  await page.getByRole("contentinfo").getByRole("button", { name: "Français" }).click();
  await expect(page.locator("html")).toHaveAttribute("lang", "fr");
  await expect(page.getByRole("textbox").last()).toHaveValue(receipt);
  await page.getByRole("contentinfo").getByRole("button", { name: "English" }).click();
  await expect(page.getByLabel(says.dispute.receipt.label)).toHaveValue(receipt);

  await context.clearCookies({ name: /^preview-/ });
  await page.getByRole("button", { name: says.dispute.submit, exact: true }).click();
  await expect(page.getByText(says.dispute.expired.replace("{dispute}", says.refusal.dispute))).toBeVisible();
  await page.goto(await verified(printed));
  await page.getByRole("link", { name: says.refusal.dispute, exact: true }).click();
  await expect(page.getByLabel(says.dispute.receipt.label)).toHaveValue(receipt);
  await page.getByRole("button", { name: says.dispute.submit, exact: true }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(says.dispute.sent.title);
  expect(await rows("SELECT shop, receipt FROM dispute WHERE account_id = $1", [somebody.id])).toEqual([
    { shop: "Electro, Lille", receipt: receipt.trim() },
  ]);
});
