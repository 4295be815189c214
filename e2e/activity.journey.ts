import { expect, test } from "./fixtures";
import { firefoxOnWindows } from "./states";
import { across, withAndWithoutScripts } from "./ways";

across(withAndWithoutScripts, ({ lang }) => {
  test("recent activity shows only the person's own events, in their time zone", async ({
    page,
    words,
    says,
    person,
    signedIn,
    redeemed,
    told,
  }) => {
    const [somebody, other] = [await signedIn({ timeZone: "Asia/Tokyo" }), await person()];
    const at = new Date("2026-03-31T20:15:00Z");
    await redeemed(somebody, {}, at);
    await told(somebody, "session.refused", { at: new Date("2026-03-31T14:59:00Z"), userAgent: firefoxOnWindows });
    await told(somebody, "key.voided", { at: new Date("2026-04-02T08:00:00Z"), actor: "operator" });
    await told(other, "account.exported", { at });

    await page.goto("/home/account");
    await page.getByRole("link", { name: words.account.activity }).click();
    await expect(page.getByRole("heading", { level: 1 })).toHaveText(says.activity.title);
    const days = page.getByRole("main").locator("section").getByRole("heading", { level: 2 });
    await expect(days).toHaveText(
      lang === "fr"
        ? ["2 avril 2026", "1er avril 2026", "31 mars 2026"]
        : ["2 April 2026", "1 April 2026", "31 March 2026"],
    );
    const lines = page.getByRole("main").locator("ol").getByRole("listitem");
    await expect(lines).toHaveCount(3);
    await expect(lines.nth(0)).toContainText(says.activity.events.key.voided);
    await expect(lines.nth(0)).toContainText(says.activity.byOperator);
    await expect(lines.nth(1)).toContainText(lang === "fr" ? "5 h 15" : "05:15");
    await expect(lines.nth(1)).toContainText(/Norton 360 Deluxe, 12\s(months|mois)/);
    await expect(lines.nth(2)).toContainText(lang === "fr" ? "23 h 59" : "23:59");
    await expect(lines.nth(2)).toContainText(says.activity.events.session.refused);
    await expect(lines.nth(2)).toContainText(lang === "fr" ? "Firefox sous Windows" : "Firefox on Windows");
    await expect(page.getByRole("main")).not.toContainText(says.activity.events.account.exported);
  });

  test("recent activity says when a password reset or a restored address removed a passkey", async ({
    page,
    signedIn,
    told,
  }) => {
    const somebody = await signedIn();
    const at = (day: number) => new Date(Date.UTC(2026, 1, day, 12));
    await told(somebody, "passkey.removed", { at: at(3) });
    await told(somebody, "passkey.removed", { at: at(2), details: { cause: "reset" } });
    await told(somebody, "passkey.removed", { at: at(1), details: { cause: "restore" } });
    await page.goto("/home/account/activity");
    const lines = page.getByRole("main").locator("ol").getByRole("listitem");
    await expect(lines.nth(0)).toContainText(lang === "fr" ? /supprimée$/ : /removed$/);
    await expect(lines.nth(1)).toContainText(lang === "fr" ? "réinitialisation du mot de passe" : "password was reset");
    await expect(lines.nth(2)).toContainText(lang === "fr" ? "ancienne adresse" : "former address");
  });

  test("older activity follows on further pages, each event once", async ({ page, says, signedIn, told }) => {
    const somebody = await signedIn();
    await told(somebody, "account.created", { at: new Date("2026-01-01T12:00:00Z") });
    for (let count = 0; count < 30; count++)
      await told(somebody, "key.shown", { at: new Date("2026-02-01T12:00:00Z") });
    await page.goto("/home/account/activity");
    const lines = page.getByRole("main").locator("ol").getByRole("listitem");
    await expect(lines).toHaveCount(30);
    await expect(page.getByRole("main")).not.toContainText(says.activity.events.account.created);
    await page.getByRole("link", { name: says.activity.older }).click();
    await expect(lines).toHaveCount(1);
    await expect(lines).toContainText(says.activity.events.account.created);
    await expect(page.getByRole("link", { name: says.activity.older })).toHaveCount(0);
    await page.getByRole("link", { name: says.activity.newest }).click();
    await expect(lines).toHaveCount(30);
  });
});
