import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { expect, test as base, type BrowserContext, type BrowserContextOptions, type Page } from "@playwright/test";
import { Pool } from "pg";
import { hashPassword } from "@/lib/account/password/password";
import { startAppSession } from "@/lib/account/oauth/app-sessions";
import { newReference, openSession } from "@/lib/account/session/sessions";
import type { MailKind } from "@/lib/jobs/outbox";
import { issueToken, type TokenPurpose } from "@/lib/account/tokens";
import { closeDatabase, db, openDatabase, transaction } from "@/lib/db/client";
import type { EventAction } from "@/lib/db/events";
import { activated, aDevice, makeAccount, makeCodes, makeKeys } from "@/lib/testing/factories";
import { formatKey, isWellFormedPartnerCode } from "@/lib/licence/product-key";
import { redeemShown } from "@/lib/testing/redeem";
import { keepKey } from "@/lib/licence/keep-key";
import type { DeviceInfo } from "@/lib/licence/devices/device-shape";
import { redeemCode } from "@/lib/licence/leases/redeem-code";
import { newPreviewId, sealTypedKey } from "@/lib/licence/sealed-preview";
import en from "@/lib/messages/en.json" with { type: "json" };
import fr from "@/lib/messages/fr.json" with { type: "json" };
import { watchFaults } from "./faults";
import { given } from "./given";
import { exampleApp } from "./server";
import { readLedger, type Ledger } from "./ledger";
import { codeIn, linkIn, mailsTo, type Mail, type ReceivedMail } from "./mail";
import { words, type Language, type Words } from "./words";

export { expect };

export type Person = { id: string; name: string; email: string; password: string };

type KeyOrder = NonNullable<Parameters<typeof makeKeys>[1]>;
type CodeOrder = NonNullable<Parameters<typeof makeCodes>[1]>;
type AccountGiven = NonNullable<Parameters<typeof makeAccount>[0]>;

/** The fixtures of a test, for functions that several tests share. */
export type Given = Omit<PerTest, "given"> & { page: Page };

type EventGiven = { at?: Date; userAgent?: string; actor?: "account" | "operator"; details?: Record<string, string> };

type PerTest = {
  given: Given;
  lang: Language;
  /** Labels and headings on the screens in the test's language: the contract of e2e/words.ts. */
  words: Words;
  /** All messages in the test's language, for text outside that contract. */
  says: typeof en;
  /** The network of the test's requests. Each test has its own, so none uses up another's rate limits. */
  network: string;
  /** Faults the browser is expected to report. Any other fault fails the test. */
  expectedFaults: RegExp[];
  /** Issues keys, printed with hyphens. */
  keys: (order?: KeyOrder) => Promise<string[]>;
  key: (order?: KeyOrder) => Promise<string>;
  /** Issues a partner code, printed with hyphens, of a new partner. */
  code: (order?: CodeOrder) => Promise<string>;
  /** Creates an account with a password. */
  person: (details?: AccountGiven) => Promise<Person>;
  /** Puts a live session of the person into the browser. */
  enter: (person: Person, context?: BrowserContext) => Promise<void>;
  /**
   * Creates a live session in another browser. @returns its reference, as in the cookie
   * @param details.lastSeen SQL, for example `now() - interval '9 days'`; the session started then
   */
  browserOf: (person: Person, details?: { userAgent?: string; lastSeen?: string }) => Promise<string>;
  /** Signs an app in to the person's account. @returns its tokens and the id of its session */
  appOf: (person: { id: string }) => Promise<NonNullable<Awaited<ReturnType<typeof startAppSession>>>>;
  /** Records an event of an account. */
  told: (person: Person, action: EventAction, details: EventGiven) => Promise<void>;
  /** Creates an account and signs it in. */
  signedIn: (details?: AccountGiven) => Promise<Person>;
  /** Redeems a new key for a person, at any instant. */
  redeemed: (person: Person, order?: KeyOrder, at?: Date) => Promise<string>;
  /** Keeps a new key for later, at any instant. @returns the key as printed, and its name in forms */
  kept: (
    person: { id: string },
    order?: KeyOrder,
    how?: { startsItself?: boolean; at?: Date },
  ) => Promise<{ printed: string; keptId: string }>;
  /** Redeems a new partner code for a person, at any instant. @returns the ids of its lease and partner */
  leased: (
    person: { id: string },
    order?: CodeOrder,
    at?: Date,
  ) => Promise<{ leaseId: string; partnerId: string; printed: string }>;
  /** Gives a device a seat in a person's newest subscription, at any instant. @returns its ids */
  seated: (
    person: { id: string },
    device?: Partial<DeviceInfo>,
    at?: Date,
  ) => Promise<{ activationId: string; deviceId: string; subscriptionId: string }>;
  /** Puts a typed key or code into the browser as *Verify* does, at any instant. @returns the path of its review */
  verified: (key: string, at?: Date) => Promise<string>;
  ledger: (person: { email: string }) => Promise<Ledger>;
  /** The emails sent to an address so far, oldest first. */
  mails: (person: { email: string }) => Promise<Mail[]>;
  /** Waits for an email of a kind to an address. @returns the newest */
  mailOf: (person: { email: string }, kind: MailKind) => Promise<ReceivedMail>;
  /** Creates a token as in an email's link, at any instant. */
  token: (person: Person, purpose: TokenPurpose, at?: Date, email?: string) => Promise<string>;
  /** Adds a passkey that no device of the person holds. @returns its id */
  storedPasskey: (person: { id: string }, name?: string) => Promise<string>;
  /** Opens another browser with its own cookies. */
  otherBrowser: (options?: BrowserContextOptions) => Promise<Page>;
};

