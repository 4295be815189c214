import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdtemp } from "node:fs/promises";
import { createConnection } from "node:net";
import { join } from "node:path";
import { Client } from "pg";
import { cloneTemplate } from "@/lib/testing/cluster";
import { freePort } from "@/lib/testing/free-port";
import { given } from "../given";
import { expect, productionSettings, test } from "./fixtures";

const root = join(import.meta.dirname, "../..");
const secret = () => randomBytes(32).toString("base64url");

/** Runs `npm start` with only these settings. It must end by itself. @returns its output and exit */
async function start(settings: Record<string, string>): Promise<{ code: number; said: string; port: number }> {
  const port = await freePort();
  const directory = await mkdtemp(join(given().directory, "start-"));
  const env = { PATH: process.env.PATH, PORT: String(port), DATA_DIR: directory, NODE_ENV: "production", ...settings };
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      ["--import", "./lib/cli/tsx.mjs", "--conditions=react-server", "lib/cli/serve.ts", "start"],
      { cwd: root, env: env as NodeJS.ProcessEnv, timeout: 30_000, killSignal: "SIGKILL" },
      (error, output, errors) => resolve({ code: error ? Number(error.code ?? -1) : 0, said: output + errors, port }),
    );
  });
}

/** All settings that production needs, with its own database. */
async function whole(): Promise<Record<string, string>> {
  const { url } = await cloneTemplate(given().cluster);
  const secrets = { AUTH_SECRET: secret(), LOOKUP_SECRET: secret(), VAULT_SECRETS: `1:${secret()}` };
  return { ...productionSettings, ...secrets, DATABASE_URL: url };
}

async function run(databaseUrl: string, statement: string, values: string[]): Promise<void> {
  const client = new Client({ connectionString: databaseUrl });
  await client.connect();
  await client.query(statement, values);
  await client.end();
}

const listens = (port: number) =>
  new Promise<boolean>((resolve) => {
    const socket = createConnection(port, "127.0.0.1");
    socket.on("connect", () => resolve(true)).on("error", () => resolve(false));
    socket.on("connect", () => socket.destroy());
  });

test("production without settings lists everything missing at once and does not start", async () => {
  const { code, said, port } = await start({});
  expect(code).toBe(1);
  for (const name of ["AUTH_URL", "AUTH_SECRET", "LOOKUP_SECRET", "VAULT_SECRETS", "TRUSTED_PROXIES", "MAIL_URL"]) {
    expect(said).toContain(`${name} is missing`);
  }
  expect(await listens(port)).toBe(false);
});

test("production refuses plain http and short secrets, and lists both at once", async () => {
  const { code, said } = await start({
    ...(await whole()),
    AUTH_URL: "http://my.portal.example",
    AUTH_SECRET: "short",
    LOOKUP_SECRET: "x".repeat(31),
    VAULT_SECRETS: `1:${"x".repeat(31)}`,
  });
  expect(code).toBe(1);
  expect(said).toContain("AUTH_URL must start with https://");
  for (const name of ["AUTH_SECRET", "LOOKUP_SECRET"])
    expect(said).toContain(`${name} must have at least 32 characters`);
  expect(said).toContain("VAULT_SECRETS must look like");
  expect(said).not.toContain("x".repeat(31));
});

test("production refuses a database that holds demo data", async () => {
  const settings = await whole();
  await run(settings.DATABASE_URL!, "INSERT INTO setting (name, value) VALUES ($1, $2)", ["demo", "yes"]);
  const { code, said, port } = await start(settings);
  expect(code).toBe(1);
  expect(said).toContain("DATABASE_URL holds demo data");
  expect(await listens(port)).toBe(false);
});

test("production refuses a LOOKUP_SECRET other than its database's (S50)", async () => {
  const settings = await whole();
  await run(settings.DATABASE_URL!, "INSERT INTO setting (name, value) VALUES ($1, $2)", [
    "lookup-fingerprint",
    "other",
  ]);
  const { code, said } = await start(settings);
  expect(code).toBe(1);
  expect(said).toContain("LOOKUP_SECRET is not the one this database was made with");
  expect(said).not.toContain(settings.LOOKUP_SECRET!);
});

test("production refuses vault secrets that are others than its database's, or lack one of them (S50)", async () => {
  const settings = await whole();
  await run(settings.DATABASE_URL!, "INSERT INTO setting (name, value) VALUES ($1, 'x'), ($2, 'x')", [
    "vault-fingerprint-1",
    "vault-fingerprint-2",
  ]);
  const { code, said } = await start(settings);
  expect(code).toBe(1);
  expect(said).toContain("VAULT_SECRETS has another version 1 than the one this database was used with");
  expect(said).toContain("VAULT_SECRETS lacks version 2, which seals stored keys");
  expect(said).not.toContain(settings.VAULT_SECRETS!.slice(2));
});
