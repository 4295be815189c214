import { inspect } from "node:util";
import { sql } from "drizzle-orm";
import { expect, it } from "vitest";
import { db, transaction } from "@/lib/db/client";
import { account } from "@/lib/db/schema/account";
import { withTestDatabase } from "@/lib/testing/database";

const secrets = ["two@@example.org", "$argon2id$of somebody", "first line\nsecond line"];
const [email, passwordHash, name] = secrets as [string, string, string];
const person = { email, passwordHash, name, country: "FR", locale: "en", timeZone: "Europe/Paris" };

withTestDatabase();

it.each([
  ["a refused row", () => db().insert(account).values(person)],
  ["a refused row in a transaction", () => transaction((tx) => tx.insert(account).values(person))],
  ["a statement of our own", () => db().execute(sql`SELECT ${email}, ${passwordHash}, ${name}::uuid FROM nowhere`)],
])("whoever prints the error of %s prints none of its values", async (_what, run) => {
  const error = (await run().then(
    () => null,
    (reason: unknown) => reason,
  )) as Error;
  expect(error.message).toMatch(/^Failed query: /);
  expect((error.cause as { code: string }).code).toMatch(/^(23514|42P01)$/);
  const printed = [inspect(error, { depth: null }), error.stack, String(error), JSON.stringify(error)].join("\n");
  for (const secret of secrets) expect(printed).not.toContain(secret.split("\n")[0]);
});
