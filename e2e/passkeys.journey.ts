import type { BrowserContext, Page } from "@playwright/test";
import { Client } from "pg";
import { findSession } from "@/lib/account/session/sessions";
import { authenticatorOf, type Authenticator } from "./authenticator";
import { expect, test as base, type Person } from "./fixtures";
import { given } from "./given";
import { across, withAndWithoutScripts } from "./ways";

type Fixtures = {
  /** The device in the browser of `page`. */
  device: Authenticator;
  /** Signs in a person with a passkey on `device`. */
  withPasskey: (details?: { locale?: "en" | "fr"; emailVerifiedAt?: Date }) => Promise<Person>;
};

const test = base.extend<Fixtures>({
  device: async ({ page }, give) => give(await authenticatorOf(page)),
  withPasskey: async ({ page, words, signedIn, device }, give) =>
    give(async (details) => {
      const somebody = await signedIn(details);
      await page.goto("/home/account/passkeys/add");
      await device.attended(true);
      await page.getByRole("button", { name: words.passkeys.create }).click();
      await expect(heading(page)).toHaveText(words.passkeys.nameTitle);
      await device.attended(false);
      return somebody;
    }),
});

const heading = (page: Page) => page.getByRole("heading", { level: 1 });
/** The outcome of a ceremony, shown below its button. */
const said = (page: Page) => page.getByRole("main").getByRole("status").filter({ hasText: /./ });

const referenceIn = async (context: BrowserContext) =>
  (await context.cookies()).find(({ name }) => name === "session")?.value;
const leave = (context: BrowserContext) => context.clearCookies({ name: "session" });
const actionsOf = (events: { action: string }[]) => events.map(({ action }) => action);
const longAgo = "UPDATE session SET authenticated_at = now() - interval '16 minutes' WHERE account_id = $1";

