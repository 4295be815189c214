import "server-only";
import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { z } from "zod";
import { ConfigurationError } from "@/lib/configuration-error";
import { readSecretsFile } from "@/lib/secrets-file";

z.config({ jitless: true });

export type AppMode = "production" | "demo" | "development" | "test";

export type Secrets = {
  /** next-auth's own secret; the sealed cookies' key is derived from it. */
  auth: string;
  /** HMAC key of the product keys' look-up digests. Never rotated: a digest cannot be computed again without its key. */
  lookup: string;
  /** What redeemed keys are sealed with, by version; the highest version seals, every version opens. */
  vault: ReadonlyMap<number, string>;
};

export type Env = {
  mode: AppMode;
  /** Where the server listens; outside of production on loopback only. */
  port: number;
  /** Absolute path; holds the embedded database, and outside of production the secrets and demo keys. */
  dataDir: string;
  /** Not set: the embedded PostgreSQL in `dataDir`. */
  databaseUrl: string | undefined;
  /** Origin of the site, no trailing slash; every absolute link and redirect is built from it. */
  authUrl: string;
  /** Whether the site is served over https; http is possible only on loopback, outside of production. */
  secure: boolean;
  /** Number of reverse proxies in front whose X-Forwarded-For entries are believed. */
  trustedProxies: number;
  /** SMTP server. Not set, which production does not allow: mails are files in `dataDir`. */
  mailUrl: string | undefined;
  /** Who mails come from: an address, or a name and an address. */
  mailFrom: string;
  /** Whether everybody who can reach the site may read the mails, which are files then; never in production. */
  showsMails: boolean;
  brandOwner: string | undefined;
  logLevel: string;
  secrets: Secrets;
};

/** What a command needs: where the database is, and the secret that makes look-up digests. */
export type CommandEnv = Pick<Env, "dataDir" | "databaseUrl" | "logLevel"> & { lookupSecret: string };

const filled = (value: unknown) => (value === "" ? undefined : value);
const optional = z.preprocess(filled, z.string().optional());
const secret = z.preprocess(filled, z.string().min(32, "must have at least 32 characters").optional());

