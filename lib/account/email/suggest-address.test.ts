import { describe, expect, it } from "vitest";
import { suggestAddress } from "@/lib/account/email/suggest-address";

describe("an address with a typing error in its domain", () => {
  it.each([
    ["camille@gmial.com", "camille@gmail.com"],
    ["camille@gmail.con", "camille@gmail.com"],
    ["camille@gmail.co", "camille@gmail.com"],
    ["camille@gmaill.com", "camille@gmail.com"],
    ["camille@gail.com", "camille@gmail.com"],
    ["Camille.M+shop@Hotmial.fr", "Camille.M+shop@hotmail.fr"],
    [" camille@orangr.fr ", "camille@orange.fr"],
    ["camille@wanado.fr", "camille@wanadoo.fr"],
    ["camille@laposte.ne", "camille@laposte.net"],
    ["camille@iclould.com", "camille@icloud.com"],
  ])("%s was probably meant as %s", (typed, meant) => expect(suggestAddress(typed)).toBe(meant));

  it.each([
    "camille@gmail.com",
    "camille@GMAIL.com",
    "camille@mail.com",
    "camille@ymail.com",
    "camille@yahoo.ca",
    "camille@example.org",
    "camille@gmx.de",
    "camille@free.fr",
    "camille@sfr.fr",
    "camille@gmial.net",
    "camille",
    "@gmial.com",
    "a b@gmial.com",
    "",
  ])("%s is left alone", (typed) => expect(suggestAddress(typed)).toBeNull());
});
