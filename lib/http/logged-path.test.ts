import { expect, it } from "vitest";
import { loggedPath } from "@/lib/http/logged-path";

it.each([
  ["/d/7K2M9XQP", "/d/[code]"],
  ["/d/7K2M9XQP?lang=fr", "/d/[code]"],
  ["/%64/7K2M9XQP", "/d/[code]"],
  ["/d/%37K2M9XQP/x", "/d/[code]/x"],
  ["//d//7K2M9XQP", "//d//[code]"],
  ["/api/v1/handoffs/7K2M9XQP", "/api/v1/handoffs/[code]"],
  ["/api/v1/handoffs/7K2M9XQP/claim", "/api/v1/handoffs/[code]/claim"],
  ["/d/%ff7K2M9XQP", "/d/[code]"],
  ["/home/setup/device?os=ios", "/home/setup/device"],
  ["/api/%ff", "/api/%ff"],
  ["/a%20b", "/a%20b"],
])("%s is logged as %s, without the code that signs a device in (S38)", (url, logged) => {
  expect(loggedPath(url)).toBe(logged);
});
