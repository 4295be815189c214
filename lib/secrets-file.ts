import "server-only";
import { randomBytes } from "node:crypto";
import { existsSync, linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { ConfigurationError } from "@/lib/configuration-error";

const keptSecretsShape = z.object({ AUTH_SECRET: z.string(), LOOKUP_SECRET: z.string(), VAULT_SECRETS: z.string() });
type KeptSecrets = z.infer<typeof keptSecretsShape>;

/**
 * Reads `DATA_DIR/secrets.json` (mode 0600) and creates it on first use. Two processes that start at once get the same
 * file.
 */
export function readSecretsFile(dataDir: string): KeptSecrets {
  const file = join(dataDir, "secrets.json");
  try {
    mkdirSync(dataDir, { recursive: true, mode: 0o700 });
    if (!existsSync(file)) writeSecrets(file);
    return keptSecretsShape.parse(JSON.parse(readFileSync(file, "utf8")));
  } catch (error) {
    const reason = (error as NodeJS.ErrnoException).code ?? "it does not hold the secrets";
    throw new ConfigurationError([`DATA_DIR cannot be used: ${file} (${reason})`]);
  }
}

/**
 * Writes a draft first, so that nobody reads half a file. Linking it never replaces a file that another process made.
 */
function writeSecrets(file: string): void {
  const random = () => randomBytes(32).toString("base64url");
  const fresh: KeptSecrets = { AUTH_SECRET: random(), LOOKUP_SECRET: random(), VAULT_SECRETS: `1:${random()}` };
  const draft = `${file}.${process.pid}`;
  writeFileSync(draft, JSON.stringify(fresh, null, 2) + "\n", { mode: 0o600 });
  try {
    linkSync(draft, file);
  } catch (error) {
    // Some mounted file systems have no hard links.
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") renameSync(draft, file);
  } finally {
    rmSync(draft, { force: true });
  }
}
