import { expect, it } from "vitest";
import { browserName } from "@/lib/account/session/browser-name";

it.each([
  ["Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox", "Windows"],
  [
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1",
    "Safari",
    "iOS",
  ],
  [
    "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Mobile Safari/537.36",
    "Chrome",
    "Android",
  ],
  ["curl/8.5.0", null, null],
  ["Your account is closed. Get it back at https://evil.example/x (Windows NT 10.0)", null, "Windows"],
  ["Call +33 1 23 45 67 89/1 now", null, null],
  ["", null, null],
  [null, null, null],
])("a browser is called as its owner would call it, never in its own words (S47): %s", (userAgent, browser, system) => {
  expect(browserName(userAgent)).toEqual({ browser, system });
});
