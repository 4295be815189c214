import { describe, expect, it } from "vitest";
import {
  KEY_ALPHABET,
  echoGroups,
  formatKey,
  isWellFormedKey,
  isWellFormedPartnerCode,
  keyHint,
  maskKey,
  readKey,
} from "@/lib/licence/product-key";
import { checkWriter } from "@/lib/licence/reed-solomon";

const PRINTED = "22345-6789B-CDFGH-JKMNP-756H8";
const KEY = "223456789BCDFGHJKMNP756H8";
const OTHER = "2ZYXWVTSRQPNMKJHGFDCNH4KQ";
const PARTNER = "323456789BCDHD8";

describe("a well-formed key", () => {
  it.each([PRINTED, "20000-00000-00000-00000-FB5JZ", "2ZYXW-VTSRQ-PNMKJ-HGFDC-NH4KQ"])("%s is accepted", (printed) => {
    const key = printed.replaceAll("-", "");
    expect(readKey(printed)).toEqual({ kind: "productKey", key });
    expect(isWellFormedKey(key)).toBe(true);
    expect(formatKey(key)).toBe(printed);
  });

  it.each([
    ["lower case", "22345-6789b-cdfgh-jkmnp-756h8"],
    ["no hyphens", KEY],
    ["spaces and tabs", " 22345 6789B\tCDFGH JKMNP 756H8 "],
    ["no-break spaces", "22345\u00a06789B\u00a0CDFGH\u202fJKMNP\u00a0756H8"],
    ["dashes of any length", "22345–6789B—CDFGH‑JKMNP−756H8"],
    ["line breaks", "22345-6789B-\r\nCDFGH-JKMNP-\n756H8"],
    ["full-width characters", "２２３４５－６７８９Ｂ－ＣＤＦＧＨ－ＪＫＭＮＰ－７５６Ｈ８"],
    ["styled letters", "22345-6789𝐁-𝐂𝐃𝐅𝐆𝐇-JKMNP-756ℍ8"],
    ["dots, quotes and invisible characters", "«22345.6789B.CDFGH.JK\u00adMNP.756\u200bH8».\ufeff"],
  ])("is read with %s", (_, text) => {
    expect(readKey(text)).toEqual({ kind: "productKey", key: KEY });
  });

  it("is read with the letter O for every zero", () => {
    const key = "20000000000000000000FB5JZ";
    expect(readKey("2OOOO-OOOOO-ooooo-ＯＯＯＯＯ-FB5JZ")).toEqual({ kind: "productKey", key });
  });

  it("never begins with 0, so groups of a key rotated by one never pass even where they satisfy every equation", () => {
    const withZeroCheckGroup = "223456789BCDFGHT96RJ00000";
    expect(isWellFormedKey(withZeroCheckGroup)).toBe(true);
    expect(isWellFormedKey("00000223456789BCDFGHT96RJ")).toBe(false);
    expect(readKey("00000-22345-6789B-CDFGH-T96RJ")).toMatchObject({ kind: "invalid", reason: "misread" });
    expect(readKey("0".repeat(25)).kind).not.toBe("productKey");
    expect(isWellFormedKey("0".repeat(25))).toBe(false);
  });

  it("is valid only in canonical form: no hyphens, no lower case, no other length", () => {
    for (const text of [PRINTED, KEY.toLowerCase(), KEY.slice(1), `${KEY}0`, "", KEY.replace("7", "?"), PARTNER]) {
      expect(isWellFormedKey(text)).toBe(false);
    }
  });
});

