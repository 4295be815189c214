import { randomBytes } from "node:crypto";
import { lookupDigest } from "@/lib/licence/key-vault";
import { formatKey, issueProductKey } from "@/lib/licence/product-key";
import { voidKey } from "@/lib/licence/void-key";
import en from "@/lib/messages/en.json" with { type: "json" };
import fr from "@/lib/messages/fr.json" with { type: "json" };
import { inWords, monthsLater } from "./dates";
import { expect, test } from "./fixtures";
import { across, withAndWithoutScripts } from "./ways";

const compact = (printed: string) => printed.replaceAll("-", "");
const strangersKey = () => formatKey(issueProductKey((count) => randomBytes(count)));

type Reason = "unknown" | "withdrawn" | "usedByAnother" | "notReleased" | "expired" | "region" | "ceiling";

across(withAndWithoutScripts, ({ lang }) => {
  /** The names each refusal must show, and whether the key can still be used. */
  const cases: Record<Reason, { staysGood: boolean; names: string[] }> = {
    unknown: { staysGood: false, names: [] },
    withdrawn: { staysGood: false, names: [] },
    usedByAnother: { staysGood: false, names: [] },
    notReleased: { staysGood: true, names: [] },
    expired: { staysGood: true, names: [lang === "fr" ? "31 janvier 2026" : "31 January 2026"] },
    region: { staysGood: true, names: lang === "fr" ? ["Canada", "Japon", "France"] : ["Canada", "Japan", "France"] },
    ceiling: { staysGood: true, names: [] },
  };

  const { refusal } = lang === "fr" ? fr : en;
  /** The primary link of each refusal. */
  const wayOut: Record<Reason, string> = {
    unknown: refusal.enterAgain,
    withdrawn: refusal.enterOther,
    usedByAnother: lang === "fr" ? "Changer de compte" : "Switch account",
    notReleased: refusal.tryAgain,
    expired: refusal.enterOther,
    region: refusal.changeCountry,
    ceiling: refusal.subscriptions,
  };

  for (const [reason, { staysGood, names }] of Object.entries(cases) as [Reason, (typeof cases)[Reason]][]) {
    test(`a refused key gets its own message and changes nothing: ${reason}`, async ({
      page,
      words,
      says,
      key,
      person,
      signedIn,
      redeemed,
      ledger,
      rows,
    }) => {
      const somebody = await signedIn();
      const given: Record<Reason, () => Promise<string>> = {
        unknown: async () => strangersKey(),
        withdrawn: async () => {
          const made = await key();
          const lookupSecret = process.env.LOOKUP_SECRET!;
          await voidKey({ key: compact(made), reason: "refunded" }, { now: new Date(), lookupSecret });
          return made;
        },
        usedByAnother: async () => redeemed(await person()),
        notReleased: () => key({ released: false }),
        expired: () => key({ redeemBy: "2026-01-31" }),
        region: () => key({ regions: ["CA", "JP"] }),
        ceiling: async () => {
          await redeemed(somebody, { months: 55 });
          return key({ months: 12 });
        },
      };
      const typed = await given[reason]();
      const rowOfKey = () => rows("SELECT * FROM product_key WHERE lookup = $1", [lookupDigest(compact(typed))]);
      const before = { key: await rowOfKey(), subscriptions: (await ledger(somebody)).subscriptions };

      await page.goto("/home/setup/key");
      await page.getByLabel(words.key.field).fill(typed);
      await page.getByRole("button", { name: words.key.submit }).click();

      await expect(page.getByRole("heading", { level: 1 })).toHaveText(says.refusal[reason].title);
      const main = page.getByRole("main");
      await expect(main).toContainText(words.changedNothing);
      if (staysGood) await expect(main).toContainText(words.keyNotUsed);
      else await expect(main).not.toContainText(words.keyNotUsed);
      for (const name of names) await expect(main).toContainText(name);
      await expect(main).not.toContainText("{");
      await expect(main.getByRole("link").first()).toHaveAccessibleName(wayOut[reason]);
      await expect(page.getByRole("button", { name: words.review.submit, exact: true })).toHaveCount(0);
      if (reason === "ceiling") {
        // 55 + 12 months exceed the ceiling of five years. The key fits from the day after, when its whole term is
        // within it.
        const from = monthsLater(before.subscriptions[0]!.grants[0]!.at, 67);
        from.setUTCFullYear(from.getUTCFullYear() - 5);
        from.setUTCDate(from.getUTCDate() + 1);
        await expect(main).toContainText(inWords(from, lang));
      }

      const refusals = async () => (await ledger(somebody)).events.filter(({ action }) => action === "key.refused");
      const [event] = await refusals();
      expect(event!.details).toMatchObject({ reason });
      await expect(main).toContainText(event!.subject!);
      await page.reload();
      await expect(main).toContainText(event!.subject!);
      expect(await refusals()).toHaveLength(1);
      expect({ key: await rowOfKey(), subscriptions: (await ledger(somebody)).subscriptions }).toEqual(before);
    });
  }

  test("a key for another region leads to the account's country, and back to its review (A14)", async ({
    page,
    words,
    says,
    key,
    signedIn,
    verified,
  }) => {
    await signedIn();
    await page.goto(await verified(await key({ regions: ["CA"] })));
    await expect(page.getByRole("heading", { level: 1 })).toHaveText(says.refusal.region.title);
    await page.getByRole("main").getByRole("link").first().click();
    await expect(page.getByRole("heading", { level: 1 })).toHaveText(says.changeCountry.title);
    await page.getByLabel(words.create.country).selectOption("CA");
    await page.getByRole("button", { name: words.account.save }).click();
    await expect(page.getByRole("heading", { level: 1 })).toHaveText(words.review.title);
    await expect(page.getByRole("main")).toContainText("Canada");
    await expect(page.getByRole("button", { name: words.review.submit, exact: true })).toBeVisible();
  });

  test("a key the person already activated leads to its result and adds nothing", async ({
    page,
    words,
    says,
    signedIn,
    redeemed,
    ledger,
  }) => {
    const somebody = await signedIn();
    const printed = await redeemed(somebody);
    const before = await ledger(somebody);
    await page.goto("/home/setup/key");
    await page.getByLabel(words.key.field).fill(printed);
    await page.getByRole("button", { name: words.key.submit }).click();

    await expect(page.getByRole("heading", { level: 1 })).toHaveText(words.done.title);
    await expect(page.getByRole("main")).toContainText(says.done.again);
    expect(await ledger(somebody)).toEqual(before);
  });
});

