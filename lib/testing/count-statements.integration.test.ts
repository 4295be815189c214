import { sql } from "drizzle-orm";
import { expect, it } from "vitest";
import { db, transaction } from "@/lib/db/client";
import { setting } from "@/lib/db/schema/setting";
import { countStatements } from "@/lib/testing/count-statements";
import { withTestDatabase } from "@/lib/testing/database";

withTestDatabase();

const read = () => db().execute(sql`SELECT 1 AS one FROM setting FOR UPDATE`);

it("counts a read as a statement and not as a commit, also when it locks rows", async () => {
  const { result, statements, commits } = await countStatements(async () => (await read()).rowCount);
  expect(result).not.toBeNull();
  expect(statements).toEqual(["SELECT 1 AS one FROM setting FOR UPDATE"]);
  expect(commits).toBe(0);
});

it("counts a write outside a transaction as one commit", async () => {
  const counted = await countStatements(() =>
    db()
      .delete(setting)
      .where(sql`false`),
  );
  expect([counted.statements.length, counted.commits]).toEqual([1, 1]);
});

it("counts a transaction as one commit, whatever it sends", async () => {
  const counted = await countStatements(() =>
    transaction(async (tx) => {
      await tx.delete(setting).where(sql`false`);
      await tx.delete(setting).where(sql`false`);
    }),
  );
  expect([counted.statements.length, counted.commits]).toEqual([2, 1]);
});

it("counts a transaction that rolls back as no commit", async () => {
  const failing = () => transaction(() => Promise.reject(new Error("stop"))).catch(() => null);
  expect((await countStatements(failing)).commits).toBe(0);
});

it("counts nothing once the work is over", async () => {
  const { statements } = await countStatements(async () => {});
  await read();
  expect(statements).toEqual([]);
});
