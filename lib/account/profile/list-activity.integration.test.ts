import { describe, expect, it } from "vitest";
import { createAccount } from "@/lib/account/profile/create-account";
import { listActivity, shownActions } from "@/lib/account/profile/list-activity";
import { findSession } from "@/lib/account/session/sessions";
import { db } from "@/lib/db/client";
import { eventActions, recordEvent } from "@/lib/db/events";
import { withTestDatabase } from "@/lib/testing/database";
import en from "@/lib/messages/en.json";

withTestDatabase();

const start = new Date("2026-11-23T14:05:00Z");
const userAgent = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:145.0) Gecko/20100101 Firefox/145.0";
let networks = 0;

async function madeAccount(): Promise<string> {
  const email = `${crypto.randomUUID()}@example.org`;
  const details = { password: "correct velvet otter lamp", country: "FR", locale: "fr", timeZone: "Europe/Paris" };
  const client = { addressPrefix: `198.51.100.${++networks}`, userAgent, browser: null };
  const answer = await createAccount({ name: "Camille", email, ...details }, { now: start, client });
  if (answer.status !== "created") throw new Error(answer.status);
  return (await findSession(answer.reference))!.account.id;
}

describe("activity", () => {
  it("has words for every action except the operator's", () => {
    const words = Object.entries(en.activity.events).flatMap(([noun, verbs]) =>
      Object.keys(verbs).map((verb) => `${noun}.${verb}`),
    );
    expect(words.sort()).toEqual([...shownActions].sort());
    expect(eventActions.filter((action) => !shownActions.some((told) => told === action)).sort()).toEqual([
      "account.erased",
      "batch.issued",
      "batch.released",
      "key.released",
      "partner.codes-issued",
      "partner.created",
      "partner.token-issued",
      "partner.tokens-revoked",
      "password.reset-limited",
    ]);
  });

  it("shows its owner alone what was done, with which browser and by whom, newest first", async () => {
    const [accountId, other] = [await madeAccount(), await madeAccount()];
    const later = new Date(start.getTime() + 60_000);
    await recordEvent(db(), { action: "key.voided", actor: "operator", accountId, at: later, subject: "1" });
    await recordEvent(db(), { action: "key.shown", accountId: other, at: later });
    const { entries, next } = await listActivity({ accountId });
    expect(entries).toMatchObject([
      { action: "key.voided", actor: "operator", at: later, browser: null },
      { action: "account.created", actor: "account", at: start, browser: { browser: "Firefox", system: "Windows" } },
    ]);
    expect(next).toBeNull();
  });

  it("leaves out events of no account", async () => {
    const accountId = await madeAccount();
    await recordEvent(db(), { action: "key.released", actor: "operator", accountId, at: start });
    expect((await listActivity({ accountId })).entries.map(({ action }) => action)).toEqual(["account.created"]);
  });

  it("comes in pages of thirty, each entry on one page, even when many happened at the same instant", async () => {
    const accountId = await madeAccount();
    for (let count = 0; count < 70; count++)
      await recordEvent(db(), { action: "key.shown", accountId, at: new Date(start.getTime() + (count % 3)) });
    const pages: number[][] = [];
    let before: string | undefined;
    do {
      const page = await listActivity({ accountId, before });
      pages.push(page.entries.map(({ id }) => id));
      before = page.next ?? undefined;
    } while (before);
    expect(pages.map(({ length }) => length)).toEqual([30, 30, 11]);
    expect(new Set(pages.flat()).size).toBe(71);
    // Another account's cursor shows none of its events.
    const stranger = await madeAccount();
    const cursor = (await listActivity({ accountId })).next!;
    const seen = (await listActivity({ accountId: stranger, before: cursor })).entries.map(({ id }) => id);
    expect(pages.flat()).not.toEqual(expect.arrayContaining(seen.length > 0 ? seen : [-1]));
  });

  it("starts from the newest for an invalid cursor", async () => {
    const accountId = await madeAccount();
    for (const before of ["", "x", "1", "-1.2", "1.2.3", "9".repeat(40), "1.1; DROP TABLE event"])
      expect((await listActivity({ accountId, before })).entries, before).toHaveLength(1);
    expect((await listActivity({ accountId, before: "9999999999999.999999999999999" })).entries).toHaveLength(1);
  });
});
