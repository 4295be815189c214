import { inWords, monthsLater } from "./dates";
import { expect, test } from "./fixtures";
import { across, everyPair } from "./ways";

across(everyPair, ({ lang, scripts }) => {
  test("a newcomer creates an account, activates a key and sees the next step", async ({
    page,
    words,
    key,
    ledger,
    network,
    rows,
  }) => {
    const printed = await key({ product: "norton-360-deluxe", months: 12 });
    const email = `noe.${network}@example.org`;
    const heading = page.getByRole("heading", { level: 1 });

    await page.goto("/home/setup");
    await expect(heading).toHaveText(words.setup.title);
    await page.getByRole("link", { name: words.setup.createAccount }).click();

    await expect(heading).toHaveText(words.create.title);
    await page.getByLabel(words.create.name, { exact: true }).fill("Noé Carpentier");
    await page.getByLabel(words.create.email).fill(email);
    await page.getByLabel(words.create.password, { exact: true }).fill("vergers et lanternes 61");
    await page.getByLabel(words.create.country).selectOption("CH");
    // The script reads the browser's time zone. Without it, the country decides.
    if (scripts) await expect(page.locator("input[name=timeZone]")).toHaveValue("Europe/Paris");
    await page.getByRole("button", { name: words.create.submit }).click();

    await expect(page).toHaveURL("/home/setup/key");
    await expect(page.getByText(email)).not.toHaveCount(0);
    await page.getByLabel(words.key.field).fill(printed.toLowerCase().replaceAll("-", " "));
    await page.getByRole("button", { name: words.key.submit }).click();

    await expect(heading).toHaveText(words.review.title);
    await expect(page.getByRole("radio", { name: words.review.start, exact: true })).toBeChecked();
    const main = page.getByRole("main");
    await expect(main).toContainText("Norton 360 Deluxe");
    await expect(main).toContainText(lang === "fr" ? "12 mois pour 5 appareils" : "12 months for 5 devices");
    await expect(main).toContainText(email);
    await expect(main).not.toContainText(printed.slice(0, 11));
    // Viewing the review spends nothing.
    expect(await ledger({ email })).toMatchObject({ subscriptions: [], keys: [] });
    const promised = await main.innerText();
    await page.getByRole("button", { name: words.review.submit, exact: true }).click();

    await expect(heading).toHaveText(words.done.title);
    const { subscriptions, keys, events, ...account } = await ledger({ email });
    const [subscription] = subscriptions;
    const [grant] = subscription!.grants;
    await expect(page).toHaveURL(`/home/setup/done/${grant!.id}`);
    expect(account).toMatchObject({
      country: "CH",
      locale: lang,
      timeZone: scripts ? "Europe/Paris" : "Europe/Zurich",
    });
    expect(subscriptions).toHaveLength(1);
    expect(subscription).toMatchObject({ product: "norton-360-deluxe", grants: [{ months: 12 }] });
    expect(subscription!.endsAt).toEqual(monthsLater(grant!.at, 12));
    expect(keys).toEqual([{ state: "redeemed", hint: printed.slice(-5) }]);
    expect(events.map(({ action }) => action)).toEqual(["account.created", "key.redeemed"]);
    expect(await rows("SELECT 1 FROM session WHERE account_id = $1", [account.accountId])).toHaveLength(1);

    const end = inWords(subscription!.endsAt, lang);
    expect(promised).toContain(end);
    await expect(main).toContainText(end);
    await page.getByRole("link", { name: words.done.setUp }).click();

    await expect(heading).toHaveText(words.device.title);
    await expect(main).toContainText(email);
    for (const system of [words.device.ios, words.device.android]) {
      await main.getByRole("link", { name: system, exact: true }).click();
      await expect(page.getByRole("region", { name: system }).getByRole("listitem")).toHaveCount(4);
    }
  });
});
