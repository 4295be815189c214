import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { test } from "./fixtures";
import { states } from "./states";

/** The states to picture, by file name. */
const views: Record<string, keyof typeof states> = {
  setup: "setup",
  "sign-in": "sign-in, key held",
  "sign-in-error": "sign-in, wrong password",
  "create-account": "create-account",
  "create-account-error": "create-account, everything wrong",
  key: "key, complete",
  "key-suggestion": "key, swapped",
  "key-mail": "key, an email with two",
  review: "review, start",
  "review-extend": "review, extend",
  "review-keep": "review, keep chosen",
  "review-beside": "review, beside another product",
  "review-lease": "review, beside a lease",
  "partner-code": "partner-code",
  "partner-code-error": "partner-code, misread",
  "partner-code-review": "partner-code, review",
  refused: "refused, region",
  "refused-used": "refused, used by another",
  "refused-not-activated": "refused, not activated",
  "refused-ceiling": "refused, ceiling",
  dispute: "dispute",
  "dispute-error": "dispute, nothing typed",
  "dispute-sent": "dispute, sent",
  "account-cases": "account, cases",
  done: "done",
  "done-lease": "done, lease",
  device: "device",
  "device-code": "device, code",
  "device-claimed": "device, claimed",
  "device-confirmed": "device, confirmed",
  "device-protected": "device, protected",
  "device-refused": "device, refused",
  "device-late": "device, too late",
  phone: "phone",
  "phone-code": "phone, a code to compare",
  "phone-subscriptions": "phone, subscriptions",
  "phone-none": "phone, no subscription",
  "phone-full": "phone, every seat taken",
  "phone-protected": "phone, protected",
  "phone-key": "phone, key checked",
  scanned: "scanned",
  "scanned-used": "scanned, used",
  "scanned-over": "scanned, over",
  subscriptions: "my subscription",
  "subscriptions-kept": "my subscription, keys kept",
  "subscriptions-ledger": "my subscription, days given and taken",
  certificate: "certificate",
  "certificate-withdrawn": "certificate, withdrawn, its signature open",
  "subscriptions-lease": "my subscription, leased",
  "devices-empty": "my devices, empty",
  "devices-none": "my devices, none yet",
  devices: "my devices",
  "devices-full": "my devices, full",
  undo: "undo",
  "undo-used": "undo, used by a device",
  "undo-too-late": "undo, too late",
  "subscriptions-empty": "my subscription, empty",
  "confirm-password": "confirm-password",
  "forgot-password": "forgot-password",
  "forgot-password-sent": "forgot-password, email sent",
  "reset-password": "reset-password, passphrase suggested",
  "reset-password-over": "reset-password, link expired",
  "verify-email": "verify-email, code",
  "verify-email-error": "verify-email, wrong code",
  "verify-email-correct": "verify-email, correct the address",
  "verify-email-link": "verify-email, by link",
  "account-password": "account, password",
  "confirm-password-passkey": "confirm-password, with a passkey",
  "sign-in-passkey-refused": "sign-in, passkey refused",
  passkeys: "passkeys",
  "passkeys-add": "passkeys, not added",
  "passkeys-added": "passkeys, added",
  "passkeys-remove": "passkeys, remove",
  account: "account",
  "account-pending": "account, another address requested",
  "account-email": "account, email",
  "account-email-pending": "account, email, to be confirmed",
  "account-time-zone": "account, time zone",
  "account-reminders": "account, reminders",
  reminders: "reminders, by link",
  "account-sessions": "account, sessions",
  "account-sessions-app": "account, sessions with an app",
  authorize: "authorize, continue in an app",
  "authorize-unknown": "authorize, unknown address",
  "account-activity": "account, activity",
  "restore-email": "restore-email",
  "account-export": "account, export",
  "account-delete": "account, delete",
  "account-delete-sent": "account, delete, email sent again",
  "delete-account": "delete-account",
  "find-your-key": "find-your-key",
  look: "look",
  "look-used": "look, key in use",
  "several-keys": "several keys",
  "several-keys-done": "several keys, done",
  move: "move",
  "move-accept": "move, to accept",
  "refused-used-here": "refusal, on another account of this browser",
  "not-found": "not-found",
  unavailable: "unavailable",
};

for (const lang of ["en", "fr"] as const) {
  for (const colorScheme of ["light", "dark"] as const) {
    for (const width of [1180, 320]) {
      test.describe(`${lang}, ${colorScheme}, ${width} px`, () => {
        test.use({
          lang,
          colorScheme,
          viewport: { width, height: width === 320 ? 640 : 800 },
          reducedMotion: "reduce",
        });

        for (const [name, state] of Object.entries(views)) {
          test(name, async ({ page, given, person, rows }) => {
            // Every picture shows this address, so its former owner gets another one.
            await rows("UPDATE account SET email = id || '@example.org' WHERE email = $1", ["camille@example.org"]);
            const somebody = (details = {}) => person({ email: "camille@example.org", ...details });
            const signedIn = async (details = {}) => {
              const made = await somebody(details);
              await given.enter(made);
              return made;
            };
            await states[state]!({ ...given, person: somebody, signedIn });
            await page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur());
            await page.screenshot({
              path: join(import.meta.dirname, `screenshots/${name}-${lang}-${colorScheme}-${width}.png`),
              fullPage: true,
              animations: "disabled",
            });
          });
        }
      });
    }
  }
}

for (const colorScheme of ["light", "dark"] as const) {
  for (const width of [600, 360]) {
    test.describe(`emails, ${colorScheme}, ${width} px`, () => {
      test.use({ colorScheme, viewport: { width, height: 640 } });

      test("every kind", async ({ page }) => {
        for (const { name, html } of letters()) {
          await page.setContent(html);
          await page.screenshot({
            path: join(import.meta.dirname, `screenshots/email-${name}-${colorScheme}-${width}.png`),
            fullPage: true,
          });
        }
      });
    });
  }
}

/** Every kind of email in every language. Their words are JSON modules, which Playwright does not load itself. */
function letters(): { name: string; html: string }[] {
  const print = ["--import", "tsx", "--conditions=react-server", join(import.meta.dirname, "print-letters.ts")];
  const env = { ...process.env, APP_MODE: "test", NODE_OPTIONS: "" };
  return JSON.parse(execFileSync(process.execPath, print, { env, encoding: "utf8" })) as {
    name: string;
    html: string;
  }[];
}