for (const lang of ["en", "fr"] as const) {
  test.describe(`in ${lang === "en" ? "English" : "French"}, with scripts`, () => {
    test.use({ lang });

    test("a person adds a passkey, names it, signs out, and signs in with it to the page they requested", async ({
      page,
      context,
      words,
      says,
      device,
      signedIn,
      ledger,
      rows,
      mailOf,
    }) => {
      const somebody = await signedIn({ emailVerifiedAt: new Date() });
      await page.goto("/home/account/passkeys");
      await expect(heading(page)).toHaveText(words.passkeys.title);
      await expect(page.getByText(says.passkeys.empty)).toBeVisible();
      await page.getByRole("link", { name: words.passkeys.add }).click();
      await device.attended(true);
      await page.getByRole("button", { name: words.passkeys.create }).click();

      await expect(page.getByText(says.passkeys.name.added)).toBeVisible();
      const name = page.getByLabel(words.passkeys.name, { exact: true });
      await expect(name).toHaveValue(/^(Headless ?)?Chrome (on|sous) /);
      await name.fill("Kitchen laptop");
      await page.getByRole("button", { name: words.account.save }).click();
      await expect(page.getByText(says.passkeys.done.renamed)).toBeVisible();
      await expect(page.getByRole("listitem").filter({ hasText: "Kitchen laptop" })).toContainText(
        says.passkeys.notUsed,
      );
      expect(await device.passkeys()).toBe(1);
      const stored = await rows("SELECT name, last_used_at FROM passkey WHERE account_id = $1", [somebody.id]);
      expect(stored).toEqual([{ name: "Kitchen laptop", last_used_at: null }]);
      expect((await mailOf(somebody, "passkey-added")).to).toBe(somebody.email);

      await device.attended(false);
      await page.goto("/home/account");
      await page.getByRole("button", { name: words.account.signOut }).click();
      await expect(page.getByText(says.signIn.signedOut)).toBeVisible();
      await page.goto("/sign-in?next=/home/subscriptions");
      await device.offered();
      await device.attended(true);
      await page.getByRole("button", { name: words.signIn.passkey }).click();
      await expect(heading(page)).toHaveText(words.subscriptions.title);

      const live = await findSession((await referenceIn(context))!);
      expect(live).toMatchObject({ account: { id: somebody.id }, steppedUp: true });
      const [used] = await rows("SELECT last_used_at FROM passkey WHERE account_id = $1", [somebody.id]);
      expect(used).toEqual({ last_used_at: expect.any(Date) as Date });
      expect(await rows("SELECT 1 FROM passkey_challenge WHERE account_id = $1", [somebody.id])).toEqual([]);
      expect(actionsOf((await ledger(somebody)).events)).toEqual([
        "passkey.added",
        "passkey.renamed",
        "session.ended",
        "session.started",
      ]);
      // The account does not know this browser, because the test set its cookie.
      expect((await mailOf(somebody, "new-sign-in")).to).toBe(somebody.email);
    });

    test("a passkey removed from the account is refused with its own message, and nothing typed is lost", async ({
      page,
      context,
      words,
      says,
      device,
      withPasskey,
      ledger,
    }) => {
      const somebody = await withPasskey();
      await page.goto("/home/account/passkeys");
      await page.getByRole("link", { name: words.passkeys.remove }).first().click();
      await expect(heading(page)).toHaveText(words.passkeys.removeTitle);
      await page.getByRole("button", { name: words.passkeys.removeSubmit }).click();
      await expect(page.getByText(says.passkeys.done.removed)).toBeVisible();
      await expect(page.getByText(says.passkeys.empty)).toBeVisible();

      await leave(context);
      await page.goto("/sign-in");
      await page.getByLabel(words.signIn.email).fill("typed@example.org");
      await page.getByLabel(words.signIn.password, { exact: true }).fill("half a pass");
      await device.offered();
      await device.attended(true);
      await page.getByRole("button", { name: words.signIn.passkey }).click();
      await expect(said(page)).toHaveText(says.errors.passkey.unknown);
      await expect(page.getByLabel(words.signIn.email)).toHaveValue("typed@example.org");
      await expect(page.getByLabel(words.signIn.password, { exact: true })).toHaveValue("half a pass");
      await expect(page).not.toHaveTitle(words.faultTitle);
      expect(await referenceIn(context)).toBeUndefined();
      expect(actionsOf((await ledger(somebody)).events)).toEqual(["passkey.added", "passkey.removed"]);
    });

    test("a device that stays locked gets a calm message, nothing typed is lost, and the next try succeeds", async ({
      page,
      context,
      words,
      says,
      device,
      withPasskey,
    }) => {
      await withPasskey();
      await leave(context);
      // Chromium without passkeys in fields, which would otherwise answer there once the owner is present.
      await page.addInitScript(() =>
        Object.assign(PublicKeyCredential, { isConditionalMediationAvailable: undefined }),
      );
      await page.goto("/sign-in");
      await page.getByLabel(words.signIn.email).fill("typed@example.org");
      await device.unlockable(false);
      await device.attended(true);
      const button = page.getByRole("button", { name: words.signIn.passkey });
      await button.click();
      await expect(said(page)).toHaveText(says.errors.passkey.notUsed);
      await expect(page.getByLabel(words.signIn.email)).toHaveValue("typed@example.org");
      await device.unlockable(true);
      await button.click();
      await expect(heading(page)).toHaveText(words.setup.title);
    });

    test("a passkey replaces the password for step-up, leads back and renews the session's reference (S03)", async ({
      page,
      context,
      words,
      device,
      withPasskey,
      redeemed,
      rows,
      ledger,
    }) => {
      const somebody = await withPasskey();
      const printed = await redeemed(somebody);
      await rows(longAgo, [somebody.id]);
      const before = (await referenceIn(context))!;
      await page.goto("/home/subscriptions");
      await page.getByRole("button", { name: words.subscriptions.show }).click();
      await expect(heading(page)).toHaveText(words.confirm.title);
      await device.attended(true);
      await page.getByRole("button", { name: words.confirm.passkey }).click();
      await expect(heading(page)).toHaveText(words.subscriptions.title);
      await expect(page.getByText(printed)).toBeVisible();

      const after = (await referenceIn(context))!;
      expect(after).not.toBe(before);
      expect(await findSession(before)).toBeNull();
      expect(await findSession(after)).toMatchObject({ account: { id: somebody.id }, steppedUp: true });
      expect(actionsOf((await ledger(somebody)).events).filter((action) => action.startsWith("session."))).toEqual([
        "session.confirmed",
      ]);
    });
  });
}

