import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { ConfigurationError } from "@/lib/configuration-error";
import { commandEnv, readEnv, settingNames } from "@/lib/env";

let dataDir: string;
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), "portal-env-"));
});
afterEach(() => rmSync(dataDir, { recursive: true }));

const long = "kTz3Qm9xWv7Lb2Rn5Yc8Hd4Jf6Gp1Sa0";
/** Another secret of the same length. */
const secret = (name: string) => `${name}${long}`.slice(0, 32);
const production = {
  APP_MODE: "production",
  AUTH_URL: "https://my.example.org",
  AUTH_SECRET: secret("A"),
  LOOKUP_SECRET: secret("L"),
  VAULT_SECRETS: `1:${long}`,
  TRUSTED_PROXIES: "1",
  MAIL_URL: "smtps://portal:secret@mail.example.org",
};

function problemsOf(read: () => unknown): string[] {
  try {
    read();
  } catch (error) {
    if (error instanceof ConfigurationError) return error.problems;
    throw error;
  }
  return [];
}

describe("production", () => {
  test("starts when everything is set", () => {
    const { mode, port, authUrl, secrets } = readEnv(production);
    expect({ mode, port, authUrl }).toEqual({ mode: "production", port: 3000, authUrl: "https://my.example.org" });
    expect(secrets.vault).toEqual(new Map([[1, long]]));
  });

  test("is the mode of an empty environment, and everything it lacks is listed at once", () => {
    for (const source of [{}, { APP_MODE: "" }, { NODE_ENV: "production" }]) {
      expect(problemsOf(() => readEnv(source)).map((problem) => problem.split(" ")[0])).toEqual([
        "AUTH_URL",
        "AUTH_SECRET",
        "LOOKUP_SECRET",
        "VAULT_SECRETS",
        "TRUSTED_PROXIES",
        "MAIL_URL",
      ]);
    }
  });

  test("what is wrong and what is missing are listed together", () => {
    const problems = problemsOf(() => readEnv({ AUTH_SECRET: "short", AUTH_URL: "http://my.example.org", PORT: "0" }));
    expect(problems.map((problem) => problem.split(" ")[0]).sort()).toEqual([
      "AUTH_SECRET",
      "AUTH_URL",
      "LOOKUP_SECRET",
      "MAIL_URL",
      "PORT",
      "TRUSTED_PROXIES",
      "VAULT_SECRETS",
    ]);
  });

  test("no message repeats a secret", () => {
    const problems = problemsOf(() => readEnv({ ...production, AUTH_SECRET: "hunter2", VAULT_SECRETS: "1:hunter2" }));
    expect(problems).toHaveLength(2);
    expect(problems.join()).not.toContain("hunter2");
  });

  test.each([
    ["AUTH_URL over http", { AUTH_URL: "http://my.example.org" }],
    ["AUTH_URL over http even for this machine", { AUTH_URL: "http://localhost:3000" }],
    ["AUTH_URL that is no address", { AUTH_URL: "my.example.org" }],
    ["AUTH_SECRET of 31 characters", { AUTH_SECRET: long.slice(1) }],
    ["LOOKUP_SECRET of 31 characters", { LOOKUP_SECRET: long.slice(1) }],
    ["VAULT_SECRETS of 31 characters", { VAULT_SECRETS: `1:${long.slice(1)}` }],
    ["VAULT_SECRETS without a version", { VAULT_SECRETS: long }],
    ["VAULT_SECRETS with a version that one byte cannot hold", { VAULT_SECRETS: `256:${long}` }],
    ["MAIL_URL that is not SMTP", { MAIL_URL: "https://mail.example.org" }],
    ["DATABASE_URL that is not PostgreSQL", { DATABASE_URL: "mysql://localhost/portal" }],
    ["DATABASE_URL with a raw / in its password", { DATABASE_URL: "postgresql://portal:1/2@db.example.org/portal" }],
    ["DATABASE_URL with a raw # in its password", { DATABASE_URL: "postgresql://portal:1#2@db.example.org/portal" }],
    ["DATABASE_URL with a raw ? in its password", { DATABASE_URL: "postgresql://portal:1?2@db.example.org/portal" }],
    ["DATABASE_URL with a raw % in its password", { DATABASE_URL: "postgresql://portal:a%zz@db.example.org/portal" }],
    ["MAIL_URL with a raw # in its password", { MAIL_URL: "smtps://portal:s#t@mail.example.org" }],
    ["MAIL_URL with a raw / in its password", { MAIL_URL: "smtps://portal:s/t@mail.example.org" }],
    ["SUPPORT_URL that is no link", { SUPPORT_URL: "javascript:alert(1)" }],
    ["PRIVACY_URL that is no link", { PRIVACY_URL: "privacy.html" }],
    ["PORT beyond the last", { PORT: "65536" }],
    ["APP_MODE of another name", { APP_MODE: "staging" }],
    ["LOG_LEVEL of another name", { LOG_LEVEL: "loud" }],
    ["TRUSTED_PROXIES that is no count", { TRUSTED_PROXIES: "yes" }],
    ["TRUSTED_PROXIES left out", { TRUSTED_PROXIES: "" }],
    ["TRUSTED_PROXY_ADDRESSES that are none", { TRUSTED_PROXY_ADDRESSES: "10.0.0.0/8,proxy.example" }],
    ["HOST that is no address", { HOST: "my.example.org" }],
    ["AUTH_URL with a path", { AUTH_URL: "https://my.example.org/portal" }],
    ["AUTH_URL with credentials", { AUTH_URL: "https://portal:secret@my.example.org" }],
    ["AUTH_URL with a query", { AUTH_URL: "https://my.example.org/?a=1" }],
    ["AUTH_SECRET of one letter", { AUTH_SECRET: "a".repeat(32) }],
    ["LOOKUP_SECRET of one word", { LOOKUP_SECRET: "changeme".repeat(5) }],
    ["VAULT_SECRETS of a short pattern", { VAULT_SECRETS: `1:${"0123456789".repeat(4)}` }],
    ["VAULT_SECRETS with one version twice", { VAULT_SECRETS: `1:${long},1:${secret("V")}` }],
    ["VAULT_SECRETS with one secret twice", { VAULT_SECRETS: `1:${long},2:${long}` }],
    ["AUTH_SECRET that is the LOOKUP_SECRET too", { AUTH_SECRET: secret("L") }],
  ])("refuses %s", (_, change) => {
    const [name] = Object.keys(change);
    const problems = problemsOf(() => readEnv({ ...production, ...change }));
    expect(problems).toEqual([expect.stringContaining(name!)]);
  });

  test.each([
    ["keys@shop.example", { name: "", address: "keys@shop.example" }],
    ["Shop <keys@shop.example>", { name: "Shop", address: "keys@shop.example" }],
    ["Shop: Keys <keys@shop.example>", { name: "Shop: Keys", address: "keys@shop.example" }],
    ["Shop (EU) <keys@shop.example>", { name: "Shop (EU)", address: "keys@shop.example" }],
    ['"Shop, Inc." <keys@shop.example>', { name: "Shop, Inc.", address: "keys@shop.example" }],
    [
      "Shop; other@shop.example <keys@shop.example>",
      { name: "Shop; other@shop.example", address: "keys@shop.example" },
    ],
    ["<keys@shop.example>", { name: "", address: "keys@shop.example" }],
  ])("MAIL_FROM is one name and one address: %s", (MAIL_FROM, sender) => {
    expect(readEnv({ ...production, MAIL_FROM }).mailFrom).toEqual(sender);
  });

  test.each(["Shop", "a@b.example, c@d.example", "Shop <a@b.example> <c@d.example>", "a@b.example>", "Shop <a@>"])(
    "MAIL_FROM that is no single address is refused: %s",
    (MAIL_FROM) => {
      expect(problemsOf(() => readEnv({ ...production, MAIL_FROM }))).toEqual([
        "MAIL_FROM must be an email address, or look like Name <address>",
      ]);
    },
  );

  test("makes no secrets of its own", () => {
    expect(problemsOf(() => readEnv({ APP_MODE: "production", DATA_DIR: dataDir }))).not.toEqual([]);
    expect(() => statSync(join(dataDir, "secrets.json"))).toThrow("ENOENT");
  });
});

