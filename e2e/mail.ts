import { readFile, readdir } from "node:fs/promises";
import { join } from "node:path";
import type { MailKind } from "@/lib/jobs/outbox";

/**
 * An email as the server writes it to a file when it sends none. `at` is when the reported change happened, ISO 8601.
 */
export type Mail = {
  id: string;
  kind: MailKind;
  to: string;
  from: string;
  subject: string;
  text: string;
  html: string;
  messageId: string;
  unsubscribe: { url: string } | null;
  at: string;
};

/** `link`: the first link of its text. `code`: its six-digit code, if any. */
export type ReceivedMail = Mail & { link: string; code: string | undefined };

/** Lists the emails of a folder to an address, oldest first. */
export async function mailsTo(folder: string, email: string): Promise<Mail[]> {
  const wanted = email.toLowerCase();
  return (await allMails(folder)).filter(({ to }) => to.toLowerCase() === wanted);
}

/** Lists the emails of a folder, oldest first. */
export async function allMails(folder: string): Promise<Mail[]> {
  const names = await readdir(folder).catch(() => []);
  const mails = await Promise.all(
    names
      .filter((name) => name.endsWith(".json"))
      .map(async (name) => JSON.parse(await readFile(join(folder, name), "utf8")) as Mail),
  );
  return mails.sort((a, b) => a.at.localeCompare(b.at));
}

export function linkIn({ text }: Mail): string {
  const link = /https?:\/\/\S+/.exec(text)?.[0];
  if (!link) throw new Error(`There is no link in:\n${text}`);
  return link;
}

export const codeIn = ({ text }: Mail): string | undefined => /(?<!\S)\d{6}(?!\S)/.exec(text)?.[0];
