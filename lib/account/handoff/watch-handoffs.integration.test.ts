import { randomBytes, randomUUID } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import { afterEach, expect, it } from "vitest";
import { claimHandoff } from "@/lib/account/handoff/claim-handoff";
import type { HandoffView } from "@/lib/account/handoff/handoffs";
import { makeHandoff } from "@/lib/account/handoff/make-handoff";
import { watchedPages, watchHandoff, type Watcher } from "@/lib/account/handoff/watch-handoffs";
import { challengeOf } from "@/lib/account/oauth/challenge";
import { newReference } from "@/lib/account/session/sessions";
import { db, poolLoad } from "@/lib/db/client";
import { session } from "@/lib/db/schema/account";
import { eq, sql } from "drizzle-orm";
import { countStatements } from "@/lib/testing/count-statements";
import { withTestDatabase } from "@/lib/testing/database";
import { makeAccount } from "@/lib/testing/factories";

withTestDatabase();

const stops: (() => void)[] = [];
afterEach(() => stops.splice(0).forEach((stop) => stop()));

async function sessions(count: number): Promise<{ accountId: string; ids: string[] }> {
  const accountId = await makeAccount();
  const references = Array.from({ length: count }, newReference);
  const { rows } = await db().execute<{ id: string }>(sql`
    INSERT INTO session (account_id, token_hash, idle_until, absolute_until)
    SELECT ${accountId}, sha256(reference::bytea), now() + interval '1 day', now() + interval '1 day'
      FROM unnest(${sql.param(references)}::text[]) AS reference RETURNING id`);
  return { accountId, ids: rows.map(({ id }) => id) };
}

/** A page, and what it was told. */
function page(sessionId: string, accountId: string = randomUUID()) {
  const told: (HandoffView | null)[] = [];
  const ends: string[] = [];
  const watcher: Watcher = {
    ...{ accountId, sessionId },
    tell: (view) => told.push(view),
    keepAlive: () => {},
    end: (why) => ends.push(why),
  };
  stops.push(watchHandoff(watcher));
  return { told, ends };
}

const statesOf = ({ told }: { told: (HandoffView | null)[] }) => told.map((view) => view?.state ?? "none");

it("reads the hand-offs of three hundred pages with as many statements as that of one", async () => {
  const { ids } = await sessions(100);
  const during = async () => (await countStatements(() => pause(2_000))).statements;
  page(ids[0]!);
  const forOne = await during();
  const pages = [ids, ids, ids].flat().map((id) => page(id));
  let most = 0;
  const look = setInterval(() => (most = Math.max(most, poolLoad().inUse)), 5);
  const forMany = await during();
  clearInterval(look);
  expect(forOne.length).toBeGreaterThanOrEqual(2);
  expect(Math.abs(forMany.length - forOne.length)).toBeLessThanOrEqual(1);
  expect(most).toBeLessThanOrEqual(1);
  expect(pages.every(({ told }) => told.length === 1)).toBe(true);
  for (const stop of stops.splice(0)) stop();
  expect(watchedPages()).toBe(0);
  expect(await during()).toEqual([]);
});

it("tells a page the state at once, and then each change once", async () => {
  const { accountId, ids } = await sessions(1);
  const screen = { accountId, sessionId: ids[0]! };
  const mine = page(screen.sessionId);
  await expect.poll(() => statesOf(mine)).toEqual(["none"]);
  const now = new Date();
  await makeHandoff(screen, { now, newId: randomUUID });
  await expect.poll(() => statesOf(mine)).toEqual(["none", "open"]);
  const device = { installId: "0123456789abcdef", name: "Phone", model: null, system: "ios" as const };
  const claim = { code: mine.told[1]!.code!, clientId: "reference-phone", challenge: challengeOf("secret"), device };
  await claimHandoff(claim, { now, sender: { addressPrefix: null, userAgent: null }, randomBytes });
  await expect.poll(() => statesOf(mine)).toEqual(["none", "open", "claimed"]);
  // A page that connects again goes on where it was.
  const again = page(screen.sessionId);
  await expect.poll(() => again.told).toEqual([mine.told[2]]);
  expect(statesOf(mine)).toHaveLength(3);
});

it("tells a page nothing of another session", async () => {
  const { accountId, ids } = await sessions(2);
  const other = page(ids[1]!);
  await makeHandoff({ accountId, sessionId: ids[0]! }, { now: new Date(), newId: randomUUID });
  const mine = page(ids[0]!);
  await expect.poll(() => statesOf(mine)).toEqual(["open"]);
  expect(statesOf(other)).toEqual(["none"]);
});

it("ends with the session", async () => {
  const { ids } = await sessions(1);
  const mine = page(ids[0]!);
  await expect.poll(() => statesOf(mine)).toEqual(["none"]);
  await db()
    .update(session)
    .set({ revokedAt: sql`now()` })
    .where(eq(session.id, ids[0]!));
  await expect.poll(() => mine.ends).toEqual(["over"]);
  expect(watchedPages()).toBe(0);
});

it("serves four pages of a session: the oldest gives way to a fifth, and other sessions keep theirs", async () => {
  const { ids } = await sessions(2);
  const other = page(ids[1]!);
  const pages = Array.from({ length: 5 }, () => page(ids[0]!));
  expect(pages.map(({ ends }) => ends)).toEqual([["replaced"], [], [], [], []]);
  expect(other.ends).toEqual([]);
});

it("serves twenty pages of an account, however often it signs in: the oldest give way, and other accounts keep theirs", async () => {
  const { accountId, ids } = await sessions(30);
  const other = page(randomUUID());
  const pages = ids.map((id) => page(id, accountId));
  expect(pages.filter(({ ends }) => ends.includes("replaced"))).toEqual(pages.slice(0, 10));
  expect(other.ends).toEqual([]);
  expect(watchedPages()).toBe(21);
});