test("a refusal never discloses the key's owner", async ({ page, says, verified, person, signedIn, redeemed }) => {
  await signedIn();
  const owner = await person({ name: "Philippa Quenouille" });
  await page.goto(await verified(await redeemed(owner)));
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(says.refusal.usedByAnother.title);
  const html = await page.content();
  for (const secret of [owner.email, owner.id, owner.name, "Quenouille"]) expect(html).not.toContain(secret);
});

test("after ten unknown keys lookups are rate limited, and a valid key is not used up", async ({
  page,
  words,
  says,
  key,
  verified,
  signedIn,
  ledger,
}) => {
  const somebody = await signedIn();
  const good = await key();
  for (let guess = 0; guess < 10; guess++) {
    await page.goto(await verified(strangersKey()));
    await expect(page.getByRole("heading", { level: 1 })).toHaveText(says.refusal.unknown.title);
  }
  await page.goto(await verified(good));
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(says.refusal.tooMany.title);
  await expect(page.getByRole("main")).toContainText(/until \d+\s\w+ \d{4}, \d\d:\d\d Paris time/);
  await expect(page.getByRole("main")).toContainText(words.keyNotUsed);
  const { events, keys } = await ledger(somebody);
  expect(keys).toEqual([]);
  expect(events.filter(({ action }) => action === "key.limited")).toHaveLength(1);
});

test("malformed keys and the person's own do not count as guesses", async ({
  page,
  words,
  signedIn,
  redeemed,
  verified,
  key,
}) => {
  const somebody = await signedIn();
  const own = await redeemed(somebody);
  for (let time = 0; time < 11; time++) {
    await page.goto(await verified(own));
    await expect(page.getByRole("heading", { level: 1 })).toHaveText(words.done.title);
  }
  await page.goto(await verified(await key()));
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(words.review.title);
});
