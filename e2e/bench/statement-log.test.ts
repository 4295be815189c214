import { expect, it } from "vitest";
import { tally, transactionsIn } from "./statement-log";

const log = `7 site portal|LOG:  statement: BEGIN
8 site portal|LOG:  execute <unnamed>: SELECT a
\tFROM b
8 site portal|DETAIL:  Parameters: $1 = 'INSERT INTO c'
7 site portal|LOG:  execute spend: UPDATE key SET a = 1
9 other portal|LOG:  statement: SELECT elsewhere
7 site portal|LOG:  statement: SELECT 1
7 site portal|LOG:  statement: COMMIT
8 site psql|LOG:  statement: SELECT somebody_else
8 site portal|LOG:  statement: BEGIN
8 site portal|LOG:  statement: INSERT INTO c
8 site portal|LOG:  statement: ROLLBACK
8 site portal|LOG:  statement: SELECT d FOR NO KEY UPDATE
`;

it("transactions are read per connection, for one database and application, without those rolled back", () => {
  expect(transactionsIn(log, "site portal")).toEqual([
    "SELECT a FROM b",
    "UPDATE key SET a = 1\u0000SELECT 1",
    "SELECT d FOR NO KEY UPDATE",
  ]);
});

it("an action's statements are counted, and a commit only where something was written", () => {
  const transactions = transactionsIn(log, "site portal");
  expect(tally(transactions, 1)).toEqual({ statements: 4, commits: 1 });
  expect(tally([...transactions, ...transactions, "INSERT INTO now_and_then"], 4)).toEqual({
    statements: 4,
    commits: 1,
  });
  expect(tally(["INSERT INTO now_and_then"], 4)).toEqual({ statements: 0, commits: 0 });
});