describe("a suggestion", () => {
  it("for two swapped characters names the swap", () => {
    expect(readKey("22354-6789B-CDFGH-JKMNP-756H8")).toEqual({
      kind: "suggestion",
      repair: "swapped",
      key: KEY,
      at: [3, 4],
      never: [],
    });
    expect(readKey("2234D-6789B-C5FGH-JKMNP-756H8")).toMatchObject({ repair: "swapped", key: KEY, at: [4, 11] });
  });

  it("for one or two wrong characters marks them", () => {
    expect(readKey("22345-6D89B-CDFGH-JKMNZ-756H8")).toEqual({
      kind: "suggestion",
      repair: "changed",
      key: KEY,
      at: [6, 19],
      never: [],
    });
    expect(readKey("32345-6789B-CDFGH-JKMNP-756H8")).toMatchObject({ repair: "changed", key: KEY, at: [0] });
  });

  it("for up to four unreadable characters fills them in and names those that never occur in a key", () => {
    expect(readKey("2?345-67?9B-C?FGH-J?MNP-756H8")).toMatchObject({
      kind: "suggestion",
      repair: "filled",
      key: KEY,
      at: [1, 7, 11, 16],
      never: [],
    });
    expect(readKey("2a3i5-6e89B-CDFGH-1KMNP-756H8")).toMatchObject({
      repair: "filled",
      at: [1, 3, 6, 15],
      never: ["A", "I", "E", "1"],
    });
  });

  it("that used up all check symbols is told apart, because the card must confirm it", () => {
    expect(readKey("2?345-67?9B-C?FGH-J?MNP-75?H8")).toMatchObject({ repair: "guessed", key: KEY });
    expect(readKey("?????-6789B-CDFGH-JKMNP-756H8")).toMatchObject({ repair: "guessed", key: KEY });
    expect(readKey("2?3?5-6?89B-CDFGH-JKZNP-756H8")).toMatchObject({ repair: "guessed", key: KEY, at: [1, 3, 6, 17] });
    expect(readKey("22354-6?89B-CDFGH-JKMNP-756H8")).toMatchObject({ repair: "guessed", key: KEY, at: [3, 4, 6] });
  });

  it("is not guessed for a text whose key would begin with another symbol than every issued key", () => {
    expect(readKey("ABCDE-FGHIJ-KLMNO-PQRST-UVWXY")).toMatchObject({ kind: "invalid", reason: "unreadable" });
  });

  it("for unreadable and wrong characters together marks both", () => {
    const both = { kind: "suggestion", repair: "changed", key: KEY };
    expect(readKey("2L345-6789B-CDFGH-JKZNP-756H8")).toMatchObject({ ...both, at: [1, 17], never: ["L"] });
    expect(readKey("2?3?5-6789B-CDFGH-JKZNP-756H8")).toMatchObject({ ...both, at: [1, 3, 17], never: [] });
  });

  it("for 24 characters shows the missing one, wherever it was", () => {
    for (let p = 0; p < 25; p++) {
      const reading = readKey(OTHER.slice(0, p) + OTHER.slice(p + 1));
      expect(reading).toEqual({ kind: "suggestion", repair: "missing", key: OTHER, at: [p], never: [] });
    }
    expect(readKey("2345-6789B-CDFGH-JKMNP-756H8")).toMatchObject({ repair: "missing", key: KEY, at: [0] });
  });

  it("for 26 characters shows the one to leave out, wherever it is", () => {
    for (let p = 0; p <= 25; p++) {
      const reading = readKey(`${OTHER.slice(0, p)}8${OTHER.slice(p)}`);
      expect(reading).toEqual({ kind: "suggestion", repair: "extra", key: OTHER, at: [], typedAt: p, never: [] });
    }
    expect(readKey("222345-6789B-CDFGH-JKMNP-756H8")).toMatchObject({ repair: "extra", key: KEY, typedAt: 0 });
    expect(readKey("22345-6789B-CDFEGH-JKMNP-756H8")).toMatchObject({
      repair: "extra",
      at: [],
      typedAt: 13,
      never: ["E"],
    });
  });

  it("covers a missing or surplus character while three check symbols remain to confirm it", () => {
    expect(readKey("2345-6?89B-CDFGH-JKMNP-756H8")).toMatchObject({ repair: "missing", key: KEY, at: [0, 6] });
    expect(readKey("2345-6??9B-CDFGH-JKMNP-756H8")).toMatchObject({ kind: "invalid", reason: "tooShort" });
    expect(readKey("2Z2345-6??9B-CDFGH-JKMNP-756H8")).toMatchObject({
      repair: "extra",
      key: KEY,
      at: [6, 7],
      typedAt: 1,
    });
    expect(readKey("2Z2345-6???B-CDFGH-JKMNP-756H8")).toMatchObject({ kind: "invalid", reason: "tooLong" });
  });

  it("is not made where one missing or surplus character fits two different keys", () => {
    const [one, two] = ["2234567JHWTBCDFGHJKMVNGGT", "223457JHWTBBCDFGHJKMVNGGT"];
    expect(isWellFormedKey(one) && isWellFormedKey(two)).toBe(true);

    const short = "223457JHWTBCDFGHJKMVNGGT";
    expect([one.slice(0, 5) + one.slice(6), two.slice(0, 10) + two.slice(11)]).toEqual([short, short]);
    expect(readKey(short)).toEqual({ kind: "invalid", reason: "tooShort", count: 24, never: [] });

    const long = "2234567JHWTBBCDFGHJKMVNGGT";
    expect([long.slice(0, 11) + long.slice(12), long.slice(0, 5) + long.slice(6)]).toEqual([one, two]);
    expect(readKey(long)).toEqual({ kind: "invalid", reason: "tooLong", count: 26, never: [] });

    // The first 25 characters are a key. So are the last 25 without the 20th.
    const atTheEnd = "223456789BCDFG5MYZ3QR20DBV";
    expect(isWellFormedKey(atTheEnd.slice(0, 25)) && isWellFormedKey(atTheEnd.slice(0, 19) + atTheEnd.slice(20))).toBe(
      true,
    );
    expect(readKey(atTheEnd)).toMatchObject({ kind: "invalid", reason: "tooLong", count: 26 });
  });

  it("is never a key that begins with 0", () => {
    const zeroFirst = "00000223456789BCDFGHT96RJ";
    for (const text of [`00${zeroFirst.slice(2)}`, `08${zeroFirst.slice(2)}`, `?${zeroFirst.slice(1)}`]) {
      expect(readKey(text)).toMatchObject({ kind: "invalid", reason: "misread" });
    }
    expect(readKey(zeroFirst.slice(1))).toMatchObject({ kind: "invalid", reason: "tooShort" });
    expect(readKey(`${zeroFirst}8`)).toMatchObject({ kind: "invalid", reason: "tooLong" });
  });
});

