import { expect, it } from "vitest";
import { normaliseEmail } from "@/lib/account/canonical-email";
import { isEmailAddress } from "@/lib/account/email-address";

it.each([
  ["ann@example.org", true, "the usual one"],
  [" ann@example.org ", true, "what a paste brings along"],
  ["ann＠example.org", true, "the at sign of a Japanese keyboard"],
  ["zoë@exämple.org", true, "any letters"],
  [`${"a".repeat(242)}@example.org`, true, "254 characters"],
  [`${"a".repeat(243)}@example.org`, false, "255 characters"],
  [`${"ﷺ".repeat(20)}@example.org`, false, "longer than it looks once normalised"],
  ["ann", false, "no at sign"],
  ["@example.org", false, "nothing before it"],
  ["ann@b＠example.org", false, "two of them, in two spellings"],
  ["a¨@example.org", false, "a space once normalised"],
  ["a b@example.org", false, "a space"],
  ["a\u0000b@example.org", false, "a character no database takes"],
  ["a\u200bb@example.org", true, "one that nobody sees is left out"],
  ["<ann@example.org>", true, "a mail program's brackets"],
  ["mailto:ann@example.org", true, "a copied link"],
  ["ann@example.org,", true, "the comma behind it"],
  ["ann@example.org;", true, "the semicolon behind it"],
  ["ann@example.org.", true, "the full stop behind it"],
  ["ann@example,org", false, "a comma in the host"],
  ["ann@example..org", false, "an empty part of the host"],
  ["ann@example.org:25", false, "a port"],
  ["ann@.example.org", false, "a host that begins with a dot"],
  ["ann;bob@example.org", false, "two names"],
  ["a\ud800@example.org", false, "half a character"],
  ["00000000-0000-4000-8000-000000000000@erased.invalid", false, "what an erased account gets"],
  ["ann@INVALID", false, "a name that no mail server has (RFC 6761)"],
])("%j as an address of an account: %s (%s)", (text, expected) => {
  expect(isEmailAddress(text)).toBe(expected);
  // An address that the database would reject must be refused earlier.
  const stored = normaliseEmail(text);
  if (expected) expect(/^[^@\s]+@[^@\s]+$/.test(stored) && stored.length <= 254).toBe(true);
});

it.each([
  ["zoe@xn--bcher-hilfe-thb.example", "zoe@bücher-hilfe.example"],
  ["zoe@BÜCHER-Hilfe.example", "zoe@bücher-hilfe.example"],
  ["Zoe@Example.org", "zoe@example.org"],
  [" mailto:zoe@example.org. ", "zoe@example.org"],
])("%s is stored as %s", (typed, stored) => {
  expect(normaliseEmail(typed)).toBe(stored);
});
