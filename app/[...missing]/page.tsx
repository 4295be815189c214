import { notFound } from "next/navigation";

/** Every other address: Next's own answer would be a static page without our nonce. */
export default function MissingPage(): never {
  notFound();
}
