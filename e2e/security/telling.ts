/**
 * Whether a text discloses enough of a product key to matter. Twenty symbols determine the other five, and the last
 * group may be shown. So a text may contain neither eight symbols in a row, whatever separates the groups, nor two of
 * the first four groups.
 * @param key in any spelling
 */
export function tellsKey(text: string, key: string): boolean {
  const canonical = key.replace(/[^0-9A-Z]/gi, "").toUpperCase();
  const groups = canonical.slice(0, 20).match(/.{5}/g)!;
  const runs = Array.from({ length: canonical.length - 7 }, (_, at) => canonical.slice(at, at + 8));
  return [text, text.replace(/<[^>]*>/g, ""), decoded(text)].some((spelling) => {
    const upper = spelling.toUpperCase();
    const symbols = upper.replace(/[^0-9A-Z]/g, "");
    return runs.some((run) => symbols.includes(run)) || groups.filter((group) => upper.includes(group)).length > 1;
  });
}

/** Spellings in which a secret may leak: plain, URL-encoded, JSON, base64 and hex. */
export function spellings(secret: string): string[] {
  const bytes = Buffer.from(secret);
  return [
    secret,
    encodeURIComponent(secret),
    JSON.stringify(secret).slice(1, -1),
    bytes.toString("base64").replace(/=+$/, ""),
    bytes.toString("base64url"),
    bytes.toString("hex"),
  ];
}

const decoded = (text: string): string => {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
};
