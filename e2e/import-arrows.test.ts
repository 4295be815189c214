import { ESLint } from "eslint";
import { expect, it } from "vitest";

const eslint = new ESLint();

/** The rules that lint a file's text as if it stood at `path`. */
const brokenBy = async (path: string, text: string) =>
  (await eslint.lintText(text, { filePath: path }))[0]!.messages.map(({ ruleId }) => ruleId);

const zones = "import/no-restricted-paths";
const packages = "no-restricted-imports";

it.each([
  ["app/home/setup/page.tsx", "@/lib/db/client", zones, "a page holds no SQL"],
  ["app/home/setup/page.tsx", "../../../lib/db/schema/account", zones, "also by a relative path"],
  ["app/home/setup/page.tsx", "pg", packages, "nor a driver"],
  ["app/home/setup/page.tsx", "next-auth", packages, "next-auth has one file"],
  ["components/button.tsx", "@/lib/account/session/session", zones, "a component reads no session"],
  ["components/button.tsx", "@/lib/licence/redeem-key", zones, "nor redeems a key"],
  ["components/button.tsx", "@/app/faults", zones, "nor knows a page"],
  ["lib/licence/redeem-key.ts", "@/lib/account/session/session", zones, "licences know no sessions"],
  ["lib/licence/redeem-key.ts", "next/headers", packages, "nor the web framework"],
  ["lib/licence/redeem-key.ts", "react", packages, "nor React"],
  ["lib/account/session/session.ts", "@/lib/licence/redeem-key", zones, "accounts know nothing of licences"],
  ["lib/account/session/session.ts", "next-auth", packages, "next-auth has one file here too"],
  ["lib/account/session/session.ts", "@/lib/mail/send-mail", zones, "accounts queue emails, and that is all"],
  ["lib/licence/redeem-key.ts", "@/lib/mail/send-mail", zones, "nobody sends a mail on the way"],
  ["lib/mail/send-mail.ts", "@/lib/licence/redeem-key", zones, "mails know what is stored, not how it came about"],
  ["lib/jobs/outbox.ts", "@/lib/mail/send-mail", zones, "the outbox does not know what it carries"],
  ["proxy.ts", "@/lib/account/session/session", zones, "nobody is authorised in front"],
  ["lib/http/front-door.ts", "@/lib/account/session/session", zones, "the front door authorises nobody either"],
  ["lib/http/front-door.ts", "@/lib/db/client", zones, "and needs no database"],
  ["lib/db/client.ts", "@/lib/account/session/session", zones, "the database layer knows no use-case"],
  ["lib/cli/demo-data.ts", "@/lib/testing/factories", zones, "only tests make things up"],
  ["app/home/setup/page.tsx", "@/lib/testing/factories", zones, "a page least of all"],
  ["e2e/fixtures.ts", "@/components/button", zones, "journeys see the product as a person does"],
])("%s may not import %s: %s (%s)", async (path, imported, rule) => {
  expect(await brokenBy(path, `import * as it from "${imported}";\nit;\n`)).toContain(rule);
});

it.each([
  ["app/home/setup/page.tsx", "@/lib/account/session/session"],
  ["app/home/setup/page.tsx", "@/lib/licence/preview-key"],
  ["components/button.tsx", "@/lib/licence/product-key"],
  ["components/button.tsx", "@/lib/account/password/passphrase"],
  ["components/button.tsx", "@/lib/account/email/suggest-address"],
  ["components/button.tsx", "@/lib/brand"],
  ["lib/licence/redeem-key.ts", "@/lib/db/client"],
  ["lib/licence/redeem-key.ts", "@/lib/jobs/outbox"],
  ["lib/mail/send-mail.ts", "@/lib/account/tokens"],
  ["lib/http/front-door.ts", "@/lib/env"],
  ["lib/http/answer.ts", "@/lib/messages/error-words"],
  ["lib/account/next-auth.ts", "@/lib/http/cookies"],
  ["lib/licence/redeem-key.integration.test.ts", "@/lib/testing/factories"],
])("%s may import %s", async (path, imported) => {
  const broken = await brokenBy(path, `import * as it from "${imported}";\nit;\n`);
  expect(broken).not.toContain(zones);
  expect(broken).not.toContain(packages);
});

it("leaves the environment to one file", async () => {
  expect(await brokenBy("lib/licence/redeem-key.ts", "export const url = process.env.DATABASE_URL;\n")).toContain(
    "no-restricted-syntax",
  );
});
