import { getMessages } from "next-intl/server";
import type en from "./en.json";

/** Every answer to what was typed as a product key, as templates: the browser fills `{count}` and the like itself. */
export type KeyWords = (typeof en)["key"]["answer"];

/** The answers in the request's language, to be handed to the product-key field as a prop. */
export async function keyWords(): Promise<KeyWords> {
  return (await getMessages()).key.answer;
}
