import "server-only";
import { createHmac } from "node:crypto";
import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { deflateRawSync } from "node:zlib";
import { z } from "zod";
import { readAppClients, referencePhone, type AppClient } from "@/lib/app-clients";
import { ConfigurationError } from "@/lib/configuration-error";
import { readNetwork, type Network, type TrustedProxies } from "@/lib/trusted-proxies";
import { readSecretsFile } from "@/lib/secrets-file";

z.config({ jitless: true });

export type AppMode = "production" | "demo" | "development" | "test";

export type Secrets = {
  /** next-auth's secret. The key of the sealed cookies derives from it. */
  auth: string;
  /** HMAC key of the product keys' look-up digests. It can never change: the keys themselves are not stored. */
  lookup: string;
  /** Secrets that seal redeemed keys, by version. The highest version seals, every version opens. */
  vault: ReadonlyMap<number, string>;
};

export type Env = {
  mode: AppMode;
  /** The port the server listens on. Outside production it listens on loopback only. */
  port: number;
  /** Absolute path of the embedded database and, outside production, of the secrets, demo keys and emails. */
  dataDir: string;
  /** Undefined: use the embedded PostgreSQL in `dataDir`. */
  databaseUrl: string | undefined;
  /** Origin of the site, without a trailing slash. Every absolute link and redirect starts with it. */
  authUrl: string;
  /** Whether the site uses https. Plain http is allowed only on loopback, outside production. */
  secure: boolean;
  /** Network interface to listen on, in production. Undefined means all. */
  host: string | undefined;
  /** Where metrics are served. Undefined: nowhere, and nothing is counted. */
  metrics: { host: string; port: number } | undefined;
  /** Whether traces are exported, as OpenTelemetry's own variables say. */
  traces: boolean;
  /** The reverse proxies in front, whose X-Forwarded-For entries are trusted. */
  trustedProxies: TrustedProxies;
  /** SMTP server. Undefined, which production refuses: emails become files in `dataDir`. */
  mailUrl: string | undefined;
  /** Sender of all emails. The name may be empty. */
  mailFrom: Sender;
  /** Whether everybody who can reach the site may read the emails, at /dev/mail. Never in production. */
  showsMails: boolean;
  brandOwner: string | undefined;
  /** Pages of the site's owner, elsewhere. */
  links: { support: string | undefined; privacy: string | undefined; terms: string | undefined };
  /** The apps that people can sign in to. */
  appClients: AppClient[];
  /** The apps that open the links of hand-offs: Apple's app ids, and Android's packages. */
  linkedApps: { ios: string[]; android: AndroidApp[] };
  logLevel: string;
  secrets: Secrets;
};

/** `fingerprint`: the SHA-256 of the certificate that signs it, in upper case with colons. */
export type AndroidApp = { package: string; fingerprint: string };

export type Sender = { name: string; address: string };

/** The settings of a command: where the database is, and the secret of the look-up digests. */
export type CommandEnv = Pick<Env, "dataDir" | "databaseUrl" | "logLevel"> & {
  lookupSecret: string;
  /** The file that the secrets are from. Undefined: LOOKUP_SECRET is set. */
  secretsFile: string | undefined;
  /** The vault secrets by version, for the few commands that seal. Undefined: VAULT_SECRETS is not set, and there is no file. */
  vaultSecrets: ReadonlyMap<number, string> | undefined;
};

const filled = (value: unknown) => (value === "" ? undefined : value);
const optional = z.preprocess(filled, z.string().optional());
const wholeNumber = (least: number, most: number, error: string) =>
  z.coerce.number({ error }).int({ error }).min(least, { error }).max(most, { error });
const secret = z.preprocess(
  filled,
  z
    .string()
    .min(32, { error: "must have at least 32 characters", abort: true })
    .refine(isRandom, "is not random: make it with `openssl rand -base64 32`")
    .optional(),
);

/** Repetition makes a secret short, whatever its length. 32 random characters never compress below 24 bytes. */
function isRandom(text: string): boolean {
  return deflateRawSync(text).length >= 24;
}

const link = z.preprocess(
  filled,
  z.url({ protocol: /^(https?|mailto)$/, error: "must be a URL, for example https://example.com/help" }).optional(),
);

/**
 * The URL of a server, with a password. A password that is not percent-encoded ends such a URL early, so that a part of
 * it would become a host or a path, and reach the log.
 */