describe("what a keyboard or a paste puts between", () => {
  it.each([
    ["&nbsp; between the groups", PRINTED.replaceAll("-", "&nbsp;")],
    ["percent-encoded hyphens", PRINTED.replaceAll("-", "%2D")],
    ["a letter of a scanner for each hyphen", PRINTED.replaceAll("-", "ß")],
  ])("is left out: %s", (_, typed) => {
    expect(readKey(typed)).toEqual({ kind: "productKey", key: KEY });
  });

  it("counts ß as one character, which stands for the B it looks like", () => {
    expect(readKey(PRINTED.replace("B", "ß"))).toMatchObject({ kind: "suggestion", repair: "filled", key: KEY });
  });

  it.each([
    ["with hyphens", "éé\"'(--è_çB-CDFGH-JKMNP-è(-H_"],
    ["with spaces", "éé\"'( -è_çB CDFGH JKMNP è(-H_"],
    ["without anything between", "éé\"'(-è_çBCDFGHJKMNPè(-H_"],
  ])("is healed for digits typed without Shift on a French keyboard, %s", (_, typed) => {
    expect(readKey(typed)).toMatchObject({ kind: "suggestion", repair: "layout", key: KEY });
  });

  it.each([
    "Product key: 22354-6789B-CDFGH-JKMNP-756H8",
    "Key 22354 6789B CDFGH JKMNP 756H8.",
    "Clé = 2?345-6789B-CDFGH-JKMNP-756H8",
  ])("may be a label before a key with a typing error: %s", (typed) => {
    expect(readKey(typed)).toMatchObject({ kind: "suggestion", key: KEY });
    expect(echoGroups(typed).extra).toBe(0);
  });
});

describe("text that cannot be a key", () => {
  it("has an unreadable character, even where the check equations fit a Z", () => {
    expect(isWellFormedKey(OTHER.replace("Z", "?"))).toBe(false);
    expect(readKey(OTHER.replace("Z", "?"))).toMatchObject({ kind: "suggestion", repair: "filled", key: OTHER });
    expect(isWellFormedPartnerCode("3ZYXWVTSRQPNC4G")).toBe(true);
    expect(isWellFormedPartnerCode("3?YXWVTSRQPNC4G")).toBe(false);
    expect(readKey("3AYXW-VTSRQ-PNC4G")).toMatchObject({ kind: "invalid", reason: "partnerMisread", never: ["A"] });
  });

  it("is empty without a letter, a digit or a question mark", () => {
    for (const text of ["", "  \n", "-----", "•••••-•••••", "…!"]) expect(readKey(text)).toEqual({ kind: "empty" });
  });

  it("with three wrong characters is flagged without a suggestion", () => {
    const reading = { kind: "invalid", reason: "misread", count: 25, never: [] };
    expect(readKey("22Z45-6D89B-CDFGH-JKMNZ-756H8")).toEqual(reading);
    expect(readKey("23452-6789B-CDFGH-JKMNP-756H8")).toEqual(reading);
  });

  it("with four wrong characters may get a suggestion, but never passes as typed", () => {
    const reading = readKey("22345-7J7PB-CDFGH-JKMNP-756H8");
    expect(reading).toMatchObject({ kind: "suggestion", key: "223457J7P8WDFGHJKMNP756H8", at: [9, 10] });
  });

  it("with six unreadable characters says so and names them", () => {
    expect(readKey("AEIL?-U789B-CDFGH-JKMNP-756H8")).toEqual({
      kind: "invalid",
      reason: "unreadable",
      count: 25,
      never: ["A", "E", "I", "L", "U"],
    });
  });

  it("is too short or too long, and says how many characters were counted", () => {
    expect(readKey("22345-6789B")).toEqual({ kind: "invalid", reason: "tooShort", count: 10, never: [] });
    expect(readKey("2")).toMatchObject({ reason: "tooShort", count: 1 });
    expect(readKey(KEY.slice(0, 15))).toMatchObject({ reason: "tooShort", count: 15 });
    expect(readKey(`${KEY.slice(0, 20)}ZZZZZZZ`)).toMatchObject({ reason: "tooLong", count: 27 });
  });

  it("treats letters of other scripts as characters that never occur", () => {
    expect(readKey("С-é-É-字-٣-A")).toMatchObject({ reason: "tooShort", count: 6, never: ["С", "É", "字", "٣", "A"] });
  });

  it.each([
    ["a serial number of digits", "4012 3456 7890"],
    ["a long number", "12345678901234567890123456789012"],
    ["a number as long as a partner code", "490154203237518"],
    ["a number as long as a key", "7111111111111119999999991"],
    ["an order number with a prefix", "ORDER-123456789"],
    ["an order number in full-width digits", "NS１２３４５６７８９"],
  ])("may be recognised as %s", (_, text) => {
    expect(readKey(text)).toMatchObject({ kind: "invalid", reason: "notAKey" });
  });

  it("is not taken for a number while a key may be being typed", () => {
    expect(readKey("22345-67")).toMatchObject({ reason: "tooShort" });
    expect(readKey("22345-6789B-22345678")).toMatchObject({ reason: "tooShort" });
  });
});

