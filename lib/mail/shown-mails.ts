import "server-only";
import { env } from "@/lib/env";
import { readKeptMails, type KeptMail } from "@/lib/mail/mail-files";

/** Lists the emails kept on this machine, newest first. Null in production and where emails are sent. */
export async function shownMails(): Promise<KeptMail[] | null> {
  const { showsMails, dataDir } = env();
  return showsMails ? (await readKeptMails(dataDir)).reverse() : null;
}

export const shownMail = async (id: string): Promise<KeptMail | null> =>
  (await shownMails())?.find((mail) => mail.id === id) ?? null;
