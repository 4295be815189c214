import { randomBytes } from "node:crypto";
import type { Page } from "@playwright/test";
import { expect, test, type Person } from "./fixtures";
import { across, withAndWithoutScripts } from "./ways";

const heading = (page: Page) => page.getByRole("heading", { level: 1 });
const address = (name: string) => `${name}.${randomBytes(5).toString("hex")}@example.org`;

across(withAndWithoutScripts, ({ scripts }) => {
  const isConfirmed = async (
    rows: <Row extends object>(sql: string, values?: unknown[]) => Promise<Row[]>,
    { id }: Pick<Person, "id">,
  ) =>
    (await rows<{ at: Date | null }>("SELECT email_verified_at AS at FROM account WHERE id = $1", [id]))[0]!.at !==
    null;

  test("the emailed link confirms a new account's address on another device, and redemption never waits for it", async ({
    page,
    words,
    says,
    key,
    mailOf,
    rows,
    otherBrowser,
  }) => {
    const email = address("camille");
    await page.goto("/create-account");
    await page.getByLabel(words.create.name, { exact: true }).fill("Camille Marchand");
    await page.getByLabel(words.create.email).fill(email);
    await page.getByLabel(words.create.password, { exact: true }).fill("vergers et lanternes 61");
    await page.getByLabel(words.create.country).selectOption("FR");
    await page.getByRole("button", { name: words.create.submit }).click();
    await page.getByLabel(words.key.field).fill(await key());
    await page.getByRole("button", { name: words.key.submit }).click();
    await page.getByRole("button", { name: words.review.submit, exact: true }).click();
    await expect(heading(page)).toHaveText(words.done.title);
    await expect(page.getByText(says.verifyEmail.notice.title)).toBeVisible();

    const [{ id } = { id: "" }] = await rows<{ id: string }>("SELECT id FROM account WHERE email = $1", [email]);
    const { link } = await mailOf({ email }, "confirm-address");
    const phone = await otherBrowser();
    await phone.goto(link);
    await phone.goto(link);
    await expect(heading(phone)).toHaveText(words.verify.title);
    await expect(phone.getByRole("main")).toContainText(email);
    expect(await isConfirmed(rows, { id })).toBe(false);
    await phone.getByRole("button", { name: words.verify.submit }).click();
    await expect(heading(phone)).toHaveText(words.verify.confirmed);
    expect(await isConfirmed(rows, { id })).toBe(true);
    // A second click succeeds too, and signs nobody in.
    await phone.goto(link);
    await expect(heading(phone)).toHaveText(words.verify.confirmed);
    expect((await phone.context().cookies()).map(({ name }) => name)).not.toContain("session");

    await page.goto("/home/subscriptions");
    await expect(heading(page)).toHaveText(words.subscriptions.title);
    await expect(page.getByText(says.verifyEmail.notice.title)).toHaveCount(0);
  });

  test("a link confirms its own account, and says so when another one is signed in", async ({
    page,
    words,
    says,
    person,
    signedIn,
    token,
    rows,
  }) => {
    const owner = await person();
    const here = await signedIn();
    await page.goto(`/verify-email?token=${await token(owner, "verify-email")}`);
    await expect(page.getByText(says.verifyEmail.link.otherAccount.replace("{other}", here.email))).toBeVisible();
    await expect(page.getByRole("main")).toContainText(owner.email);
    await page.getByRole("button", { name: words.verify.submit }).click();
    await expect(heading(page)).toHaveText(words.verify.confirmed);
    expect(await isConfirmed(rows, owner)).toBe(true);
    expect(await isConfirmed(rows, here)).toBe(false);
  });

  test("the six-digit code confirms with any spacing; after five wrong codes a new email brings a new one", async ({
    page,
    words,
    says,
    signedIn,
    mailOf,
    mails,
    rows,
    ledger,
  }) => {
    const somebody = await signedIn();
    await page.goto("/verify-email");
    await page.getByRole("button", { name: words.verify.sendAgain }).click();
    await expect(page.getByText(says.verifyEmail.sent)).toBeVisible();
    const { code } = await mailOf(somebody, "confirm-address");
    const submit = async (digits: string) => {
      await page.getByLabel(words.verify.code).fill(digits);
      await page.getByRole("button", { name: words.verify.submitCode, exact: true }).click();
    };
    const wrong = String((Number(code) + 1) % 1_000_000).padStart(6, "0");
    for (const says_ of ["wrong", "wrong", "wrong", "lastTry"] as const) {
      await submit(wrong);
      await expect(page.getByRole("alert").filter({ hasText: says.errors.code[says_] })).toBeVisible();
      await page.goto("/verify-email");
    }
    await submit(wrong);
    await expect(page.getByText(says.verifyEmail.codeOver)).toBeVisible();
    await expect(page.getByLabel(words.verify.code)).toHaveCount(0);

    // A request right away is too soon, and the page says how long to wait.
    await page.getByRole("button", { name: words.verify.sendAgain }).click();
    await expect(page.getByRole("alert").filter({ hasText: /\d\s\w/ })).toBeVisible();
    await rows(`UPDATE limit_counter SET ends_at = now() WHERE "limit" = 'confirmMailPerMinute'`);
    await page.getByRole("button", { name: words.verify.sendAgain }).click();
    await expect(page.getByText(says.verifyEmail.sent)).toBeVisible();
    await expect.poll(async () => (await mails(somebody)).length).toBe(2);
    const { code: next } = await mailOf(somebody, "confirm-address");
    await submit(` ${next!.slice(0, 3)} ${next!.slice(3)} `);
    await expect(heading(page)).toHaveText(words.verify.confirmed);
    expect(await isConfirmed(rows, somebody)).toBe(true);
    const actions = (await ledger(somebody)).events.map(({ action }) => action);
    expect(actions).toEqual([...Array<string>(5).fill("account.code-refused"), "account.email-confirmed"]);
  });

  test("a typing error in the address is corrected in place, after step-up, which keeps the typed text", async ({
    page,
    words,
    signedIn,
    person,
    mailOf,
    mails,
    rows,
    says,
    token,
  }) => {
    const somebody = await signedIn({ email: address("camile") });
    const former = await token(somebody, "verify-email");
    const other = await person();
    await page.goto("/verify-email");
    const correct = async (email: string) => {
      if (!(await page.getByLabel(words.verify.newEmail).isVisible()))
        await page.getByText(words.verify.correct).click();
      await page.getByLabel(words.verify.newEmail).fill(email);
      await page.getByRole("button", { name: words.verify.save }).click();
    };
    await correct(other.email);
    await expect(page.getByRole("alert").filter({ hasText: says.errors.email.taken })).toBeVisible();

    await rows("UPDATE session SET authenticated_at = now() - interval '16 minutes' WHERE account_id = $1", [
      somebody.id,
    ]);
    const right = address("camille");
    await correct(right);
    await expect(heading(page)).toHaveText(words.confirm.title);
    await page.getByLabel(words.signIn.password, { exact: true }).fill(somebody.password);
    await page.getByRole("button", { name: words.confirm.submit, exact: true }).click();
    await expect(page.getByLabel(words.verify.newEmail)).toHaveValue(right);
    await page.getByRole("button", { name: words.verify.save }).click();
    await expect(page.getByText(says.verifyEmail.sent)).toBeVisible();
    await expect(page.getByRole("main")).toContainText(right);

    const { link } = await mailOf({ email: right }, "confirm-address");
    expect(await mails(somebody)).toEqual([]);
    await page.goto(`/verify-email?token=${former}`);
    await expect(heading(page)).toHaveText(words.reset.over);
    await page.goto(link);
    await page.getByRole("button", { name: words.verify.submit }).click();
    await expect(heading(page)).toHaveText(words.verify.confirmed);
    const [row] = await rows("SELECT email FROM account WHERE id = $1", [somebody.id]);
    expect(row).toEqual({ email: right });
  });

  test("a change of address is confirmed on the same page, and refused while another account has the address", async ({
    page,
    words,
    says,
    person,
    signedIn,
    token,
    mailOf,
    rows,
  }) => {
    const somebody = await signedIn({ emailVerifiedAt: new Date() });
    const wished = address("new");
    const secret = await token(somebody, "change-email", new Date(), wished);
    const other = await person({ email: wished });
    await page.goto(`/verify-email?token=${secret}`);
    await expect(page.getByRole("main")).toContainText(wished);
    await page.getByRole("button", { name: words.verify.submit }).click();
    await expect(page.getByText(says.verifyEmail.taken.title)).toBeVisible();
    await rows("UPDATE account SET email = $2 WHERE id = $1", [other.id, address("elsewhere")]);
    await page.getByRole("button", { name: words.verify.submit }).click();
    await expect(heading(page)).toHaveText(words.verify.confirmed);
    const [row] = await rows("SELECT email FROM account WHERE id = $1", [somebody.id]);
    expect(row).toEqual({ email: wished });
    await mailOf(somebody, "address-restorable");
    await mailOf({ email: wished }, "address-changed");
  });

  if (scripts)
    test("a typing error in a common domain is pointed out but does not block the form", async ({ page, words }) => {
      await page.goto("/create-account");
      const field = page.getByLabel(words.create.email);
      await field.fill("camille@gmial.com");
      await page.getByLabel(words.create.password, { exact: true }).focus();
      await page.getByRole("button", { name: "Did you mean camille@gmail.com?" }).click();
      await expect(field).toHaveValue("camille@gmail.com");
      await expect(field).toBeFocused();
      await expect(page.getByRole("button", { name: /Did you mean/ })).toHaveCount(0);
    });
});
