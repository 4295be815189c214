import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { isDeepStrictEqual } from "node:util";
import { connect, createServer, type AddressInfo, type Socket } from "node:net";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { sql } from "drizzle-orm";
import { closeDatabase, db, openDatabase, poolLoad, transaction } from "@/lib/db/client";
import { isUnavailable } from "@/lib/db/unavailable";
import { startAppSession } from "@/lib/account/oauth/app-sessions";
import { continueInApp, storeRequest } from "@/lib/account/oauth/authorization-requests";
import { challengeOf } from "@/lib/account/oauth/challenge";
import { exchangeCode } from "@/lib/account/oauth/exchange-code";
import { refresh } from "@/lib/account/oauth/refresh";
import { findSession, newReference, openSession } from "@/lib/account/session/sessions";
import { keepKey } from "@/lib/licence/keep-key";
import { lookupDigest } from "@/lib/licence/key-vault";
import { moveKey } from "@/lib/licence/move-key";
import { redeemKey } from "@/lib/licence/redeem-key";
import { undoRedemption } from "@/lib/licence/undo-redemption";
import type { TestDatabase } from "@/lib/testing/cluster";
import { createTestDatabase } from "@/lib/testing/database";
import { makeAccount, makeKeys } from "@/lib/testing/factories";
import { redeemShown, showPreview } from "@/lib/testing/redeem";
import { readStatements } from "./read-statements";

/* R03. A connection is lost while something happens to a key: before a statement reaches the database, or after, unanswered. */

let database: TestDatabase;
let line: Awaited<ReturnType<typeof layBreakableLine>>;

beforeAll(async () => {
  database = await createTestDatabase();
  line = await layBreakableLine(database.url);
  openDatabase(line.url);
});
afterEach(() => line.breakAt(undefined));
afterAll(async () => {
  await closeDatabase();
  line.close();
  await database.drop();
});

type Break = { statement: number; when: "before" | "after" };

