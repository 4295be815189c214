import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { reminderToken } from "@/lib/account/profile/reminders";
import { codeOf, tokenOf } from "@/lib/account/tokens";
import { env } from "@/lib/env";
import type { MailKind } from "@/lib/jobs/outbox";
import { locales } from "@/lib/messages/locale";
import { id, letterOf, now, posts, purposes, recipient, tokenFor, tokenId } from "@/lib/testing/letters";

const post = (kind: MailKind, purpose = purposes[kind]?.[0]) => ({ kind, token: purpose ? tokenFor(purpose) : null });

/** Replaces typographic spaces by plain ones. */
const plain = (text: string) => text.replace(/[^\S\n]/g, " ");

/** The text that a reader of the HTML sees. */
const readable = (html: string) =>
  html
    .replace(/<style>[\s\S]*?<\/style>|<title>[\s\S]*?<\/title>|<[^>]*>/g, " ")
    .replace(
      /&#39;|&quot;|&lt;|&gt;|&amp;/g,
      (entity) => ({ "&#39;": "'", "&quot;": '"', "&lt;": "<", "&gt;": ">" })[entity] ?? "&",
    )
    .replace(/\s+/g, " ");

const all = locales.flatMap((locale) =>
  posts.map((each) => [`${each.kind} ${each.token?.purpose ?? ""} ${locale}`, each, locale] as const),
);