describe("a partner code", () => {
  it("is recognised by its length and type", () => {
    expect(readKey("32345-6789B-CDHD8")).toEqual({ kind: "partnerCode", code: PARTNER });
    expect(readKey("３2345 6789b cdhd8")).toEqual({ kind: "partnerCode", code: PARTNER });
    expect(isWellFormedPartnerCode(PARTNER)).toBe(true);
    expect(formatKey(PARTNER)).toBe("32345-6789B-CDHD8");
  });

  it("is flagged with up to three wrong characters", () => {
    for (const text of ["32345-6789B-CDHD9", "33245-6789B-CDHD8", "3Z345-6Z89B-CZHD8", "?2345-6789B-CDHD8"]) {
      expect(readKey(text)).toMatchObject({ kind: "invalid", reason: "partnerMisread", count: 15 });
    }
  });

  it("has its own type: another first symbol makes it none, even if the equations hold", () => {
    const passing = [...KEY_ALPHABET].filter((_, type) => {
      const word = Uint8Array.from({ length: 15 }, (_, p) => (p === 0 ? type : p));
      checkWriter(3)(word);
      return isWellFormedPartnerCode(Array.from(word, (value) => KEY_ALPHABET[value]).join(""));
    });
    expect(passing).toEqual(["3"]);
  });
});

describe("a pasted email", () => {
  const mail = (body: string) =>
    `Bonjour,\n\nvoici votre achat n° 40012 du 3 mars :\n${body}\n\nMerci de votre confiance.`;

  it.each([
    ["as printed", PRINTED],
    ["without hyphens", KEY],
    ["in lower case", PRINTED.toLowerCase()],
    ["before a full stop", `Clé : ${PRINTED}.`],
    ["in brackets", `(${PRINTED})`],
    ["wrapped at a hyphen", "22345-6789B-CDFGH-\nJKMNP-756H8"],
    ["wrapped inside a group", "22345-6789B-CD\r\nFGH-JKMNP-756H8"],
    ["quoted", "> 22345-6789B-CDFGH-\n> JKMNP-756H8"],
    ["right after a word", `clé:${KEY}Merci`],
    ["between characters without spaces", `产品密钥${PRINTED}请激活`],
    ["twice", `${PRINTED} ${PRINTED}\n${KEY}`],
  ])("gives the key in it %s", (_, body) => {
    expect(readKey(mail(body))).toEqual({ kind: "found", keys: [KEY] });
  });

  it("gives every key in it, in their order", () => {
    expect(readKey(mail(`${formatKey(OTHER)}, ${PRINTED} et ${OTHER}`))).toEqual({ kind: "found", keys: [OTHER, KEY] });
    expect(readKey(KEY + OTHER)).toEqual({ kind: "found", keys: [KEY, OTHER] });
  });

  it("gives the key beside a label", () => {
    expect(readKey(`Key: ${PRINTED}`)).toEqual({ kind: "found", keys: [KEY] });
  });

  it("is not guessed at: a key with a wrong, missing or unreadable character in it is not offered", () => {
    for (const near of ["22354-6789B-CDFGH-JKMNP-756H8", "2345-6789B-CDFGH-JKMNP-756H8", PRINTED.replace("7", "?")]) {
      expect(readKey(mail(near))).toMatchObject({ kind: "invalid", reason: "tooLong" });
    }
  });

  it("is not guessed at by dropping text inside a key", () => {
    expect(readKey("22345-6789B-CD and FGH-JKMNP-756H8")).toMatchObject({ kind: "invalid", reason: "tooLong" });
  });

  it("may be 100 kB and end with the key", () => {
    expect(readKey("Lorem ipsum 2345678 ".repeat(5_000) + PRINTED)).toEqual({ kind: "found", keys: [KEY] });
    expect(readKey("23456789BCDF".repeat(8_000) + PRINTED)).toEqual({ kind: "found", keys: [KEY] });
  });

  it("cannot stall the reader with combining marks, expanding characters or sheer length", () => {
    expect(readKey(`2${"\u0301\u0316".repeat(5_000_000)}`)).toMatchObject({ reason: "tooShort", count: 1 });
    const expanding = readKey("\ufdfa".repeat(5_000_000));
    expect(expanding).toMatchObject({ reason: "tooLong" });
    expect((expanding as { count: number }).count).toBeLessThanOrEqual(200_000);
    expect(readKey("2".repeat(5_000_000))).toMatchObject({ reason: "notAKey" });
  });
});

