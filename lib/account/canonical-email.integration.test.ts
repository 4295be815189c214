import { sql } from "drizzle-orm";
import { expect, it } from "vitest";
import { normaliseEmail } from "@/lib/account/canonical-email";
import { db } from "@/lib/db/client";
import { withTestDatabase } from "@/lib/testing/database";
import { makeAccount } from "@/lib/testing/factories";

withTestDatabase();

/** Every character that has another case, with all its cases by JavaScript. */
const letters = Array.from({ length: 0x11_0000 }, (_, code) => code)
  .filter((code) => code < 0xd800 || code > 0xdfff)
  .map((code) => String.fromCodePoint(code))
  .filter((letter) => letter.toLowerCase() !== letter || letter.toUpperCase() !== letter);

it("the canonical form of an address is its own, for all of Unicode's case mappings (S46)", () => {
  expect(letters.length).toBeGreaterThan(2_700);
  for (const letter of letters) {
    for (const spelling of [letter, letter.toUpperCase(), letter.toLowerCase(), `i${letter}`]) {
      const canonical = normaliseEmail(`${spelling}x@example.org`);
      expect(normaliseEmail(canonical)).toBe(canonical);
      expect(canonical).not.toMatch(/[A-Z]/);
    }
  }
});

it("spellings that PostgreSQL's folding calls one address are one account, lock and count (S46)", async () => {
  const { rows } = await db().execute<{ letter: string; lower: string; upper: string }>(
    sql`SELECT letter, lower(letter) AS lower, upper(letter) AS upper FROM unnest(${sql.param(letters)}::text[]) AS letter`,
  );
  expect(rows).toHaveLength(letters.length);
  const apart = rows.filter(
    ({ letter, lower }) => normaliseEmail(`${letter}@a.org`) !== normaliseEmail(`${lower}@a.org`),
  );
  expect(apart).toEqual([]);
});

it.each(["İsmail@example.org", "ISMAIL@EXAMPLE.ORG", "i̇smail@example.org", "ismail@Example.org"])(
  "%s is the account of ismail@example.org",
  async (typed) => {
    expect(normaliseEmail(typed)).toBe("ismail@example.org");
  },
);

it("the database takes an address only in lower case", async () => {
  await expect(makeAccount({ email: "Ann@example.org" })).rejects.toMatchObject({
    cause: { constraint: "account_email_folded" },
  });
});
