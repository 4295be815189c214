/**
 * The token of an emailed link, without punctuation that a copied sentence left behind it. Other text matches no link.
 * @param given of the URL or the form
 */
export const readLinkToken = (given: unknown): string =>
  typeof given === "string" ? given.slice(0, 100).replace(/[^\w-]+$/, "") : "";
