/**
 * Reads what a client of PostgreSQL sends on one connection without TLS (PostgreSQL documentation, "Message Formats"),
 * and calls `found` with the SQL of each statement that is executed, BEGIN and COMMIT included.
 * @returns the function to give each chunk to
 */
export function readStatements(found: (sql: string) => void): (chunk: Buffer) => void {
  const prepared = new Map<string, string>();
  let rest: Buffer = Buffer.alloc(0);
  // Only the first message has no type byte.
  let started = false;
  return (chunk) => {
    rest = Buffer.concat([rest, chunk]);
    for (;;) {
      const typed = Number(started);
      if (rest.length < typed + 4) return;
      const end = typed + rest.readInt32BE(typed);
      if (rest.length < end) return;
      const [first = "", second = ""] = rest.toString("utf8", typed + 4, end).split("\0");
      const type = started ? String.fromCharCode(rest[0]!) : "";
      started = true;
      rest = rest.subarray(end);
      if (type === "Q") found(first);
      if (type === "P") prepared.set(first, second);
      // Every Bind is followed by one Execute. Its second name is the prepared statement's.
      if (type === "B") found(prepared.get(second) ?? "");
    }
  };
}