const serverUrl = (scheme: RegExp, start: string) =>
  z.preprocess(
    filled,
    z
      .string()
      .regex(scheme, { error: `must start with ${start}`, abort: true })
      .refine(isWholeUrl, {
        error: "cannot be read: write each special character of the password as %, for example # as %23 and / as %2F",
      })
      .optional(),
  );

function isWholeUrl(text: string): boolean {
  const url = URL.parse(text);
  if (!url || url.hash || `${url.pathname}${url.search}`.includes("@")) return false;
  try {
    decodeURIComponent(url.username + url.password + url.pathname);
    return true;
  } catch {
    return false;
  }
}

/**
 * Reads `address` or `Name <address>`. Any other character of the name stands for itself: it is never a list or a group
 * of addresses (RFC 5322, 3.4).
 */
function senderOf(text: string): Sender | null {
  const read = /^(?:"?(?<name>[^<>"\r\n]*?)"? *<(?<inner>[^>]+)>|(?<bare>.+))$/.exec(text.trim());
  const address = read?.groups?.inner ?? read?.groups?.bare ?? "";
  return /^[^\s@<>(),:;"[\]\\]+@[^\s@<>(),:;"[\]\\]+$/.test(address)
    ? { name: read?.groups?.name ?? "", address }
    : null;
}

