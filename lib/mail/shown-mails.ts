import "server-only";
import { env } from "@/lib/env";
import { readKeptMails, type KeptMail } from "@/lib/mail/mail-files";

/** The mails of this machine, newest first; null where mails are sent, and in production. */
export async function shownMails(): Promise<KeptMail[] | null> {
  const { showsMails, dataDir } = env();
  return showsMails ? (await readKeptMails(dataDir)).reverse() : null;
}

/** One of them. */
export const shownMail = async (id: string): Promise<KeptMail | null> =>
  (await shownMails())?.find((mail) => mail.id === id) ?? null;