test("a passkey chosen in the email field signs in without further questions", async ({
  page,
  context,
  words,
  device,
  withPasskey,
}) => {
  const somebody = await withPasskey();
  await leave(context);
  await device.attended(true);
  await page.goto("/sign-in?next=/home/account");
  await expect(heading(page)).toHaveText(words.account.title);
  await expect(page.getByRole("main")).toContainText(somebody.email);
});

test("the offer in the field costs one request, however often the button fails", async ({
  page,
  context,
  words,
  says,
  device,
  withPasskey,
}) => {
  await withPasskey();
  await leave(context);
  const asked: string[] = [];
  page.on("request", (request) => request.method() === "POST" && asked.push(request.url()));
  await page.goto("/sign-in");
  await device.offered();
  expect(asked).toHaveLength(1);
  await device.unlockable(false);
  await device.attended(true);
  for (let time = 2; time < 5; time++) {
    await page.getByRole("button", { name: words.signIn.passkey }).click();
    await expect(said(page)).toHaveText(says.errors.passkey.notUsed);
    expect(asked).toHaveLength(time);
  }
});

test("sign-in with a passkey ends the previous session and switches to the account's language", async ({
  page,
  context,
  device,
  withPasskey,
  person,
  enter,
  rows,
}) => {
  const somebody = await withPasskey({ locale: "fr", emailVerifiedAt: new Date() });
  await leave(context);
  const other = await person();
  await enter(other);
  const before = (await referenceIn(context))!;
  await page.goto("/sign-in?switch=1&next=/home/account");
  await device.offered();
  await device.attended(true);
  await page.getByRole("button", { name: "Sign in with a passkey" }).click();
  await expect(page.getByRole("main")).toContainText(somebody.email);
  await expect(heading(page)).toHaveText("Mon compte");
  expect(await findSession(before)).toBeNull();
  expect(await rows("SELECT 1 FROM session WHERE account_id = $1 AND revoked_at IS NULL", [other.id])).toEqual([]);
  const cookies = await context.cookies();
  expect(cookies.find(({ name }) => name === "session")).toMatchObject({ httpOnly: true, sameSite: "Lax", path: "/" });
  // The browser is known now, so the next sign-in sends no email.
  const known = cookies.find(({ name }) => name === "browser")!.value;
  await leave(context);
  await page.goto("/sign-in");
  await expect(page.getByRole("link", { name: somebody.email })).toBeVisible();
  expect((await context.cookies()).find(({ name }) => name === "browser")!.value).toBe(known);
  const told = await rows("SELECT 1 FROM mail WHERE account_id = $1 AND kind = 'new-sign-in'", [somebody.id]);
  expect(told).toHaveLength(1);
});

test("a database outage during passkey sign-in is reported as an outage, not as a refusal", async ({
  page,
  context,
  words,
  says,
  device,
  withPasskey,
  rows,
}) => {
  const somebody = await withPasskey();
  await leave(context);
  await page.goto("/sign-in");
  await device.offered();
  await device.attended(true);
  // Opening the session waits for the account's row until PostgreSQL's lock timeout.
  const database = new Client({ connectionString: given().databaseUrl });
  await database.connect();
  await database.query("BEGIN");
  await database.query("SELECT 1 FROM account WHERE id = $1 FOR NO KEY UPDATE", [somebody.id]);
  await page.getByRole("button", { name: words.signIn.passkey }).click();
  await expect(heading(page)).toHaveText(says.unavailable.title, { timeout: 15_000 });
  await database.end();
  expect(await referenceIn(context)).toBeUndefined();
  expect(await rows("SELECT 1 FROM event WHERE account_id = $1 AND action = 'passkey.refused'", [somebody.id])).toEqual(
    [],
  );
});

