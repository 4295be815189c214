import "server-only";
import { Client } from "pg";

type Counted<T> = {
  result: T;
  /** SQL texts in the order they were sent, without BEGIN, COMMIT and ROLLBACK. */
  statements: string[];
  /** COMMITs, plus each writing statement sent outside a transaction, which commits by itself. */
  commits: number;
};

const boundary = /^\s*(begin|start transaction|commit|end|rollback)\b/i;
const write = /\b(insert into|update|delete from|merge into)\b/i;
const rowLock = /\bfor (no key )?update\b/gi;

/**
 * Runs `work` and records every statement that any `pg` connection of this process sends meanwhile. Background work would
 * be counted too, so run nothing else at the same time.
 */
export async function countStatements<T>(work: () => Promise<T>): Promise<Counted<T>> {
  const { query } = Client.prototype;
  const statements: string[] = [];
  const inTransaction = new WeakSet<Client>();
  let commits = 0;

  function record(client: Client, text: string): void {
    const [, word] = boundary.exec(text) ?? [];
    if (!word) {
      statements.push(text);
      if (!inTransaction.has(client) && write.test(text.replace(rowLock, ""))) commits++;
    } else if (/^(begin|start)/i.test(word)) inTransaction.add(client);
    else {
      inTransaction.delete(client);
      if (!/^rollback/i.test(word)) commits++;
    }
  }

  Client.prototype.query = function (this: Client, ...args: [unknown, ...unknown[]]) {
    const [asked] = args;
    record(this, typeof asked === "string" ? asked : (asked as { text: string }).text);
    return Reflect.apply(query, this, args) as never;
  } as typeof query;
  try {
    return { result: await work(), statements, commits };
  } finally {
    Client.prototype.query = query;
  }
}