/** A relay to a database that loses one connection at a given statement, counted from now. */
async function layBreakableLine(databaseUrl: string) {
  const target = new URL(databaseUrl);
  const [host, port] = [target.searchParams.get("host")!, target.searchParams.get("port")!];
  let at: Break | undefined;
  let seen: string[] = [];
  const sockets = new Set<Socket>();

  const relay = createServer((near) => {
    const far = connect(`${host}/.s.PGSQL.${port}`);
    const lose = () => {
      near.destroy();
      far.destroy();
    };
    let isLost: Break["when"] | undefined;
    const read = readStatements((text) => {
      seen.push(text);
      if (at?.statement !== seen.length) return;
      isLost = at.when;
      at = undefined;
    });
    near.on("data", (chunk) => {
      read(chunk);
      if (isLost === "before") lose();
      else far.write(chunk);
    });
    far.on("data", (chunk) => {
      // The database has executed it: this is its answer.
      if (isLost === "after") lose();
      else near.write(chunk);
    });
    for (const socket of [near, far]) {
      sockets.add(socket);
      socket.on("error", () => {}).on("close", lose);
    }
  });
  relay.listen(0, "127.0.0.1");
  await once(relay, "listening");
  const url = new URL(`postgresql://127.0.0.1:${(relay.address() as AddressInfo).port}${target.pathname}`);
  url.username = target.searchParams.get("user")!;
  return {
    url: url.href,
    breakAt: (place: Break | undefined) => {
      at = place;
      seen = [];
    },
    get seen() {
      return seen;
    },
    close: () => {
      relay.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}

const now = new Date("2026-11-23T14:05:00Z");

async function reviewed() {
  const { keys } = await makeKeys(database.url);
  const bought = { key: keys[0]!, accountId: await makeAccount(), network: null };
  return { ...bought, ...(await showPreview(bought, { now })) };
}

const grantsOf = async (accountId: string) =>
  (
    await db().execute(sql`
      SELECT 1 FROM grant_entry JOIN subscription ON subscription.id = subscription_id
       WHERE account_id = ${accountId} AND undone_at IS NULL`)
  ).rows.length;

/** What a person asks for, and what the database holds once it is done. */
type Request = { ask: () => Promise<{ status: string }>; isDone: () => Promise<boolean> };

const stateOf = async (key: string) => {
  const { rows } = await db().execute<{ state: string; owner: string; live: number; told: number }>(sql`
    SELECT k.state, k.account_id AS owner,
           (SELECT count(*)::int FROM grant_entry g WHERE g.key_id = k.id AND g.undone_at IS NULL) AS live,
           (SELECT count(*)::int FROM event e WHERE e.account_id = k.account_id AND e.action <> 'key.redeemed') AS told
      FROM product_key k WHERE k.lookup = ${lookupDigest(key)}`);
  return rows[0]!;
};

const requests: Record<string, { answers: string[]; prepare: () => Promise<Request> }> = {
  keep: {
    answers: ["kept"],
    prepare: async () => {
      const { key, accountId } = await reviewed();
      return {
        ask: () => keepKey({ key, accountId, network: null, startsItself: false }, { now }),
        isDone: async () =>
          isDeepStrictEqual(await stateOf(key), { state: "kept", owner: accountId, live: 0, told: 1 }),
      };
    },
  },
  undo: {
    answers: ["undone"],
    prepare: async () => {
      const { key, accountId } = await reviewed();
      const redeemed = await redeemShown({ key, accountId }, { now });
      if (redeemed.status !== "activated") throw new Error(redeemed.status);
      return {
        ask: () => undoRedemption({ grantId: redeemed.grantId, accountId, shownEnd: "" }, { now }),
        isDone: async () =>
          isDeepStrictEqual(await stateOf(key), { state: "kept", owner: accountId, live: 0, told: 1 }),
      };
    },
  },
  move: {
    answers: ["moved"],
    prepare: async () => {
      const { key } = await reviewed();
      const [from, to] = [await makeAccount({ emailVerifiedAt: now }), await makeAccount({ emailVerifiedAt: now })];
      const redeemed = await redeemShown({ key, accountId: from }, { now });
      if (redeemed.status !== "activated") throw new Error(redeemed.status);
      return {
        ask: () => moveKey({ id: redeemed.grantId, from, to, offeredAt: now, shownEnd: "" }, { now }),
        isDone: async () => isDeepStrictEqual(await stateOf(key), { state: "kept", owner: to, live: 0, told: 1 }),
      };
    },
  },
};

describe("a connection lost while a key is kept, taken back or moved", () => {
  it.each(Object.entries(requests))(
    "does it wholly or not at all, and once: %s",
    async (_name, { answers, prepare }) => {
      const quiet = await prepare();
      line.breakAt(undefined);
      expect(answers).toContain((await quiet.ask()).status);
      const count = line.seen.length;
      expect(await quiet.isDone()).toBe(true);

      for (let statement = 1; statement <= count; statement++) {
        for (const when of ["before", "after"] as const) {
          const { ask, isDone } = await prepare();
          line.breakAt({ statement, when });
          const first = await ask().catch((error: unknown) => error);
          const place = `${when} statement ${statement} of ${count}`;
          if (first instanceof Error) expect(isUnavailable(first), place).toBe(true);
          else expect(await isDone(), place).toBe(true);
          expect(answers, place).toContain((await ask()).status);
          expect(await isDone(), place).toBe(true);
          expect(poolLoad().inUse, `${place}: a connection that is not given back`).toBe(0);
        }
      }
    },
  );
});

describe("a connection lost while a key is activated", () => {
  it("gives the key once, whichever statement it is lost at", async () => {
    const quiet = await reviewed();
    line.breakAt(undefined);
    expect((await redeemKey(quiet, { now })).status).toBe("activated");
    const statements = [...line.seen];
    // The last statement spends the key and commits by itself.
    expect(statements.at(-1)).toContain("INSERT INTO grant_entry");

    for (let statement = 1; statement <= statements.length; statement++) {
      for (const when of ["before", "after"] as const) {
        const person = await reviewed();
        line.breakAt({ statement, when });
        const first = await redeemKey(person, { now }).catch((error: unknown) => error);
        const place = `${when} statement ${statement} of ${statements.length}`;
        const isRead = statement < statements.length;
        // While nothing has been spent, the person sees that the site is unavailable, and repeats.
        if (isRead) expect(isUnavailable(first), place).toBe(true);
        else expect(first, place).toMatchObject({ status: when === "before" ? "activated" : "alreadyYours" });
        expect(await grantsOf(person.accountId), place).toBe(isRead ? 0 : 1);
        const again = await redeemKey(person, { now });
        expect(again, place).toMatchObject({ status: isRead ? "activated" : "alreadyYours" });
        expect(await grantsOf(person.accountId), place).toBe(1);
      }
    }
  });
});

describe("a connection lost while an app gets tokens", () => {
  const clientId = "app";
  const sender = { addressPrefix: null, userAgent: null };
  const again = (refreshToken: string) => refresh({ refreshToken, clientId, sender }, { now });

  it.each(["before", "after"] as const)(
    "%s its refresh reaches the database: it gets one pair, and goes on",
    async (when) => {
      const accountId = await makeAccount();
      const entry = { accountId, clientId };
      const started = (await transaction((tx) => startAppSession(tx, entry, { now, randomBytes })))!;
      line.breakAt({ statement: 1, when });
      const first = await again(started.refreshToken);
      if (first.status !== "refreshed") throw new Error(first.status);
      expect(await again(started.refreshToken)).toEqual(first);
      expect((await again(first.tokens.refreshToken)).status).toBe("refreshed");
    },
  );

  it("for a code gives one session, whichever statement it is lost at", async () => {
    const codeVerifier = "v".repeat(43);
    const redirectUri = "com.example.app:/callback";
    const prepare = async () => {
      const accountId = await makeAccount();
      const reference = newReference();
      await openSession(db(), { reference, accountId, client: { ...sender, browser: null } });
      const { sessionId } = (await findSession(reference))!.credential;
      const asked = { clientId, redirectUri, state: null, deviceName: null, codeChallenge: challengeOf(codeVerifier) };
      const grant = { id: await storeRequest(asked, { now }), accountId, sessionId, code: newReference() };
      await continueInApp(grant, { now });
      const { code } = grant;
      return {
        ask: () => exchangeCode({ code, clientId, redirectUri, codeVerifier, sender }, { now, randomBytes }),
        sessions: async () =>
          (await db().execute(sql`SELECT 1 FROM app_session WHERE account_id = ${accountId} AND ended_at IS NULL`)).rows
            .length,
      };
    };
    const quiet = await prepare();
    line.breakAt(undefined);
    expect(await quiet.ask()).not.toBeNull();
    const count = line.seen.length;
    expect(count).toBeGreaterThan(5);
    for (let statement = 1; statement <= count; statement++) {
      for (const when of ["before", "after"] as const) {
        const { ask, sessions } = await prepare();
        line.breakAt({ statement, when });
        const tokens = await ask();
        const place = `${when} statement ${statement} of ${count}`;
        expect(tokens, place).not.toBeNull();
        expect(await sessions(), place).toBe(1);
        expect((await again(tokens!.refreshToken)).status, place).toBe("refreshed");
      }
    }
  });
});
