import { z } from "zod";

/** The page that lists them. */
export const list = "/home/account/passkeys";

/** Of no passkey. */
const none = "00000000-0000-0000-0000-000000000000";

/** Which passkey an address or a form names, and its page; what names none is as if it named one that does not exist. */
export function pathOf(named: unknown): { id: string; path: string } {
  const id = z.uuid().safeParse(named).data ?? none;
  return { id, path: `${list}/${id}` };
}

/** Where the page of a passkey that is not there leads. @param again see requireSender */
export const missing = (again: string | undefined) => `${list}?${again === "account" ? "again=account" : "done=gone"}`;
