import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { dirname, posix } from "node:path";
import { ESLint } from "eslint";
import { expect, it } from "vitest";

const eslint = new ESLint();

/** Lints a text as if it stood at `path`. @returns the rules it breaks */
const brokenBy = async (path: string, text: string) =>
  (await eslint.lintText(text, { filePath: path }))[0]!.messages.map(({ ruleId }) => ruleId);

const zones = "import/no-restricted-paths";
const packages = "no-restricted-imports";

it.each([
  ["app/home/setup/page.tsx", "@/lib/db/client", zones, "pages contain no SQL"],
  ["app/home/setup/page.tsx", "../../../lib/db/schema/account", zones, "a relative path is caught too"],
  ["app/api/keys/route.ts", "@/app/gate", zones, "programs are not redirected"],
  ["app/home/setup/page.tsx", "pg", packages, "pages use no database driver"],
  ["app/home/setup/page.tsx", "next-auth", packages, "only one file imports next-auth"],
  ["components/button.tsx", "@/lib/account/session/session", zones, "components read no session"],
  ["components/button.tsx", "@/lib/licence/redeem-key", zones, "components redeem no key"],
  ["components/button.tsx", "@/app/faults", zones, "components import no page"],
  ["lib/licence/redeem-key.ts", "@/lib/account/session/session", zones, "licences are independent of sessions"],
  ["lib/licence/redeem-key.ts", "next/headers", packages, "licences are independent of Next.js"],
  ["lib/licence/redeem-key.ts", "react", packages, "licences are independent of React"],
  ["lib/account/session/session.ts", "@/lib/licence/redeem-key", zones, "accounts are independent of licences"],
  ["lib/account/session/session.ts", "next-auth", packages, "only one file of accounts imports next-auth"],
  ["lib/account/session/session.ts", "@/lib/mail/send-mail", zones, "accounts queue emails but never send them"],
  ["lib/licence/redeem-key.ts", "@/lib/mail/send-mail", zones, "licences queue emails but never send them"],
  ["lib/mail/send-mail.ts", "@/lib/licence/redeem-key", zones, "emails depend on stored data, not on use cases"],
  ["lib/jobs/outbox.ts", "@/lib/mail/send-mail", zones, "the outbox is independent of its content"],
  ["proxy.ts", "@/lib/account/session/session", zones, "proxy.ts authorises nobody"],
  ["lib/http/front-door.ts", "@/lib/account/session/session", zones, "the front door authorises nobody"],
  ["lib/http/front-door.ts", "@/lib/db/client", zones, "the front door needs no database"],
  ["lib/db/client.ts", "@/lib/account/session/session", zones, "the database layer is independent of use cases"],
  ["lib/cli/demo-data.ts", "@/lib/testing/factories", zones, "the demo uses no test factories"],
  ["app/home/setup/page.tsx", "@/lib/testing/factories", zones, "pages use no test factories"],
  ["e2e/fixtures.ts", "@/components/button", zones, "journeys use only what a person sees"],
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

it("no folder imports itself through another one", () => {
  expect(circlesIn(folderArrows())).toEqual([]);
});

it.each([
  ["two folders", { a: ["b"], b: ["a"] }, [["a", "b"]]],
  ["a longer way", { a: ["b"], b: ["c"], c: ["a", "d"], d: [] }, [["a", "b", "c"]]],
  ["no circle", { a: ["b", "c"], b: ["c"], c: [] }, []],
])("finds %s", (_, arrows, circles) => {
  const sets = Object.entries(arrows).map(([from, to]) => [from, new Set<string>(to)] as const);
  expect(circlesIn(new Map(sets))).toEqual(circles);
});

/** The folders that each folder of the product imports. A file directly in `lib/` or at the top counts as a folder. */
function folderArrows(): Map<string, Set<string>> {
  const files = execFileSync("git", ["ls-files", "app", "components", "lib", "*.ts"], { encoding: "utf8" })
    .split("\n")
    .filter((file) => /^(app|components|lib)\/.*\.tsx?$|^(proxy|instrumentation)\.ts$/.test(file))
    .filter((file) => !/\.test\.tsx?$/.test(file) && !file.startsWith("lib/testing/"));
  const folderOf = (path: string) =>
    [".", "lib"].includes(dirname(path)) ? path.replace(/\.tsx?$/, "") : dirname(path);
  const arrows = new Map<string, Set<string>>();
  for (const file of files) {
    const from = folderOf(file);
    for (const [, specifier] of readFileSync(file, "utf8").matchAll(/(?:\bfrom|\bimport\(?)\s*"([@.][^"]+)"/g)) {
      if (!/^(@\/|\.)/.test(specifier!)) continue;
      const path = specifier!.startsWith("@/") ? specifier!.slice(2) : posix.join(dirname(file), specifier!);
      const to = folderOf(path);
      if (from !== to) arrows.set(from, (arrows.get(from) ?? new Set()).add(to));
    }
  }
  expect(arrows.size, "folders with imports").toBeGreaterThan(30);
  return arrows;
}

/** The largest groups of folders that reach each other, sorted. */
function circlesIn(arrows: Map<string, Set<string>>): string[][] {
  const reachable = new Map([...arrows.keys()].map((from) => [from, reach(from)]));
  const circles = new Map<string, string[]>();
  for (const [from, all] of reachable) {
    if (!all.has(from)) continue;
    const group = [...all].filter((other) => reachable.get(other)?.has(from)).sort();
    circles.set(group.join(), group);
  }
  return [...circles.values()];

  function reach(from: string): Set<string> {
    const seen = new Set<string>();
    const ahead = [...(arrows.get(from) ?? [])];
    for (let next = ahead.pop(); next !== undefined; next = ahead.pop()) {
      if (seen.has(next)) continue;
      seen.add(next);
      ahead.push(...(arrows.get(next) ?? []));
    }
    return seen;
  }
}