describe.each(["demo", "development", "test"])("%s", (mode) => {
  test("makes its secrets once, for the owner's eyes only, and finds them again", () => {
    const first = readEnv({ APP_MODE: mode, DATA_DIR: dataDir }).secrets;
    expect(readEnv({ APP_MODE: mode, DATA_DIR: dataDir }).secrets).toEqual(first);
    const { mode: access } = statSync(join(dataDir, "secrets.json"));
    expect((access & 0o777).toString(8)).toBe("600");
    const all = [first.auth, first.lookup, ...first.vault.values()];
    expect(new Set(all).size).toBe(3);
    for (const secret of all) expect(secret.length).toBeGreaterThanOrEqual(43);
  });

  test("lives at localhost on its port, and an http address elsewhere is refused", () => {
    const source = { APP_MODE: mode, DATA_DIR: dataDir, PORT: "4321" };
    expect(readEnv(source).authUrl).toBe("http://localhost:4321");
    expect(problemsOf(() => readEnv({ ...source, AUTH_URL: "http://my.example.org" }))).toHaveLength(1);
  });
});

test("next dev is development unless told otherwise", () => {
  expect(readEnv({ NODE_ENV: "development", DATA_DIR: dataDir }).mode).toBe("development");
  expect(readEnv({ NODE_ENV: "development", APP_MODE: "demo", DATA_DIR: dataDir }).mode).toBe("demo");
});

