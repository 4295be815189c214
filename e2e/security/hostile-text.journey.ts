import { randomBytes, randomUUID } from "node:crypto";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Page } from "@playwright/test";
import { lookupDigest } from "@/lib/licence/key-vault";
import { containing, expect, test } from "../fixtures";

/*
 * S30: text from people and their browsers is shown as text on pages and in emails. Each page is opened with scripts
 * and under its policy. A violation of the policy fails the test by itself.
 */

const script = `<script>alert(1)</script>"><img src=x onerror=alert(1)>`;
/** Without spaces and brackets, because an address has none and a browser's name ends at the first. */
const drawing = "<svg/onload=alert`1`>";
const template = "{{7*7}}${7*7}";
/** Markup in characters that an address may have. HTML needs no semicolon behind these entities. */
const entities = "'&ltsvg/onload=alert`1`&gt{{7*7}}";

/** Elements that appear only if text was taken for HTML. */
const madeOf = (page: Pick<Page, "locator">) => page.locator("img[src='x'], [onload], [onerror], script:text('alert')");

test.describe("with scripts", () => {
  test("the names of a person and their browser are shown as plain text on every page and in every email", async ({
    page,
    words,
    says,
    signedIn,
    otherBrowser,
    mailOf,
    rows,
    storedPasskey,
    person,
    redeemed,
  }) => {
    const dialogs: string[] = [];
    page.on("dialog", (dialog) => {
      dialogs.push(dialog.message());
      void dialog.dismiss();
    });
    const somebody = await signedIn({
      email: `${entities}.${randomBytes(5).toString("hex")}@example.org`,
      emailVerifiedAt: new Date(),
    });
    const name = `${script}${template}`;
    const main = page.getByRole("main");
    const open = async (path: string, ...texts: (string | RegExp)[]) => {
      await page.goto(path);
      for (const text of texts) await expect(main, path).toContainText(text);
      await expect(madeOf(page), path).toHaveCount(0);
    };
    const field = page.getByLabel(words.account.name, { exact: true });

    await page.goto("/home/account/name");
    await field.fill(name);
    await page.getByRole("button", { name: words.account.save }).click();
    await expect(page.getByText(words.account.saved, { exact: true })).toBeVisible();
    const passkey = await storedPasskey(somebody, script);
    await storedPasskey(somebody, template);

    const theirs = (await redeemed(await person())).replaceAll("-", "");
    await rows(
      `INSERT INTO dispute (case_code, account_id, key_id, shop, bought_on, last_group, opened_at, state, answer, answered_at)
       SELECT 'ZZZZ-2222', $1, id, $2, '1 March', hint, now(), 'answered', $3, now() FROM product_key WHERE lookup = $4`,
      [somebody.id, script, `${script}\n${template}`, lookupDigest(theirs)],
    );

    // Signs in with a browser of that name, which is stored, recorded in activity and emailed.
    const elsewhere = await otherBrowser({ userAgent: `${drawing}/1.0 ${template}` });
    await elsewhere.goto("/sign-in");
    await elsewhere.getByLabel(words.signIn.email).fill(somebody.email);
    await elsewhere.getByLabel(words.signIn.password, { exact: true }).fill(somebody.password);
    await elsewhere.getByRole("button", { name: words.signIn.submit, exact: true }).click();
    await expect(elsewhere.getByRole("heading", { level: 1 })).toHaveText(words.setup.title);
    const { id, subject } = await mailOf(somebody, "new-sign-in");
    const [device] = await rows<{ browser: string }>(
      "SELECT user_agent AS browser FROM session WHERE account_id = $1 AND user_agent LIKE '<%'",
      [somebody.id],
    );
    expect(device!.browser).toContain(drawing);

    await open("/home/account", somebody.email, name);
    await open("/home/account/name");
    await expect(field).toHaveValue(name);
    await open("/home/account/sessions", says.sessions.this);
    await open("/home/account/activity", says.activity.events.session.started);
    await open("/home/account/cases", script, template);
    await open("/home/account/passkeys", script, template);
    await open(`/home/account/passkeys/${passkey}`);
    await expect(page.getByLabel(words.passkeys.name, { exact: true })).toHaveValue(script);
    await open(`/home/account/passkeys/${passkey}/remove`, script);
    await open("/home/account/email", somebody.email);
    await open("/dev/mail", somebody.email);
    await open(`/dev/mail/${id}`, containing(subject), somebody.email);
    const shown = page.frameLocator("iframe");
    await expect(shown.locator("body")).toContainText(somebody.email);
    // A browser is named from a list, never in its own words.
    await expect(shown.locator("body")).not.toContainText(drawing);
    await expect(madeOf(shown)).toHaveCount(0);
    expect(dialogs).toEqual([]);
  });
});

test.describe("a script injected into an email's HTML", () => {
  test.use({ expectedFaults: [/Blocked script execution|Content Security Policy|^policy: script-src/] });

  // The last case proves that the script would run without both guards.
  for (const { policy, sandbox, runs } of [
    { policy: true, sandbox: true, runs: false },
    { policy: true, sandbox: false, runs: false },
    { policy: false, sandbox: true, runs: false },
    { policy: false, sandbox: false, runs: true },
  ]) {
    const guards = [policy && "the page's policy", sandbox && "the frame's sandbox"].filter(Boolean);
    test(`${runs ? "runs" : "does not run"} under ${guards.join(" and ") || "neither policy nor sandbox"}`, async ({
      page,
      mailFolder,
    }) => {
      const id = randomUUID();
      const run = "document.documentElement.dataset.ran='1'";
      const html = `<html><head></head><body><script>${run}</script><svg onload="${run}"></svg><h1>Hello</h1></body></html>`;
      const letter = { to: "camille@example.org", from: "portal@example.org", messageId: `<${id}@localhost>` };
      const mail = {
        id,
        kind: "password-changed",
        at: new Date(0),
        ...letter,
        subject: "An email",
        text: "An email",
        html,
      };
      await mkdir(mailFolder, { recursive: true });
      await writeFile(join(mailFolder, `${id}.json`), JSON.stringify(mail));

      await page.route(`**/dev/mail/${id}`, async (route) => {
        const response = await route.fetch();
        const headers = response.headers();
        expect(headers["content-security-policy"]).toContain("script-src 'nonce-");
        if (!policy) delete headers["content-security-policy"];
        const body = await response.text();
        expect(body).toContain('sandbox="allow-top-navigation-by-user-activation"');
        await route.fulfill({
          response,
          headers,
          body: sandbox ? body : body.replace('sandbox="', "$&allow-scripts "),
        });
      });
      await page.goto(`/dev/mail/${id}`);
      const shown = page.frameLocator("iframe");
      await expect(shown.getByRole("heading", { name: "Hello" })).toBeVisible();
      await expect(shown.locator("html[data-ran]")).toHaveCount(runs ? 1 : 0);
    });
  }
});
