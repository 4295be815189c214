import "server-only";
import { randomBytes } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { z } from "zod";

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
  /** Absolute path; holds the embedded database, and outside of production the secrets and demo keys. */
  dataDir: string;
  /** Not set: the embedded PostgreSQL in `dataDir`. */
  databaseUrl: string | undefined;
  /** Origin of the site, no trailing slash; every absolute link and redirect is built from it. */
  authUrl: string;
  /** Number of reverse proxies in front whose X-Forwarded-For entries are believed. */
  trustedProxies: number;
  brandOwner: string | undefined;
  logLevel: string;
  secrets: Secrets;
};

/** What a command needs: where the database is, and the secret that makes look-up digests. */
export type CommandEnv = Pick<Env, "dataDir" | "databaseUrl" | "logLevel"> & { lookupSecret: string };

/** The settings are incomplete or wrong. `problems` lists everything at once, a line each, for the operator. */
export class ConfigurationError extends Error {
  constructor(readonly problems: string[]) {
    super(`The configuration is not complete:\n${problems.map((problem) => `  - ${problem}`).join("\n")}`);
    this.name = "ConfigurationError";
  }
}

const filled = (value: unknown) => (value === "" ? undefined : value);
const optional = z.preprocess(filled, z.string().optional());
const secret = z.preprocess(filled, z.string().min(32, "must have at least 32 characters").optional());

const settings = z.object({
  NODE_ENV: optional,
  APP_MODE: z.preprocess(filled, z.enum(["production", "demo", "development", "test"]).optional()),
  PORT: z.preprocess(filled, z.coerce.number().int().min(0).max(65535).default(3000)),
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
  AUTH_SECRET: secret,
  LOOKUP_SECRET: secret,
  VAULT_SECRETS: z.preprocess(
    filled,
    z
      .string()
      .regex(/^\d+:[^,:\s]{32,}(,\d+:[^,:\s]{32,})*$/, "must look like 1:<32 or more characters>")
      .optional(),
  ),
  TRUSTED_PROXIES: z.preprocess(filled, z.coerce.number().int().min(0).max(10).default(0)),
  BRAND_OWNER: optional,
  LOG_LEVEL: z.preprocess(
    filled,
    z.enum(["fatal", "error", "warn", "info", "debug", "trace", "silent"]).default("info"),
  ),
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
 * A command's settings: nothing but `DATA_DIR` or `DATABASE_URL` is needed. Without `LOOKUP_SECRET` the secret
 * that the server generated in `DATA_DIR` is used; the database refuses a secret it was not made with.
 */
export function commandEnv(source: Source = process.env): CommandEnv {
  const read = parse(source);
  const dataDir = resolve(read.DATA_DIR);
  return {
    dataDir,
    databaseUrl: read.DATABASE_URL,
    logLevel: read.LOG_LEVEL,
    lookupSecret: read.LOOKUP_SECRET ?? keptSecrets(dataDir).LOOKUP_SECRET,
  };
}

/** {@link env} from a given source, uncached. */
export function readEnv(source: Source): Env {
  const read = parse(source);
  const mode = read.APP_MODE ?? (read.NODE_ENV === "development" ? "development" : "production");
  const dataDir = resolve(read.DATA_DIR);

  if (mode === "production") refuseUnconfigured(read);
  const kept = mode === "production" ? undefined : keptSecrets(dataDir);

  return {
    mode,
    dataDir,
    databaseUrl: read.DATABASE_URL,
    authUrl: new URL(read.AUTH_URL ?? `http://localhost:${read.PORT}`).origin,
    trustedProxies: read.TRUSTED_PROXIES,
    brandOwner: read.BRAND_OWNER,
    logLevel: read.LOG_LEVEL,
    secrets: {
      auth: read.AUTH_SECRET ?? kept!.AUTH_SECRET,
      lookup: read.LOOKUP_SECRET ?? kept!.LOOKUP_SECRET,
      vault: byVersion(read.VAULT_SECRETS ?? kept!.VAULT_SECRETS),
    },
  };
}

function parse(source: Source): z.infer<typeof settings> {
  const read = settings.safeParse(source);
  if (!read.success)
    throw new ConfigurationError(read.error.issues.map((issue) => `${issue.path.join(".")} ${issue.message}`));
  return read.data;
}

function refuseUnconfigured(read: z.infer<typeof settings>): void {
  const problems: string[] = [];
  const need = (name: keyof typeof read, what: string) => {
    if (read[name] === undefined) problems.push(`${name} is missing: ${what}`);
  };
  need("AUTH_URL", "the site's public address, for example https://my.example.com");
  if (read.AUTH_URL && !read.AUTH_URL.startsWith("https://")) problems.push("AUTH_URL must start with https://");
  need("AUTH_SECRET", "32 or more random characters");
  need("LOOKUP_SECRET", "32 or more random characters; it can never be changed afterwards");
  need("VAULT_SECRETS", "1:<32 or more random characters>");
  need("MAIL_URL", "the SMTP server for account mails, for example smtps://user:password@mail.example.com");
  if (problems.length > 0) throw new ConfigurationError(problems);
}

const keptNames = ["AUTH_SECRET", "LOOKUP_SECRET", "VAULT_SECRETS"] as const;
type KeptSecrets = Record<(typeof keptNames)[number], string>;

/** Reads, or makes on first use, `DATA_DIR/secrets.json` (0600). Two processes starting at once end with the same file. */
function keptSecrets(dataDir: string): KeptSecrets {
  const file = join(dataDir, "secrets.json");
  const fresh = (): KeptSecrets => {
    const random = () => randomBytes(32).toString("base64url");
    return { AUTH_SECRET: random(), LOOKUP_SECRET: random(), VAULT_SECRETS: `1:${random()}` };
  };
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  try {
    writeFileSync(file, JSON.stringify(fresh(), null, 2) + "\n", { mode: 0o600, flag: "wx" });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  }
  return JSON.parse(readFileSync(file, "utf8")) as KeptSecrets;
}

function byVersion(list: string): ReadonlyMap<number, string> {
  return new Map(list.split(",").map((entry) => [Number(entry.split(":")[0]), entry.slice(entry.indexOf(":") + 1)]));
}
