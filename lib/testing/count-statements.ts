import "server-only";
import { Client } from "pg";

type Query = (this: Client, ...args: unknown[]) => unknown;

/**
 * Runs `work` and counts what it sends to the database from this process, over all connections.
 * @returns the statements in order, without BEGIN and COMMIT. `commits` are the transactions that wrote or were opened
 * explicitly: a single statement that changes rows commits by itself
 */
export async function countStatements<T>(
  work: () => Promise<T>,
): Promise<{ result: T; statements: string[]; commits: number }> {
  const prototype = Client.prototype as unknown as { query: Query };
  const original = prototype.query;
  const sent: string[] = [];
  prototype.query = function (this: Client, ...args: unknown[]) {
    const [first] = args as [string | { text?: string }];
    sent.push((typeof first === "string" ? first : (first.text ?? "")).trim());
    return original.apply(this, args);
  };
  try {
    const result = await work();
    const isFrame = (text: string) => /^(begin|commit|rollback)/i.test(text);
    const isOpen = sent.some((text) => /^begin/i.test(text));
    const writes = sent.filter((text) =>
      /\b(insert into|update|delete from)\b/i.test(text.replace(/for (no key )?update/gi, "")),
    );
    const commits = isOpen ? sent.filter((text) => /^commit/i.test(text)).length : writes.length;
    return { result, statements: sent.filter((text) => !isFrame(text)), commits };
  } finally {
    prototype.query = original;
  }
}