/** The folder to which the server under test writes its emails. */
type Folder = { mailFolder: string };

type PerWorker = {
  rows: <Row extends object>(sql: string, values?: unknown[]) => Promise<Row[]>;
  password: { text: string; hash: string };
};

let networks = 0;

export const test = base.extend<PerTest & Folder, PerWorker>({
  rows: [
    async ({}, give) => {
      const { databaseUrl } = given();
      const pool = new Pool({ connectionString: databaseUrl, max: 4 });
      openDatabase(databaseUrl);
      await give(async (sql, values) => (await pool.query(sql, values)).rows);
      await closeDatabase();
      await pool.end();
    },
    { scope: "worker", auto: true },
  ],
  password: [
    async ({}, give) => {
      const text = `lantern orchard ${randomBytes(6).toString("hex")}`;
      await give({ text, hash: await hashPassword(text) });
    },
    { scope: "worker" },
  ],

  lang: ["en", { option: true }],
  words: async ({ lang }, give) => give(words[lang]),
  says: async ({ lang }, give) => give({ en, fr }[lang]),
  network: async ({}, give, { workerIndex }) => {
    networks++;
    await give(`10.${workerIndex}.${networks >> 8}.${networks & 255}`);
  },
  expectedFaults: [[], { option: true }],

  baseURL: async ({}, give) => give(given().origin),
  locale: async ({ lang }, give) => give(lang === "fr" ? "fr-FR" : "en-GB"),
  extraHTTPHeaders: async ({ network }, give) => give({ "X-Forwarded-For": network }),

  context: async ({ context, expectedFaults }, give) => {
    const faults = await watchFaults(context, expectedFaults);
    await give(context);
    expect(faults, "what the browser reported").toEqual([]);
  },

  keys: async ({}, give) =>
    give(async (order) => (await makeKeys(given().databaseUrl, order)).keys.map((key) => formatKey(key))),
  key: async ({ keys }, give) => give(async (order) => (await keys(order))[0]!),

  code: async ({}, give) => give(async (order) => formatKey((await makeCodes(given().databaseUrl, order)).codes[0]!)),

  person: async ({ lang, password }, give) =>
    give(async (details = {}) => {
      const name = details.name ?? "Camille Marchand";
      const email = details.email ?? `camille.${randomBytes(5).toString("hex")}@example.org`;
      const id = await makeAccount({ locale: lang, passwordHash: password.hash, ...details, name, email });
      return { id, name, email, password: password.text };
    }),
  enter: async ({ context, baseURL }, give) =>
    give(async ({ id }, into = context) => {
      const reference = newReference();
      await openSession(db(), {
        reference,
        accountId: id,
        client: { addressPrefix: null, userAgent: null, browser: null },
      });
      await into.addCookies([{ name: "session", value: reference, url: baseURL!, httpOnly: true, sameSite: "Lax" }]);
    }),
  browserOf: async ({ rows }, give) =>
    give(async ({ id: accountId }, { userAgent = null, lastSeen = "now()" } = {}) => {
      const reference = newReference();
      const client = { addressPrefix: null, userAgent, browser: null };
      await openSession(db(), { reference, accountId, client });
      await rows(
        `UPDATE session SET last_seen_at = ${lastSeen}, created_at = ${lastSeen} WHERE token_hash = sha256($1)`,
        [Buffer.from(reference)],
      );
      return reference;
    }),
  appOf: async ({}, give) =>
    give(async ({ id: accountId }) => {
      const entry = { accountId, clientId: exampleApp.id };
      return (await transaction((tx) => startAppSession(tx, entry, { now: new Date(), randomBytes })))!;
    }),
  told: async ({ rows }, give) =>
    give(async ({ id }, action, { at = new Date(), userAgent, actor = "account", details = {} }) => {
      const [event] = await rows<{ id: string }>(
        "INSERT INTO event (account_id, actor, action, at, details) VALUES ($1, $2, $3, $4, $5) RETURNING id",
        [id, actor, action, at, details],
      );
      if (userAgent)
        await rows("INSERT INTO event_person (event_id, user_agent) VALUES ($1, $2)", [event!.id, userAgent]);
    }),
  signedIn: async ({ person, enter }, give) =>
    give(async (details) => {
      const made = await person(details);
      await enter(made);
      return made;
    }),

  redeemed: async ({ key }, give) =>
    give(async ({ id: accountId }, order, now = new Date()) => {
      const printed = await key(order);
      const { status } = await redeemShown({ key: printed.replaceAll("-", ""), accountId }, { now });
      expect(status).toBe("activated");
      return printed;
    }),
  kept: async ({ key }, give) =>
    give(async ({ id: accountId }, order, { startsItself = false, at = new Date() } = {}) => {
      const printed = await key(order);
      const typed = printed.replaceAll("-", "");
      const keeping = await keepKey({ key: typed, accountId, network: null, startsItself }, { now: at });
      if (keeping.status !== "kept") throw new Error(keeping.status);
      return { printed, keptId: keeping.keptId };
    }),
  leased: async ({ rows }, give) =>
    give(async ({ id: accountId }, order, now = new Date()) => {
      const { partner, codes } = await makeCodes(given().databaseUrl, order);
      const made = await redeemCode({ code: codes[0]!, accountId, network: null }, { now });
      if (made.status !== "activated") throw new Error(made.status);
      const [lease] = await rows<{ id: string }>("SELECT id FROM lease WHERE subscription_id = $1", [
        made.subscriptionId,
      ]);
      return { leaseId: lease!.id, partnerId: partner.id, printed: formatKey(codes[0]!) };
    }),
  seated: async ({ rows }, give) =>
    give(async ({ id: accountId }, device, now = new Date()) => {
      const [newest] = await rows<{ id: string }>(
        "SELECT id FROM subscription WHERE account_id = $1 ORDER BY created_at DESC LIMIT 1",
        [accountId],
      );
      const owned = { accountId, subscriptionId: newest!.id };
      const { activation, deviceId } = await activated({ ...owned, device: aDevice(device) }, { now });
      return { activationId: activation.id, deviceId, subscriptionId: owned.subscriptionId };
    }),
  verified: async ({ context, baseURL }, give) =>
    give(async (key, now = new Date()) => {
      const previewId = newPreviewId();
      const typed = key.replaceAll("-", "");
      const value = sealTypedKey(typed, { previewId, now });
      await context.addCookies([{ name: `preview-${previewId}`, value, url: baseURL!, httpOnly: true }]);
      return `/home/setup/${isWellFormedPartnerCode(typed) ? "partner-code/" : ""}review?p=${previewId}`;
    }),
  ledger: async ({ rows }, give) => give(({ email }) => readLedger(rows, email)),
  token: async ({}, give) =>
    give(async ({ id: accountId, ...person }, purpose, now = new Date(), email = person.email) => {
      const issued = await transaction((tx) => issueToken(tx, { purpose, accountId, email }, { now }));
      return issued.token;
    }),

  storedPasskey: async ({ rows }, give) =>
    give(async ({ id }, name = "Old phone") => {
      const [made] = await rows<{ id: string }>(
        `INSERT INTO passkey (account_id, credential_id, public_key, counter, transports, name, created_at)
         VALUES ($1, $2, '', 0, '{}', $3, now()) RETURNING id`,
        [id, randomBytes(16).toString("base64url"), name],
      );
      return made!.id;
    }),

  mailFolder: async ({}, give) => give(join(given().directory, "mail")),
  mails: async ({ mailFolder }, give) => give(({ email }) => mailsTo(mailFolder, email)),
  mailOf: async ({ mails }, give) =>
    give(async (person, kind) => {
      const newest = async () => (await mails(person)).findLast((mail) => mail.kind === kind);
      await expect.poll(newest, { message: `an email "${kind}" to ${person.email}`, intervals: [100] }).toBeTruthy();
      const mail = (await newest())!;
      return { ...mail, link: linkIn(mail), code: codeIn(mail) };
    }),

  given: async (
    {
      page,
      lang,
      words,
      says,
      network,
      expectedFaults,
      keys,
      key,
      code,
      person,
      enter,
      browserOf,
      appOf,
      told,
      signedIn,
      redeemed,
      kept,
      leased,
      seated,
      verified,
      ledger,
      mails,
      mailOf,
      token,
      storedPasskey,
      otherBrowser,
    },
    give,
  ) =>
    give({
      page,
      lang,
      words,
      says,
      network,
      expectedFaults,
      keys,
      key,
      code,
      person,
      enter,
      browserOf,
      appOf,
      told,
      signedIn,
      redeemed,
      kept,
      leased,
      seated,
      verified,
      ledger,
      mails,
      mailOf,
      token,
      storedPasskey,
      otherBrowser,
    }),
  otherBrowser: async (
    { browser, baseURL, locale, extraHTTPHeaders, javaScriptEnabled, viewport, timezoneId, expectedFaults },
    give,
  ) => {
    const own = { baseURL, locale, extraHTTPHeaders, javaScriptEnabled, viewport, timezoneId };
    const opened: { context: BrowserContext; faults: string[] }[] = [];
    await give(async (options) => {
      const context = await browser.newContext({ ...own, ...options });
      opened.push({ context, faults: await watchFaults(context, expectedFaults) });
      return context.newPage();
    });
    for (const { context, faults } of opened) {
      await context.close();
      expect(faults, "what the other browser reported").toEqual([]);
    }
  },
});

/** Matches text that contains a sentence, with any kind of space. */
export function containing(sentence: string): RegExp {
  return new RegExp(
    sentence
      .split(/\s+/)
      .map((word) => word.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"))
      .join("\\s+"),
  );
}
