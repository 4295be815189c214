import { products } from "@/lib/brand";
import { expect, test } from "./fixtures";
import { across, withAndWithoutScripts } from "./ways";

const product = products["norton-360-deluxe"].name;

across(withAndWithoutScripts, ({ scripts }) => {
  test("a key typed before signing in is held through sign-in", async ({ page, words, says, key, person, ledger }) => {
    const printed = await key();
    const somebody = await person();

    await page.goto("/home/setup/key");
    await page.getByLabel(words.key.field).fill(printed);
    await page.getByRole("button", { name: words.key.submit }).click();

    // What the key is for, before any account.
    await expect(page.getByRole("heading", { level: 1 })).toHaveText(says.look.title);
    const main = page.getByRole("main");
    for (const fact of [product, printed.slice(-5), says.look.startsWhen, says.look.noCard])
      await expect(main).toContainText(fact);
    await main.getByRole("link", { name: says.look.signIn, exact: true }).click();
    await expect(page.getByText(says.signIn.keyHeld)).toBeVisible();
    await page.getByLabel(words.signIn.email).fill(somebody.email);
    await page.getByLabel(words.signIn.password, { exact: true }).fill(somebody.password);
    await page.getByRole("button", { name: words.signIn.submit, exact: true }).click();

    await expect(page.getByRole("heading", { level: 1 })).toHaveText(words.review.title);
    await expect(page.getByRole("main")).toContainText(somebody.email);
    await page.getByRole("button", { name: words.review.submit, exact: true }).click();
    await expect(page.getByRole("heading", { level: 1 })).toHaveText(words.done.title);

    const { keys, events } = await ledger(somebody);
    expect(keys).toEqual([{ state: "redeemed", hint: printed.slice(-5) }]);
    expect(events.map(({ action }) => action)).toEqual(["session.started", "key.redeemed"]);
  });

  test("a key typed before creating an account is held until it is created", async ({
    page,
    words,
    key,
    ledger,
    network,
  }) => {
    const printed = await key();
    const email = `apres.${network}@example.org`;

    await page.goto("/home/setup/key");
    await page.getByLabel(words.key.field).fill(printed);
    await page.getByRole("button", { name: words.key.submit }).click();
    await page.getByRole("main").getByRole("link", { name: words.create.title, exact: true }).click();

    await page.getByLabel(words.create.name, { exact: true }).fill("Ada");
    await page.getByLabel(words.create.email).fill(email);
    await page.getByLabel(words.create.password, { exact: true }).fill("vergers et lanternes 61");
    await page.getByLabel(words.create.country).selectOption("BE");
    await page.getByRole("button", { name: words.create.submit }).click();

    await expect(page.getByRole("heading", { level: 1 })).toHaveText(words.review.title);
    await page.getByRole("button", { name: words.review.submit, exact: true }).click();
    await expect(page.getByRole("heading", { level: 1 })).toHaveText(words.done.title);
    expect((await ledger({ email })).keys).toEqual([{ state: "redeemed", hint: printed.slice(-5) }]);
  });

  test("a newcomer who confirms the address in another browser goes on with the key there", async ({
    page,
    words,
    says,
    key,
    ledger,
    network,
    mailOf,
    otherBrowser,
  }) => {
    const printed = await key();
    const email = `ailleurs.${network}@example.org`;
    const password = "vergers et lanternes 61";
    await page.goto("/home/setup/key");
    await page.getByLabel(words.key.field).fill(printed);
    await page.getByRole("button", { name: words.key.submit }).click();
    await page.getByRole("main").getByRole("link", { name: words.create.title, exact: true }).click();
    await page.getByLabel(words.create.name, { exact: true }).fill("Ada");
    await page.getByLabel(words.create.email).fill(email);
    await page.getByLabel(words.create.password, { exact: true }).fill(password);
    await page.getByLabel(words.create.country).selectOption("BE");
    await page.getByRole("button", { name: words.create.submit }).click();
    await expect(page.getByRole("heading", { level: 1 })).toHaveText(words.review.title);

    const phone = await otherBrowser();
    await phone.goto((await mailOf({ email }, "confirm-address")).link!);
    await phone.getByRole("button", { name: words.verify.submit }).click();
    await phone.getByRole("main").getByRole("link", { name: words.signIn.title, exact: true }).click();
    await phone.getByLabel(words.signIn.email).fill(email);
    await phone.getByLabel(words.signIn.password, { exact: true }).fill(password);
    await phone.getByRole("button", { name: words.signIn.submit, exact: true }).click();
    await expect(phone.getByRole("heading", { level: 1 })).toHaveText(words.review.title);
    await expect(phone.getByText(says.review.held)).toBeVisible();
    await expect(phone.getByRole("main")).toContainText(printed.slice(-5));
    await phone.getByRole("button", { name: words.review.submit, exact: true }).click();
    await expect(phone.getByRole("heading", { level: 1 })).toHaveText(words.done.title);
    expect((await ledger({ email })).keys).toEqual([{ state: "redeemed", hint: printed.slice(-5) }]);
  });

  test("creating an account with a known address leads to sign-in, and the typed key is held", async ({
    page,
    words,
    says,
    key,
    person,
    ledger,
  }) => {
    const printed = await key();
    const somebody = await person();

    await page.goto("/home/setup/key");
    await page.getByLabel(words.key.field).fill(printed);
    await page.getByRole("button", { name: words.key.submit }).click();
    await page.getByRole("main").getByRole("link", { name: words.create.title, exact: true }).click();
    await page.getByLabel(words.create.name, { exact: true }).fill("Somebody Else");
    // Phone keyboards capitalise the first letter. It is the same address.
    await page.getByLabel(words.create.email).fill(somebody.email.replace("camille", "Camille"));
    await page.getByLabel(words.create.password, { exact: true }).fill("vergers et lanternes 61");
    await page.getByLabel(words.create.country).selectOption("BE");
    await page.getByRole("button", { name: words.create.submit }).click();

    await expect(page.getByRole("alert").filter({ hasText: says.errors.email.taken })).toBeVisible();
    await expect(page).toHaveTitle(words.faultTitle);
    await expect(page.getByLabel(words.create.name, { exact: true })).toHaveValue("Somebody Else");
    await expect(page.getByLabel(words.create.email)).toHaveValue(somebody.email.replace("camille", "Camille"));
    await expect(page.getByLabel(words.create.country)).toHaveValue("BE");
    // Without JavaScript the password is empty, because the server never sends one back. With it, the page was never
    // left.
    if (!scripts) await expect(page.getByLabel(words.create.password, { exact: true })).toHaveValue("");

    await page.getByRole("main").getByRole("link", { name: words.signIn.title, exact: true }).first().click();
    await page.getByLabel(words.signIn.email).fill(somebody.email);
    await page.getByLabel(words.signIn.password, { exact: true }).fill(somebody.password);
    await page.getByRole("button", { name: words.signIn.submit, exact: true }).click();
    await page.getByRole("button", { name: words.review.submit, exact: true }).click();
    await expect(page.getByRole("heading", { level: 1 })).toHaveText(words.done.title);
    expect((await ledger(somebody)).keys).toEqual([{ state: "redeemed", hint: printed.slice(-5) }]);
  });
});

test("a key in a QR code's URL fills the field and disappears from the URL", async ({ page, words, says, key }) => {
  const printed = await key();
  const sent: string[] = [];
  page.on("request", (request) => sent.push(request.url()));

  await page.goto(`/home/setup/key#${printed}`);
  await expect(page.getByLabel(words.key.field)).toHaveValue(printed);
  await expect(page).toHaveURL("/home/setup/key");
  await page.getByRole("button", { name: words.key.submit }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(says.look.title);

  expect(page.url()).not.toContain(printed.slice(0, 5));
  expect(sent.filter((url) => url.includes(printed.slice(0, 11)))).toEqual([]);
});

test("a key in the URL never replaces a typed one", async ({ page, words, keys }) => {
  const [typed, inAddress] = await keys({ count: 2 });
  await page.goto("/home/setup/key");
  await page.getByLabel(words.key.field).fill(typed!);
  await page.goto(`/home/setup/key#${inAddress}`);
  await expect(page.getByLabel(words.key.field)).not.toHaveValue(inAddress!);
});
