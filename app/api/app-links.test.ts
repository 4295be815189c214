import { afterEach, describe, expect, it } from "vitest";
import { GET as apple } from "@/app/.well-known/apple-app-site-association/route";
import { GET as android } from "@/app/.well-known/assetlinks.json/route";
import { env, type Env } from "@/lib/env";

const shared = globalThis as { portalEnv?: Env };
const whole = env();
afterEach(() => void (shared.portalEnv = whole));

const [first, second] = ["14:6D", "AB:CD"];
const configured: Env["linkedApps"] = {
  ios: ["ABCDE12345.com.example.app"],
  android: [
    { package: "com.example.app", fingerprint: first },
    { package: "com.example.app", fingerprint: second },
    { package: "com.example.beta", fingerprint: first },
  ],
};

describe("the files by which a phone's system opens an app from a hand-off's link", () => {
  it("name the configured apps, on iOS for the paths of hand-offs only", async () => {
    shared.portalEnv = { ...whole, linkedApps: configured };
    expect(await apple().json()).toEqual({
      applinks: { details: [{ appIDs: ["ABCDE12345.com.example.app"], components: [{ "/": "/d/*" }] }] },
    });
    expect(apple().headers.get("content-type")).toBe("application/json");
    expect(await android().json()).toEqual([
      {
        relation: ["delegate_permission/common.handle_all_urls"],
        target: {
          namespace: "android_app",
          package_name: "com.example.app",
          sha256_cert_fingerprints: [first, second],
        },
      },
      {
        relation: ["delegate_permission/common.handle_all_urls"],
        target: { namespace: "android_app", package_name: "com.example.beta", sha256_cert_fingerprints: [first] },
      },
    ]);
  });

  it("do not exist without apps", async () => {
    for (const file of [apple(), android()]) {
      expect(file.status).toBe(404);
      expect(file.headers.get("content-type")).toBe("application/problem+json");
    }
  });
});
