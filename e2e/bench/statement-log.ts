/** Separates the statements of a transaction. */
const SEPARATOR = "\u0000";

/**
 * Counts the statements and commits of one action.
 * @param transactions of several repetitions of an action; those seen in fewer than half of them are background work
 */
export function tally(transactions: readonly string[], times: number): { statements: number; commits: number } {
  const seen = new Map<string, number>();
  for (const one of transactions) seen.set(one, (seen.get(one) ?? 0) + 1);
  let [statements, commits] = [0, 0];
  for (const [transaction, count] of seen) {
    const perAction = Math.round(count / times);
    statements += perAction * transaction.split(SEPARATOR).length;
    if (/\b(INSERT INTO|UPDATE|DELETE FROM)\b/i.test(transaction.replace(/\bfor( no key)? update\b/gi, "")))
      commits += perAction;
  }
  return { statements, commits };
}

/**
 * Reads the transactions of PostgreSQL's log, each as the text of its statements, without BEGIN and COMMIT.
 * Transactions that were rolled back are left out.
 * @param log written with the prefix `%p %d %a|` and log_statement=all
 * @param whose database and application
 */
export function transactionsIn(log: string, whose: string): string[] {
  const transactions: string[] = [];
  const begun = new Map<string, string[]>();
  // Continuation lines of a statement begin with a tab.
  for (const [, backend = "", from, said = ""] of log
    .replaceAll("\n\t", " ")
    .matchAll(/^(\d+) (.*?)\|LOG: {2}(.*)$/gm)) {
    const statement = /^(?:statement|execute [^:]+): (.*)$/.exec(said)?.[1]?.replace(/\s+/g, " ").trim();
    if (from !== whose || !statement) continue;
    const inside = begun.get(backend);
    if (/^begin\b/i.test(statement)) begun.set(backend, []);
    else if (/^(commit|rollback)\b/i.test(statement)) {
      if (inside && inside.length > 0 && /^commit/i.test(statement)) transactions.push(inside.join(SEPARATOR));
      begun.delete(backend);
    } else if (inside) inside.push(statement);
    else transactions.push(statement);
  }
  return transactions;
}