test("a locked device adds no passkey, and a device with a passkey adds no second one", async ({
  page,
  words,
  says,
  device,
  signedIn,
  rows,
}) => {
  const somebody = await signedIn();
  const create = page.getByRole("button", { name: words.passkeys.create });
  await page.goto("/home/account/passkeys/add");
  await device.attended(true);
  await device.unlockable(false);
  await create.click();
  await expect(said(page)).toHaveText(says.errors.passkey.notMade);
  await device.unlockable(true);
  await create.click();
  await expect(heading(page)).toHaveText(words.passkeys.nameTitle);
  await page.goto("/home/account/passkeys/add");
  await create.click();
  await expect(said(page)).toHaveText(says.errors.passkey.exists);
  expect(await rows("SELECT 1 FROM passkey WHERE account_id = $1", [somebody.id])).toHaveLength(1);
});

test("adding a passkey requires a recent step-up, both to open the page and to press the button", async ({
  page,
  words,
  device,
  signedIn,
  rows,
}) => {
  const somebody = await signedIn();
  await page.goto("/home/account/passkeys/add");
  await rows(longAgo, [somebody.id]);
  await device.attended(true);
  await page.getByRole("button", { name: words.passkeys.create }).click();
  await expect(heading(page)).toHaveText(words.confirm.title);
  await page.goto("/home/account/passkeys");
  await page.getByRole("link", { name: words.passkeys.add }).click();
  await expect(heading(page)).toHaveText(words.confirm.title);
  await expect(page.getByRole("button", { name: words.confirm.passkey })).toHaveCount(0);
  await page.getByLabel(words.signIn.password, { exact: true }).fill(somebody.password);
  await page.getByRole("button", { name: words.confirm.submit, exact: true }).click();
  await page.getByRole("button", { name: words.passkeys.create }).click();
  await expect(heading(page)).toHaveText(words.passkeys.nameTitle);
  expect(await device.passkeys()).toBe(1);
});

test("no passkey is added to another account that signed in from another tab (R10)", async ({
  page,
  words,
  device,
  signedIn,
  enter,
  person,
  rows,
}) => {
  await signedIn();
  await page.goto("/home/account/passkeys/add");
  const other = await person();
  await enter(other);
  await device.attended(true);
  await page.getByRole("button", { name: words.passkeys.create }).click();
  await expect(page.getByRole("main")).toContainText(other.email);
  expect(await device.passkeys()).toBe(0);
  expect(await rows("SELECT 1 FROM passkey WHERE account_id = $1", [other.id])).toEqual([]);
});

test("a browser without passkeys shows no passkey button and suggests the password", async ({
  page,
  words,
  says,
  signedIn,
}) => {
  await page.addInitScript(() => Reflect.deleteProperty(window, "PublicKeyCredential"));
  await page.goto("/sign-in");
  await expect(page.getByRole("button", { name: words.signIn.submit, exact: true })).toBeVisible();
  await expect(page.getByText(words.signIn.passkey)).toHaveCount(0);
  await signedIn();
  for (const path of ["/home/account/passkeys", "/home/account/passkeys/add"]) {
    await page.goto(path);
    await expect(page.getByText(says.passkeys.unsupported)).toBeVisible();
    await expect(page.getByText(words.passkeys.create)).toHaveCount(0);
    await expect(page.getByRole("link", { name: words.passkeys.add })).toHaveCount(0);
  }
});