test("a setting that is empty counts as not set", () => {
  const empty = Object.fromEntries(settingNames.map((name) => [name, ""]));
  expect(readEnv({ ...empty, APP_MODE: "test", DATA_DIR: dataDir }).port).toBe(3000);
});

describe("a command", () => {
  test("needs nothing but DATA_DIR, and takes the look-up secret the server made there", () => {
    const { secrets } = readEnv({ APP_MODE: "demo", DATA_DIR: dataDir });
    expect(commandEnv({ DATA_DIR: dataDir }).lookupSecret).toBe(secrets.lookup);
  });

  test("takes LOOKUP_SECRET before the one in DATA_DIR, and then leaves no file", () => {
    expect(commandEnv({ DATA_DIR: dataDir, LOOKUP_SECRET: long }).lookupSecret).toBe(long);
    expect(() => statSync(join(dataDir, "secrets.json"))).toThrow("ENOENT");
  });

  test("makes no database of its own where nobody named one: keys issued into it would be unknown to the portal", () => {
    const here = process.cwd();
    process.chdir(dataDir);
    try {
      expect(problemsOf(() => commandEnv({ LOOKUP_SECRET: long }))).toEqual([expect.stringContaining("DATABASE_URL")]);
      expect(commandEnv({ LOOKUP_SECRET: long, DATA_DIR: "elsewhere" }).dataDir).toContain("elsewhere");
    } finally {
      process.chdir(here);
    }
  });

  test("reports in one line that DATA_DIR cannot be used", () => {
    const file = join(dataDir, "secrets.json");
    writeFileSync(file, "{}");
    for (const unusable of [dataDir, file]) {
      expect(problemsOf(() => commandEnv({ DATA_DIR: unusable }))).toEqual([expect.stringContaining("DATA_DIR")]);
    }
  });
});

describe(".env.example", () => {
  const lines = readFileSync(".env.example", "utf8").split("\n");

  test("lists every setting, and no other, each with its line of explanation", () => {
    const settings = lines.flatMap((line, at) => (/^[A-Z]/.test(line) ? [{ line, before: lines[at - 1] }] : []));
    expect(settings.map(({ line }) => line.split("=")[0]).sort()).toEqual([...settingNames].sort());
    for (const { before } of settings) expect(before).toMatch(/^# \S/);
  });

  test("holds no value, so no secret that somebody might keep", () => {
    for (const line of lines) expect(line).toMatch(/^(#.*|[A-Z_]+=)?$/);
  });
});

describe("the apps that open hand-offs' links", () => {
  const fingerprint = Array.from({ length: 32 }, () => "A0").join(":");

  test("are lists, which are empty by default", () => {
    expect(readEnv(production).linkedApps).toEqual({ ios: [], android: [] });
    const apps = {
      IOS_APP_IDS: "ABCDE12345.com.example.app, ABCDE12345.com.example.beta",
      ANDROID_APPS: `com.example.app=${fingerprint}`,
    };
    expect(readEnv({ ...production, ...apps }).linkedApps).toEqual({
      ios: ["ABCDE12345.com.example.app", "ABCDE12345.com.example.beta"],
      android: [{ package: "com.example.app", fingerprint }],
    });
  });

  test.each([
    ["IOS_APP_IDS", "com.example.app"],
    ["ANDROID_APPS", "com.example.app"],
    ["ANDROID_APPS", `com.example.app=${fingerprint.toLowerCase()}`],
    ["ANDROID_APPS", `com.example.app=${fingerprint.slice(3)}`],
  ])("%s cannot be %s", (name, value) => {
    expect(problemsOf(() => readEnv({ ...production, [name]: value }))[0]).toMatch(new RegExp(`^${name} must be`));
  });
});
