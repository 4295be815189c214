import { getMessages } from "next-intl/server";
import { brand, products, type ProductCode } from "@/lib/brand";
import type en from "@/lib/messages/en.json";
import type { KeyWords } from "@/lib/messages/key-words";

/**
 * The app's words, as templates that the browser fills in, and the names of the brand. The app does not import them: a
 * module of lib/brand.ts would then be part of every page.
 */
export type PhoneWords = (typeof en)["phone"] & {
  answer: KeyWords;
  brand: { app: string; account: string; products: Record<ProductCode, string> };
};

/** The app's words in the language of the request. */
export async function phoneWords(): Promise<PhoneWords> {
  const { phone, key } = await getMessages();
  const names = Object.entries(products).map(([code, { name }]) => [code, name]);
  const { app, account } = brand;
  return { ...phone, answer: key.answer, brand: { app, account, products: Object.fromEntries(names) } };
}