across(withAndWithoutScripts, ({ scripts }) => {
  test("a passkey is renamed and, after step-up, removed; other passkeys stay", async ({
    page,
    words,
    says,
    signedIn,
    storedPasskey,
    rows,
    ledger,
    mailOf,
  }) => {
    const somebody = await signedIn({ emailVerifiedAt: new Date() });
    await storedPasskey(somebody, "Old phone");
    await storedPasskey(somebody, "Kitchen tablet");
    await page.goto("/home/account/passkeys");
    const row = (name: string) => page.getByRole("main").getByRole("listitem").filter({ hasText: name });
    await row("Old phone").getByRole("link", { name: words.passkeys.rename }).click();
    await expect(heading(page)).toHaveText(words.passkeys.nameTitle);
    const name = page.getByLabel(words.passkeys.name, { exact: true });
    await name.fill(" ");
    await page.getByRole("button", { name: words.account.save }).click();
    await expect(page).toHaveTitle(words.faultTitle);
    await expect(name).toHaveAccessibleDescription(new RegExp(says.errors.passkeyName.required));
    await name.fill("Anna’s phone");
    await page.getByRole("button", { name: words.account.save }).click();
    await expect(page.getByText(says.passkeys.done.renamed)).toBeVisible();

    await rows(longAgo, [somebody.id]);
    await row("Anna’s phone").getByRole("link", { name: words.passkeys.remove }).click();
    await expect(heading(page)).toHaveText(words.confirm.title);
    await page.getByLabel(words.signIn.password, { exact: true }).fill(somebody.password);
    await page.getByRole("button", { name: words.confirm.submit, exact: true }).click();
    await expect(heading(page)).toHaveText(words.passkeys.removeTitle);
    await expect(page.getByRole("main")).toContainText("Anna’s phone");
    await page.getByRole("button", { name: words.passkeys.removeSubmit }).click();
    await expect(page.getByText(says.passkeys.done.removed)).toBeVisible();
    await expect(row("Anna’s phone")).toHaveCount(0);
    await expect(row("Kitchen tablet")).toHaveCount(1);

    expect(await rows("SELECT name FROM passkey WHERE account_id = $1", [somebody.id])).toEqual([
      { name: "Kitchen tablet" },
    ]);
    expect(actionsOf((await ledger(somebody)).events)).toEqual([
      "passkey.renamed",
      "session.confirmed",
      "passkey.removed",
    ]);
    expect((await mailOf(somebody, "passkey-removed")).to).toBe(somebody.email);
  });

  test("a name typed when the session ended is restored after sign-in (R11)", async ({
    page,
    words,
    says,
    signedIn,
    storedPasskey,
    rows,
  }) => {
    const somebody = await signedIn();
    const id = await storedPasskey(somebody, "Old phone");
    await page.goto(`/home/account/passkeys/${id}`);
    await rows("UPDATE session SET revoked_at = now() WHERE account_id = $1", [somebody.id]);
    await page.getByLabel(words.passkeys.name, { exact: true }).fill("Kitchen tablet");
    await page.getByRole("button", { name: words.account.save }).click();
    await page.getByLabel(words.signIn.email).fill(somebody.email);
    await page.getByLabel(words.signIn.password, { exact: true }).fill(somebody.password);
    await page.getByRole("button", { name: words.signIn.submit, exact: true }).click();
    await expect(page.getByLabel(words.passkeys.name, { exact: true })).toHaveValue("Kitchen tablet");
    await page.getByRole("button", { name: words.account.save }).click();
    await expect(page.getByText(says.passkeys.done.renamed)).toBeVisible();
    expect(await rows("SELECT name FROM passkey WHERE id = $1", [id])).toEqual([{ name: "Kitchen tablet" }]);
  });

  if (!scripts)
    test("without JavaScript the pages suggest the password", async ({ page, words, says, signedIn }) => {
      await page.goto("/sign-in");
      await expect(page.getByRole("button", { name: words.signIn.passkey })).toBeHidden();
      await signedIn();
      for (const path of ["/home/account/passkeys", "/home/account/passkeys/add"]) {
        await page.goto(path);
        await expect(page.getByText(says.passkeys.withoutScripts)).toBeVisible();
        await expect(page.getByRole("link", { name: words.passkeys.add })).toBeHidden();
        await expect(page.getByRole("button", { name: words.passkeys.create })).toBeHidden();
      }
    });
});

test("another person's passkey and an unknown one both lead to the person's own list (S10)", async ({
  page,
  says,
  signedIn,
  person,
  storedPasskey,
}) => {
  const other = await storedPasskey(await person(), "Theirs");
  await signedIn();
  for (const id of [other, "00000000-0000-4000-8000-000000000000", "nonsense"]) {
    for (const path of [id, `${id}/remove`]) {
      await page.goto(`/home/account/passkeys/${path}`);
      await expect(page).toHaveURL("/home/account/passkeys?done=gone");
      await expect(page.getByText(says.passkeys.done.gone)).toBeVisible();
      await expect(page.getByText("Theirs")).toHaveCount(0);
    }
  }
});