const settings = z.object({
  NODE_ENV: optional,
  APP_MODE: z.preprocess(filled, z.enum(["production", "demo", "development", "test"]).optional()),
  PORT: z.preprocess(filled, wholeNumber(1, 65_535, "must be a port, from 1 to 65535").default(3000)),
  DATA_DIR: z.preprocess(filled, z.string().default(".data")),
  DATABASE_URL: serverUrl(/^postgres(ql)?:\/\//, "postgresql://"),
  AUTH_URL: z.preprocess(
    filled,
    z
      .url({ protocol: /^https?$/, error: "must be a URL, for example https://my.example.com", abort: true })
      .refine(isOrigin, "must be a scheme and a host only, for example https://my.example.com")
      .optional(),
  ),
  MAIL_URL: serverUrl(/^smtps?:\/\/./, "smtp:// or smtps://"),
  MAIL_FROM: z.preprocess(
    filled,
    z
      .string()
      .transform(senderOf)
      .refine((sender) => sender !== null, "must be an email address, or look like Name <address>")
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
      // A sealed key stores its version in one byte.
      .refine((list) => versionsOf(list).every(([version]) => version >= 1 && version <= 255), {
        error: "must have versions from 1 to 255",
      })
      .refine((list) => byVersion(list).size === versionsOf(list).length, { error: "has one version twice" })
      .refine((list) => versionsOf(list).every(([, text]) => isRandom(text)), {
        error: "has a secret that is not random: make it with `openssl rand -base64 32`",
      })
      .optional(),
  ),
  HOST: z.preprocess(
    filled,
    z.union([z.ipv4(), z.ipv6()], { error: "must be an IP address of this machine" }).optional(),
  ),
  TRUSTED_PROXIES: z.preprocess(filled, wholeNumber(0, 10, "must be a number of proxies, from 0 to 10").default(0)),
  TRUSTED_PROXY_ADDRESSES: z.preprocess(
    filled,
    z
      .string()
      .default("127.0.0.0/8,::1/128,10.0.0.0/8,172.16.0.0/12,192.168.0.0/16,169.254.0.0/16,fc00::/7,fe80::/10")
      .transform((list) => list.split(",").map((entry) => readNetwork(entry.trim())))
      .refine((networks) => networks.every((network) => network !== null), {
        error: "must be IP addresses or networks with commas between them, for example 10.0.0.0/8,192.0.2.7",
      }),
  ),
  METRICS_PORT: z.preprocess(
    filled,
    z
      .string()
      .regex(/^([\w.:[\]]+:)?\d{1,5}$/, "must be a port, or an address and a port such as 0.0.0.0:9464")
      .optional(),
  ),
  OTEL_EXPORTER_OTLP_ENDPOINT: z.preprocess(filled, z.url({ error: "must be a URL" }).optional()),
  APP_CLIENTS: z.preprocess(
    filled,
    z
      .string()
      .default("[]")
      .transform((text, context) => {
        const read = readAppClients(text);
        if ("clients" in read) return read.clients;
        context.addIssue({ code: "custom", message: read.problem });
        return z.NEVER;
      }),
  ),
  REFERENCE_PHONE: z.preprocess(filled, z.enum(["on", "off"], { error: "must be on or off" }).default("on")),
  IOS_APP_IDS: z.preprocess(
    filled,
    z
      .string()
      .default("")
      .transform(listOf)
      .refine((ids) => ids.every((id) => /^[A-Z0-9]{10}(\.[A-Za-z0-9-]+)+$/.test(id)), {
        error: "must be app ids with commas between them, for example ABCDE12345.com.example.app",
      }),
  ),
  ANDROID_APPS: z.preprocess(
    filled,
    z
      .string()
      .default("")
      .transform((list) => listOf(list).map(readAndroidApp))
      .refine((apps) => apps.every((app) => app !== null), {
        error: "must be packages with the SHA-256 of their certificate, for example com.example.app=14:6D:E9:…",
      }),
  ),
  BRAND_OWNER: optional,
  SUPPORT_URL: link,
  PRIVACY_URL: link,
  TERMS_URL: link,
  LOG_LEVEL: z.preprocess(filled, z.enum(["fatal", "error", "warn", "info", "debug", "trace", "silent"]).optional()),
});

function listOf(text: string): string[] {
  return text
    .split(",")
    .map((entry) => entry.trim())
    .filter((entry) => entry !== "");
}

/** Reads `package=fingerprint`. A package that is signed by two certificates stands twice in the list. */
function readAndroidApp(text: string): AndroidApp | null {
  const [, name, fingerprint] = /^([A-Za-z]\w*(?:\.[A-Za-z]\w*)+)=((?:[0-9A-F]{2}:){31}[0-9A-F]{2})$/.exec(text) ?? [];
  return name && fingerprint ? { package: name, fingerprint } : null;
}

/** The names of all settings. `.env.example` must list exactly these. */
export const settingNames = Object.keys(settings.shape).filter((name) => name !== "NODE_ENV");

type Source = Record<string, string | undefined>;

/**
 * The server's settings, read once. Outside production, missing secrets are generated into `DATA_DIR`.
 * @throws ConfigurationError that lists every missing or wrong setting
 */
export function env(): Env {
  const cache = globalThis as { portalEnv?: Env };
  return (cache.portalEnv ??= readEnv(process.env));
}

/**
 * Sets the mode of this process and its children, whatever APP_MODE says. So `npm run demo` is always a demo.
 * @throws ConfigurationError like {@link env}
 */
export function enterMode(mode: AppMode): Env {
  process.env.APP_MODE = mode;
  return env();
}

/** The environment for a child process that runs the build: this process's own, without Next.js telemetry. */
export const buildEnvironment = () => ({
  ...process.env,
  NODE_ENV: "production" as const,
  APP_MODE: "production",
  NEXT_TELEMETRY_DISABLED: "1",
});

/** Sets what `next start` and `next dev` set themselves and a custom server must set for Next.js (16.4.6). */
export function setFrameworkEnvironment({ dev, port }: { dev: boolean; port: number }): void {
  const actionKey = createHmac("sha256", env().secrets.auth).update("values bound to server actions").digest("base64");
  Object.assign(process.env, {
    NEXT_SERVER_ACTIONS_ENCRYPTION_KEY: actionKey,
    NODE_ENV: dev ? "development" : "production",
    NEXT_TELEMETRY_DISABLED: "1",
    // Where Next.js fetches the page that an action redirects to. Without it, Next.js would fetch the public address.
    __NEXT_PRIVATE_ORIGIN: `http://127.0.0.1:${port}`,
  });
}

/** Whether npm started this process, so that npm and a shell are its parents. */
export const isStartedByNpm = (): boolean => process.env.npm_lifecycle_event !== undefined;

/**
 * A command's settings. It needs only `DATA_DIR` or `DATABASE_URL`. Without `LOOKUP_SECRET` it uses the secret that the
 * server generated in `DATA_DIR`. The database refuses any secret but the one it was created with.
 * @throws ConfigurationError when a setting is wrong or `DATA_DIR` cannot be used
 */
export function commandEnv(source: Source = process.env): CommandEnv {
  const read = settings.safeParse(source);
  if (!read.success) throw new ConfigurationError(read.error.issues.map(problemOf));
  const { DATA_DIR, DATABASE_URL, LOG_LEVEL = "warn", LOOKUP_SECRET } = read.data;
  const dataDir = resolve(DATA_DIR);
  // Never create a database by mistake: the portal would not know the keys issued into it.
  if (!source.DATA_DIR && !DATABASE_URL && !existsSync(join(dataDir, "postgres"))) {
    throw new ConfigurationError([`DATA_DIR or DATABASE_URL is missing, and there is no database in ${dataDir}`]);
  }
  const kept = LOOKUP_SECRET ? undefined : readSecretsFile(dataDir);
  const vault = read.data.VAULT_SECRETS ?? kept?.VAULT_SECRETS;
  return {
    dataDir,
    databaseUrl: DATABASE_URL,
    logLevel: LOG_LEVEL,
    lookupSecret: LOOKUP_SECRET ?? kept!.LOOKUP_SECRET,
    secretsFile: kept && join(dataDir, "secrets.json"),
    vaultSecrets: vault ? byVersion(vault) : undefined,
  };
}

/** Like {@link env}, from a given source and without the cache. */
export function readEnv(source: Source): Env {
  const mode = source.APP_MODE || (source.NODE_ENV === "development" ? "development" : "production");
  const read = settings.safeParse(source);
  const problems = [
    ...(read.success ? repeatedSecrets(read.data) : read.error.issues.map(problemOf)),
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
    host: mode === "production" ? data.HOST : undefined,
    metrics: metricsAt(data.METRICS_PORT),
    traces: data.OTEL_EXPORTER_OTLP_ENDPOINT !== undefined,
    trustedProxies: { count: data.TRUSTED_PROXIES, networks: data.TRUSTED_PROXY_ADDRESSES as Network[] },
    mailUrl: data.MAIL_URL,
    mailFrom: data.MAIL_FROM ?? { name: "", address: `no-reply@${authUrl.hostname}` },
    showsMails: mode !== "production" && data.MAIL_URL === undefined,
    appClients: [...data.APP_CLIENTS, ...(data.REFERENCE_PHONE === "on" ? [referencePhone(authUrl.origin)] : [])],
    linkedApps: { ios: data.IOS_APP_IDS, android: data.ANDROID_APPS as AndroidApp[] },
    brandOwner: data.BRAND_OWNER,
    links: { support: data.SUPPORT_URL, privacy: data.PRIVACY_URL, terms: data.TERMS_URL },
    // The demo's terminal shows its table of keys, not every request.
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
  TRUSTED_PROXIES: "the number of reverse proxies in front, for example 1; 0 only if clients connect directly",
  MAIL_URL: "the SMTP server for emails, for example smtps://user:password@mail.example.com",
};

function missingInProduction(source: Source): string[] {
  return Object.entries(neededInProduction)
    .filter(([name]) => filled(source[name]) === undefined)
    .map(([name, what]) => `${name} is missing: ${what}`);
}

/** Without https, anybody on the network path could steal a session. Only a loopback address has no such path. */
function plainHttpProblems(authUrl: string, mode: string): string[] {
  if (mode === "production") return ["AUTH_URL must start with https://"];
  const isLoopback = /^http:\/\/(localhost|127\.0\.0\.1|\[::1\])(:\d+)?\/?$/.test(authUrl);
  return isLoopback ? [] : ["AUTH_URL must start with https://, or name this machine, like http://localhost:3000"];
}

function versionsOf(list: string): [number, string][] {
  return list.split(",").map((entry) => [Number(entry.split(":")[0]), entry.slice(entry.indexOf(":") + 1)]);
}

const byVersion = (list: string): ReadonlyMap<number, string> => new Map(versionsOf(list));

function metricsAt(text: string | undefined): { host: string; port: number } | undefined {
  if (text === undefined) return undefined;
  const colon = text.lastIndexOf(":");
  const host = text.slice(0, Math.max(colon, 0)).replace(/^\[(.*)\]$/, "$1");
  return { host: host || "127.0.0.1", port: Number(text.slice(colon + 1)) };
}

/** Whoever learns a secret that is used twice opens both doors. */
function repeatedSecrets({ AUTH_SECRET, LOOKUP_SECRET, VAULT_SECRETS }: z.infer<typeof settings>): string[] {
  const vault = VAULT_SECRETS ? versionsOf(VAULT_SECRETS).map(([, text]) => text) : [];
  const all = [AUTH_SECRET, LOOKUP_SECRET, ...vault].filter(Boolean);
  return new Set(all).size === all.length ? [] : ["AUTH_SECRET, LOOKUP_SECRET and VAULT_SECRETS repeat one secret"];
}

/** Whether a URL has no credentials, path, query or fragment. */
function isOrigin(text: string): boolean {
  const { username, password, pathname, search, hash } = new URL(text);
  return `${username}${password}${search}${hash}` === "" && pathname === "/";
}
