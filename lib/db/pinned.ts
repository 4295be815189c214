import "server-only";

/** Settings that the portal's statements rely on, whatever the database or its roles have as defaults. */
const pins = ["datestyle=ISO", "default_transaction_isolation=read\\ committed", "timezone=UTC"];

/** A PostgreSQL URL whose connections have the settings the portal relies on. Its own options stay. */
export function pinned(databaseUrl: string): string {
  const url = new URL(databaseUrl);
  const options = [url.searchParams.get("options"), ...pins.map((pin) => `-c ${pin}`)].filter(Boolean).join(" ");
  // A form encodes a space as +, which some parsers of connection strings do not read.
  url.searchParams.delete("options");
  const query = `options=${encodeURIComponent(options)}`;
  url.search = url.search ? `${url.search}&${query}` : query;
  return url.href;
}