describe.each(all)("%s", (_, each, locale) => {
  const letter = () => letterOf(each, { locale });

  test("links only to our own site", () => {
    const { text, html } = letter();
    const addresses = [...`${text} ${html}`.matchAll(/\b\w+:\/\/[^\s"<]+/g)].map(([address]) => address);
    expect(addresses.length).toBeGreaterThan(1);
    for (const address of addresses) expect(new URL(address).origin).toBe(env().authUrl);
    const targets = [...html.matchAll(/\s(?:href|src|action|background)="([^"]*)"/g)].map(([, target]) => target!);
    for (const target of targets) expect(target.startsWith(`${env().authUrl}/`), target).toBe(true);
    expect(html).not.toMatch(/<(img|script|iframe|form|link|object)\b|\son\w+=|url\(/i);
  });

  test("has the same content as text and as HTML, small print included", () => {
    const { text, html, subject } = letter();
    const shown = readable(html);
    const lines = text.split("\n").filter((line) => line.trim() !== "--" && line !== "");
    // Two table cells in HTML are a line with a colon in text.
    const isFact = (line: string) => / ?: /.test(line.replaceAll("\u00a0", " ")) && !shown.includes(line);
    for (const line of lines.filter((each) => !each.includes("http") && !isFact(each)))
      expect(shown).toContain(line.replace(/^> /, "").replace(/\s+/g, " "));
    for (const [address] of text.matchAll(/https?:\/\/\S+/g)) expect(html).toContain(address);
    expect(shown).toContain(plain(subject));
  });

  test("is in the account's language, and says why it was sent", () => {
    const { text, html, subject } = letter();
    expect(html).toContain(`<html lang="${locale}"`);
    const why = locale === "fr" ? /Vous recevez cet e-mail parce que/ : /You received this email because/;
    expect(text).toMatch(why);
    expect(text).toContain(recipient);
    expect(text).toMatch(locale === "fr" ? /\b(vous|votre)\b/i : /\b(you|your)\b/i);
    expect(subject).not.toMatch(/[\r\n]/);
  });

  test("says what to do if it was somebody else, unless the shop or the site did it", () => {
    const { text } = letter();
    const isNobodys =
      /^(key-(withdrawn|restored)|lease-(suspended|resumed|ended)|device-released|subscription-|dispute-)/.test(
        each.kind,
      );
    if (isNobodys) return expect(text).not.toContain("/forgot-password");
    expect(text).toMatch(
      /If this was not you|If you did not ask|not have an account here|Ce n’était pas vous|rien demandé|pas de compte ici/,
    );
  });

  test("contains no key, no password, and no secret except its own token", () => {
    const { text, html } = letter();
    const secrets = `${text} ${html}`.match(/[\w-]{25,}/g) ?? [];
    const own = [...(each.token ? [tokenOf(each.token)] : []), ...reminderToken(id).split(".")];
    expect(secrets.filter((word) => !own.includes(word) && !/^[a-z-]+$/.test(word))).toEqual([]);
    expect(`${text}${html}`).not.toMatch(/\b[0-9A-Z]{5}(-[0-9A-Z]{5}){4}\b/);
  });

  test("shows a script in a person's name as text (S30)", () => {
    for (const name of scripts) {
      const { text, html } = letterOf(each, { locale, account: { name } });
      expect(html).not.toMatch(/<(script|img|svg|a href="javascript)/i);
      const greeting = text.split("\n")[0]!;
      expect(readable(html)).toContain(greeting.replace(/\s+/g, " "));
    }
  });
});

const scripts = [
  "<script>alert(1)</script>",
  '"><img src=x onerror=alert(1)>',
  "'><svg onload=alert(1)>",
  "</title><script>alert(1)</script>",
  '<a href="javascript:alert(1)">Camille</a>',
  "&lt;script&gt;",
  "${alert(1)} {{7*7}} {name}",
];

describe("the greeting", () => {
  test("is by name at a confirmed address", () => {
    const { text, html } = letterOf(post("password-changed"), { account: { name: "Zoé d’Arc <b>" } });
    expect(text).toMatch(/^Hello Zoé d’Arc <b>,\n/);
    expect(html).toContain("Hello Zoé d’Arc &lt;b&gt;,");
  });

  test.each(["Free money www.evil.example", "evil.example", "https://evil.example", "call me@evil.example"])(
    "never holds what an email program would turn into a link: %s",
    (name) => {
      const { text } = letterOf(post("password-changed"), { account: { name } });
      expect(text).toMatch(/^Hello,\n/);
      expect(text).not.toContain("evil");
    },
  );

  test("is without a name at an unconfirmed address, or one that is no longer the account's", () => {
    const name = "You have won, call 0800";
    const unconfirmed = letterOf(post("confirm-address"), { account: { name, emailVerifiedAt: null } });
    const other = letterOf(post("address-restorable"), { account: { name, email: "new@example.org" } });
    for (const { text, html } of [unconfirmed, other]) expect(text + html).not.toContain("won");
  });

  test("has no line but its own", () => {
    const { text } = letterOf(post("password-changed"), { account: { name: "Zoé\r\n\r\nSend us your key\u2028now" } });
    expect(text.split("\n")[0]).toBe("Hello Zoé Send us your key now,");
  });
});

describe("the email that confirms an address", () => {
  test("has the link first, and the six-digit code while it is valid", () => {
    const { text, html } = letterOf(post("confirm-address"));
    const link = `${env().authUrl}/verify-email?token=${tokenOf({ id: tokenId, purpose: "verify-email" })}`;
    expect(/https?:\/\/\S+/.exec(text)![0]).toBe(link);
    expect(html).toContain(`href="${link}"`);
    expect(text).toContain(`\n${codeOf({ id: tokenId })}\n`);
    expect(plain(text)).toContain("until 23 November 2026, 11:15 Paris time");
    expect(plain(text)).toContain("until 24 November 2026, 11:00 Paris time");
  });

  test("leaves out an expired code when it is sent late", () => {
    const late = new Date(now.getTime() + 15 * 60_000);
    const { text, html } = letterOf(post("confirm-address"), { at: late });
    expect(text + html).not.toContain(codeOf({ id: tokenId }));
    expect(text).toContain("/verify-email?token=");
  });
});

describe("a report of a change", () => {
  test("names the browser and the time in the person's time zone", () => {
    const { text } = letterOf(post("new-sign-in"), { locale: "fr", account: { timeZone: "America/Montreal" } });
    expect(plain(text)).toContain("Navigateur : Firefox sous Windows");
    expect(plain(text)).toContain("Date : 23 novembre 2026 à 5 h 00, heure de Toronto");
    for (const path of ["/home/account/password", "/home/account/sessions", "/forgot-password"])
      expect(text).toContain(env().authUrl + path);
  });

  test("copes with a browser that sends no User-Agent, or nonsense", () => {
    expect(letterOf(post("new-sign-in"), { details: { userAgent: "" } }).text).toContain("Browser: An unknown browser");
    const { text, html } = letterOf(post("new-sign-in"), {
      details: { userAgent: "<script>x</script>/1.0 https://evil.example" },
    });
    expect(text).not.toContain("evil.example");
    expect(html).not.toContain("<script>");
  });

  test("the report of a redeemed key names product, term and last moment", () => {
    const { text } = letterOf(post("key-redeemed"));
    expect(plain(text)).toContain("Norton 360 Deluxe protects you until 2 December 2027, 23:59 Paris time.");
    expect(plain(text)).toContain("Time added: 12 months and 10 days");
  });

  test("is the same whenever it is written, as long as its code is valid", () => {
    for (const each of posts) expect(letterOf(each, { at: new Date(now.getTime() + 60_000) })).toEqual(letterOf(each));
  });
});

describe("an answer to a dispute", () => {
  test("is quoted line by line in its person's language, and a script in it is text (S30)", () => {
    for (const hostile of scripts) {
      const details = { caseCode: "7K2M-9XQP", answer: `The key is yours.\n${hostile}` };
      const { subject, text, html } = letterOf(post("dispute-answered"), { locale: "fr", details });
      expect(subject).toBe("Notre réponse à votre dossier 7K2M-9XQP");
      expect(text).toContain(`\n> The key is yours.\n> ${hostile}\n`);
      expect(html).not.toMatch(/<(script|img|svg|a href="javascript)/i);
      expect(readable(html)).toContain(`The key is yours. ${hostile.replace(/\s+/g, " ")}`);
      expect(text).toContain(`${env().authUrl}/home/account/cases`);
    }
  });
});

describe("with a different site", () => {
  const shared = globalThis as { portalEnv?: unknown };
  const before = { ...process.env };
  beforeAll(() => {
    delete shared.portalEnv;
    Object.assign(process.env, {
      AUTH_URL: "https://my.portal.example:8443",
      MAIL_FROM: "Portal <mail@portal.example>",
    });
  });
  afterAll(() => {
    delete shared.portalEnv;
    process.env = before;
  });

  test("links, sender and Message-ID belong to that site", () => {
    const { text, from, messageId } = letterOf(post("reset-password"));
    expect(text).toContain("https://my.portal.example:8443/reset-password?token=");
    expect(from).toEqual({ name: "Portal", address: "mail@portal.example" });
    expect(messageId).toBe(`<${id}@my.portal.example>`);
  });
});
