import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { passwordFault } from "@/lib/account/password/password-quality";

const camille = { name: "Camille Moreau", email: "camille.moreau85@example.org" };

describe("a new password (S21)", () => {
  it.each([
    ["1234567", "tooShort"],
    ["", "tooShort"],
    ["é".normalize("NFD").repeat(7), "tooShort"],
    ["password1", "tooCommon"],
    ["ｐａｓｓｗｏｒｄ１", "tooCommon"],
    ["PASSWORD1", "tooCommon"],
    ["motdepasse", "tooCommon"],
    ["12345678", "tooCommon"],
    ["Camille Moreau", "isYourName"],
    ["camillemoreau", "isYourName"],
    ["ellimac1", "isYourName"],
    ["Moreau1985", "isYourName"],
    ["M0reau!1985", "isYourName"],
    ["camille camille", "isYourName"],
    ["Camille!Camille2026", "isYourName"],
    ["camille.moreau85", "isYourAddress"],
    ["camille.moreau85@example.org", "isYourAddress"],
    ["moreau85moreau85", "isYourAddress"],
    ["Norton360", "isOurName"],
    ["norton 2026!", "isOurName"],
    ["Deluxe360deluxe", "isOurName"],
    ["abcdefgh1", "tooWeak"],
    ["aaaaaaaaaaaa", "tooWeak"],
    ["a".repeat(300), "tooWeak"],
    ["kite-".repeat(40), "tooWeak"],
    ["password".repeat(30), "tooWeak"],
    ["azertyuiop", "tooWeak"],
    ["soleil2024", "tooWeak"],
    ["Password123!", "tooWeak"],
    ["passwordpassword", "tooWeak"],
  ] as const)("%j is refused: %s", (weak, fault) => expect(passwordFault(weak, camille)).toBe(fault));

  it.each([
    "correct velvet otter lamp",
    "correctvelvetotterlamp",
    "xK9$mQ2!vT",
    "gzkqwxvbnh",
    "東京タワーと夜桜が好き",
    "été d’or à Brest",
    "🦦🎻🌵🧊🛶🪁🎷🥁🧶",
    "moreau velvet otter lamp",
    "camille-8392017465",
    "la girafe norton mange du vent",
    "    spaces  at both ends    ",
    `${"a long one with words, ".repeat(11)}the end`,
    "no digit no capital no sign",
    `${"kite-".repeat(8)}velvet otter lamp of the northern harbour`,
    `${"a".repeat(80)}xK9$mQ2!vTz7#`,
  ])("%j is taken, whatever it is made of", (strong) => expect(passwordFault(strong, camille)).toBeNull());

  it("is the same however its characters are composed", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme", maxLength: 30 }), (text) => {
        expect(passwordFault(text.normalize("NFD"), camille)).toBe(passwordFault(text.normalize("NFKC"), camille));
      }),
      { numRuns: 200 },
    );
  });

  it("is strong or weak whatever the person's name and address, even odd ones", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 100 }), fc.string({ maxLength: 254 }), (name, email) => {
        expect(passwordFault("seven quiet herons over marl", { name, email })).toBeNull();
      }),
      { numRuns: 100 },
    );
  });

  // Without the bounds on the estimate, these take so long that the test times out.
  it.each(["@$!|1(){}[]<>".repeat(70), "4@8({[<369&#!1|07$5+%2".repeat(40), "a1".repeat(500), "🦦".repeat(300)])(
    "does not keep the server busy, however it was made up: %j",
    (evil) => {
      const person = { name: "Anne-Marie ".repeat(9), email: `${"a.b.c.".repeat(35)}z@example.org` };
      expect(["tooWeak", null]).toContain(passwordFault(evil, person));
    },
  );
});
