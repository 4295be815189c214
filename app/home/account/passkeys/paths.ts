import { z } from "zod";

/** The list of passkeys. */
export const list = "/home/account/passkeys";

/** An id that no passkey has. */
const none = "00000000-0000-0000-0000-000000000000";

/** The passkey that a URL or form names, and its page. A malformed id counts as one that does not exist. */
export function pathOf(named: unknown): { id: string; path: string } {
  const id = z.uuid().safeParse(named).data ?? none;
  return { id, path: `${list}/${id}` };
}

/** Where to go when a passkey does not exist. @param again `account` when the form was made for another account */
export const missing = (again: string | undefined) => `${list}?${again === "account" ? "again=account" : "done=gone"}`;
