import { expect, it } from "vitest";
import { tellsKey } from "./telling";

const key = "ABCDE-FGH2J-K3LMN-P4QRS-T5VWX";

it.each([
  ["the key", key, true],
  ["without hyphens and in small letters", key.replaceAll("-", "").toLowerCase(), true],
  [
    "in pieces of markup",
    key
      .split("-")
      .map((group) => `<span class="g">${group}</span>`)
      .join(""),
    true,
  ],
  ["in pieces of a list", JSON.stringify(key.split("-")), true],
  ["percent-encoded", [...key].map((sign) => `%${sign.charCodeAt(0).toString(16)}`).join(""), true],
  ["its first twenty symbols", key.slice(0, 23), true],
  ["two groups far from each other", `ABCDE ${"x".repeat(500)} P4QRS`, true],
  ["two groups and half of them", "E-FGH2J-K3", true],
  ["the last group alone", "ends in T5VWX", false],
  ["one group by chance", "class=abcde", false],
  ["another key", "22222-33333-44444-55555-66666", false],
])("judges whether a text leaks a key: %s", (_what, text, tells) => {
  expect(tellsKey(text, key)).toBe(tells);
});