const settings = z.object({
  NODE_ENV: optional,
  APP_MODE: z.preprocess(filled, z.enum(["production", "demo", "development", "test"]).optional()),
  PORT: z.preprocess(filled, z.coerce.number().int().min(1).max(65535).default(3000)),
  DATA_DIR: z.preprocess(filled, z.string().default(".data")),
  DATABASE_URL: z.preprocess(
    filled,
    z
      .string()
      .regex(/^postgres(ql)?:\/\//, "must start with postgresql://")
      .optional(),
  ),
  AUTH_URL: z.preprocess(filled, z.url({ protocol: /^https?$/, error: "must be the site's address" }).optional()),
  MAIL_URL: z.preprocess(
    filled,
    z
      .string()
      .regex(/^smtps?:\/\/./, "must start with smtp:// or smtps://")
      .optional(),
  ),
  MAIL_FROM: z.preprocess(
    filled,
    z
      .string()
      .regex(/^([^<>@\r\n]+<)?[^<>@\s]+@[^<>@\s]+>?$/, "must be an address, or look like Name <address>")
      .optional(),
  ),
  AUTH_SECRET: secret,
  LOOKUP_SECRET: secret,
  VAULT_SECRETS: z.preprocess(
    filled,
    z
      .string()
      .regex(/^\d+:[^,:\s]{32,}(,\d+:[^,:\s]{32,})*$/, {
        error: "must look like 1:<32 or more characters>",
        abort: true,
      })
      // A sealed key has one byte for its version.
      .refine((list) => [...byVersion(list).keys()].every((version) => version >= 1 && version <= 255), {
        error: "must have versions from 1 to 255",
      })
      .optional(),
  ),
  TRUSTED_PROXIES: z.preprocess(filled, z.coerce.number().int().min(0).max(10).default(0)),
  BRAND_OWNER: optional,
  LOG_LEVEL: z.preprocess(filled, z.enum(["fatal", "error", "warn", "info", "debug", "trace", "silent"]).optional()),
});

/** Every setting the portal reads, by name: `.env.example` must list exactly these. */
export const settingNames = Object.keys(settings.shape).filter((name) => name !== "NODE_ENV");

type Source = Record<string, string | undefined>;

/**
 * The server's settings, read once. Outside of production missing secrets are generated into `DATA_DIR`.
 * @throws ConfigurationError listing everything that is missing or wrong.
 */
export function env(): Env {
  const cache = globalThis as { portalEnv?: Env };
  return (cache.portalEnv ??= readEnv(process.env));
}

/**
 * Makes `mode` this process's mode and that of the processes it starts, whatever APP_MODE says: `npm run demo` is a demo.
 * @throws ConfigurationError as {@link env}
 */
export function enterMode(mode: AppMode): Env {
  process.env.APP_MODE = mode;
  return env();
}

/** For the build, which this process starts: its own environment, without the framework's telemetry. */
export const buildEnvironment = () => ({
  ...process.env,
  NODE_ENV: "production" as const,
  APP_MODE: "production",
  NEXT_TELEMETRY_DISABLED: "1",
});

/** Sets what `next start` and `next dev` set for the framework, and a custom server has to set itself (Next 16.4.6). */
export function setFrameworkEnvironment({ dev, port }: { dev: boolean; port: number }): void {
  Object.assign(process.env, {
    NODE_ENV: dev ? "development" : "production",
    NEXT_TELEMETRY_DISABLED: "1",
    // Where the framework asks for the page an action redirects to. Without it, it asks the public address.
    __NEXT_PRIVATE_ORIGIN: `http://127.0.0.1:${port}`,
  });
}

/** Whether this process is an npm script, with npm and a shell above it. */
export const isStartedByNpm = (): boolean => process.env.npm_lifecycle_event !== undefined;

/**
 * A command's settings: nothing but `DATA_DIR` or `DATABASE_URL` is needed. Without `LOOKUP_SECRET` the secret
 * that the server generated in `DATA_DIR` is used; the database refuses a secret it was not made with.
 * @throws ConfigurationError when one of the settings is wrong, or `DATA_DIR` cannot be used
 */
export function commandEnv(source: Source = process.env): CommandEnv {
  const read = settings.safeParse(source);
  if (!read.success) throw new ConfigurationError(read.error.issues.map(problemOf));
  const { DATA_DIR, DATABASE_URL, LOG_LEVEL = "warn", LOOKUP_SECRET } = read.data;
  const dataDir = resolve(DATA_DIR);
  // Keys issued into a database made by mistake would be keys the portal does not know.
  if (!source.DATA_DIR && !DATABASE_URL && !existsSync(join(dataDir, "postgres"))) {
    throw new ConfigurationError([`DATA_DIR or DATABASE_URL is missing, and there is no database in ${dataDir}`]);
  }
  return {
    dataDir,
    databaseUrl: DATABASE_URL,
    logLevel: LOG_LEVEL,
    lookupSecret: LOOKUP_SECRET ?? readSecretsFile(dataDir).LOOKUP_SECRET,
  };
}

/** {@link env} from a given source, uncached. */
export function readEnv(source: Source): Env {
  const mode = source.APP_MODE || (source.NODE_ENV === "development" ? "development" : "production");
  const read = settings.safeParse(source);
  const problems = [
    ...(read.success ? [] : read.error.issues.map(problemOf)),
    ...(mode === "production" ? missingInProduction(source) : []),
    ...(source.AUTH_URL?.startsWith("http:") ? plainHttpProblems(source.AUTH_URL, mode) : []),
  ];
  if (!read.success || problems.length > 0) throw new ConfigurationError(problems);

  const { data } = read;
  const dataDir = resolve(data.DATA_DIR);
  const kept = mode === "production" ? undefined : readSecretsFile(dataDir);
  const authUrl = new URL(data.AUTH_URL ?? `http://localhost:${data.PORT}`);
  return {
    mode: mode as AppMode,
    port: data.PORT,
    dataDir,
    databaseUrl: data.DATABASE_URL,
    authUrl: authUrl.origin,
    secure: authUrl.protocol === "https:",
    trustedProxies: data.TRUSTED_PROXIES,
    mailUrl: data.MAIL_URL,
    mailFrom: data.MAIL_FROM ?? `no-reply@${authUrl.hostname}`,
    showsMails: mode !== "production" && data.MAIL_URL === undefined,
    brandOwner: data.BRAND_OWNER,
    // A demo's terminal shows its table of keys, not every request.
    logLevel: data.LOG_LEVEL ?? (mode === "demo" ? "warn" : "info"),
    secrets: {
      auth: data.AUTH_SECRET ?? kept!.AUTH_SECRET,
      lookup: data.LOOKUP_SECRET ?? kept!.LOOKUP_SECRET,
      vault: byVersion(data.VAULT_SECRETS ?? kept!.VAULT_SECRETS),
    },
  };
}

const problemOf = ({ path, message }: z.core.$ZodIssue) => `${path.join(".")} ${message}`;

const neededInProduction: Partial<Record<keyof typeof settings.shape, string>> = {
  AUTH_URL: "the site's public address, for example https://my.example.com",
  AUTH_SECRET: "32 or more random characters",
  LOOKUP_SECRET: "32 or more random characters; it can never be changed afterwards",
  VAULT_SECRETS: "1:<32 or more random characters>",
  MAIL_URL: "the SMTP server for account mails, for example smtps://user:password@mail.example.com",
};

function missingInProduction(source: Source): string[] {
  return Object.entries(neededInProduction)
    .filter(([name]) => filled(source[name]) === undefined)
    .map(([name, what]) => `${name} is missing: ${what}`);
}

/** Without https anybody on the way could take a session; only a loopback address has nobody on the way. */
function plainHttpProblems(authUrl: string, mode: string): string[] {
  if (mode === "production") return ["AUTH_URL must start with https://"];
  const isLoopback = /^http:\/\/(localhost|127\.0\.0\.1|\[::1\])(:\d+)?\/?$/.test(authUrl);
  return isLoopback ? [] : ["AUTH_URL must start with https://, or name this machine, like http://localhost:3000"];
}

function byVersion(list: string): ReadonlyMap<number, string> {
  return new Map(list.split(",").map((entry) => [Number(entry.split(":")[0]), entry.slice(entry.indexOf(":") + 1)]));
}
