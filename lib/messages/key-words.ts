import { getMessages } from "next-intl/server";
import type en from "./en.json";

/** The messages of the product-key field. They are templates: the browser fills in `{count}` and the like. */
export type KeyWords = (typeof en)["key"]["answer"];

/** The field's messages in the request's language. A page passes them to the product-key field as a prop. */
export async function keyWords(): Promise<KeyWords> {
  return (await getMessages()).key.answer;
}