describe("the live echo", () => {
  const marks = (text: string) => echoGroups(text).groups.map((group) => group.map((cell) => cell.mark[0]).join(""));
  const symbols = (text: string) => echoGroups(text).groups.map((group) => group.map((cell) => cell.symbol).join(""));

  it("always has five groups", () => {
    expect(echoGroups("")).toEqual({ groups: [[], [], [], [], []], extra: 0 });
    expect(symbols("22345-6")).toEqual(["22345", "6", "", "", ""]);
    expect(symbols("3o345 6789b cdhd8")).toEqual(["30345", "6789B", "CDHD8", "", ""]);
    expect(symbols(KEY)).toEqual(PRINTED.split("-"));
  });

  it("marks at once characters that never occur in a key, and unknown ones", () => {
    expect(marks("2a?4L")).toEqual(["onuon", "", "", "", ""]);
    expect(symbols("2a?4L")).toEqual(["2A?4L", "", "", "", ""]);
  });

  it("marks the changes of a suggestion once 25 characters are typed, and not before", () => {
    expect(marks("22345-6D89B-CDFGH-JKMNZ-756H")).toEqual(["ooooo", "ooooo", "ooooo", "ooooo", "oooo"]);
    expect(marks("22345-6D89B-CDFGH-JKMNZ-756H8")).toEqual(["ooooo", "osooo", "ooooo", "oooos", "ooooo"]);
    expect(marks("2L345-67Z9B-CD?GH-JKMNP-756H8")).toEqual(["onooo", "oosoo", "oouoo", "ooooo", "ooooo"]);
  });

  it("marks nothing where the wrong places are not known, or a character is missing", () => {
    expect(marks("2345-6789B-CDFGH-JKMNP-756H8").join("")).toBe("o".repeat(24));
    expect(marks("22Z45-6D89B-CDFGH-JKMNZ-756H8").join("")).toBe("o".repeat(25));
  });

  it("counts the characters beyond the groups, and marks the one to leave out", () => {
    expect(echoGroups(`22Z45${PRINTED.slice(5)}ZZ9`)).toMatchObject({ extra: 3 });
    expect(echoGroups(`22345-67Z89B-CDFGH-JKMNP-756H8`)).toMatchObject({ extra: 1 });
    expect(marks("22345-67Z89B-CDFGH-JKMNP-756H8")).toEqual(["ooooo", "oosoo", "ooooo", "ooooo", "ooooo"]);
  });

  it("shows the key found in a pasted email, and none while there are several to choose from", () => {
    expect(symbols(`Your key is ${PRINTED}. Enjoy.`)).toEqual(PRINTED.split("-"));
    expect(echoGroups(`${KEY} or ${OTHER}`)).toEqual({ groups: [[], [], [], [], []], extra: 0 });
  });
});

describe("a printed key", () => {
  it("hides four groups when masked", () => {
    expect(keyHint(KEY)).toBe("756H8");
    expect(maskKey(keyHint(KEY))).toBe("•••••-•••••-•••••-•••••-756H8");
  });
});
