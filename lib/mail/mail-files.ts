import "server-only";
import { mkdir, readFile, readdir, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { mailKinds } from "@/lib/jobs/outbox";
import type { Letter } from "@/lib/mail/letter";

const shape = z.object({
  id: z.uuid(),
  kind: z.enum(mailKinds),
  to: z.string(),
  from: z.string(),
  subject: z.string(),
  text: z.string(),
  html: z.string(),
  messageId: z.string(),
  at: z.coerce.date(),
});

/** An email written to a file instead of being sent. */
export type KeptMail = z.infer<typeof shape>;

const folderOf = (dataDir: string) => join(dataDir, "mail");

/**
 * Writes an email to `DATA_DIR/mail`, one JSON file each (0600). It is renamed into place, so nobody reads half of it.
 */
export async function keepAsFile({ locale: _locale, from, ...letter }: Letter, dataDir: string): Promise<void> {
  const folder = folderOf(dataDir);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const file = join(folder, `${letter.id}.json`);
  const draft = `${file}.${process.pid}`;
  const sender = from.name ? `${from.name} <${from.address}>` : from.address;
  await writeFile(draft, JSON.stringify({ ...letter, from: sender } satisfies KeptMail, null, 2) + "\n", {
    mode: 0o600,
  });
  await rename(draft, file);
}

/** Reads all emails written to files, oldest first. */
export async function readKeptMails(dataDir: string): Promise<KeptMail[]> {
  const folder = folderOf(dataDir);
  const names = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return [];
    throw error;
  });
  const mails = names.filter((name) => name.endsWith(".json")).map((name) => readMail(join(folder, name)));
  return (await Promise.all(mails)).sort((a, b) => a.at.getTime() - b.at.getTime());
}

const readMail = async (file: string): Promise<KeptMail> => shape.parse(JSON.parse(await readFile(file, "utf8")));
