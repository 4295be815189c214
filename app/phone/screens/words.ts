import { getMessages } from "next-intl/server";
import type en from "@/lib/messages/en.json";
import type { KeyWords } from "@/lib/messages/key-words";

/** The app's words, as templates that the browser fills in. */
export type PhoneWords = (typeof en)["phone"] & { answer: KeyWords };

/** The app's words in the language of the request. */
export async function phoneWords(): Promise<PhoneWords> {
  const { phone, key } = await getMessages();
  return { ...phone, answer: key.answer };
}
