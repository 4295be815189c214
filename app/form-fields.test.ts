import { describe, expect, test } from "vitest";
import { emailField, nameField } from "./form-fields";

const codeOf = (read: ReturnType<typeof nameField.safeParse>) => read.error?.issues[0]?.message;

describe("a name", () => {
  test.each(["", " ", "\u200b", "\u3164", "\u2800", "\u00ad", "\u202e", "\u115f\u1160", " \u2060 "])(
    "%j shows nothing, so it is missing",
    (text) => expect(codeOf(nameField.safeParse(text))).toBe("name.required"),
  );

  test("keeps every letter, and no character that turns the text around it", () => {
    expect(nameField.parse("Łukasz O’Neil-Żak")).toBe("Łukasz O’Neil-Żak");
    expect(nameField.parse("\u202eCamille\u202c")).toBe("Camille");
    expect(nameField.parse("क्\u200dष")).toBe("क्\u200dष");
  });
});

describe("an address", () => {
  test.each([
    ["", "email.required"],
    ["camille", "email.invalid"],
    ["camille@example,org", "email.host"],
    ["camille@example..org", "email.host"],
    ["camille@example.org:25", "email.host"],
  ])("%j says what is wrong: %s", (text, code) => expect(codeOf(emailField.safeParse(text))).toBe(code));
});
