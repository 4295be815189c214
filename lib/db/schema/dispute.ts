import "server-only";
import { sql } from "drizzle-orm";
import { bigint, char, check, index, pgTable, text, uniqueIndex, uuid } from "drizzle-orm/pg-core";
import { account } from "@/lib/db/schema/account";
import { instant } from "@/lib/db/schema/columns";
import { productKey } from "@/lib/db/schema/licence";

/** A person's claim to a key that another account uses, with what the receipt says, and support's answer. */
export const dispute = pgTable(
  "dispute",
  {
    id: uuid("id").primaryKey().defaultRandom(),
    /** Of the refusal that is disputed. It differs for each account, so it names one dispute. */
    caseCode: text("case_code").notNull(),
    accountId: uuid("account_id")
      .notNull()
      .references(() => account.id),
    keyId: bigint("key_id", { mode: "number" })
      .notNull()
      .references(() => productKey.id),
    shop: text("shop").notNull(),
    /** As the person wrote it. */
    boughtOn: text("bought_on").notNull(),
    /** The key's last group, as the receipt or the card has it. */
    lastGroup: char("last_group", { length: 5 }).notNull(),
    receipt: text("receipt").notNull().default(""),
    openedAt: instant("opened_at").notNull(),
    state: text("state").notNull().default("open"),
    answer: text("answer"),
    answeredAt: instant("answered_at"),
  },
  (t) => [
    uniqueIndex("dispute_once").on(t.accountId, t.caseCode),
    index("dispute_opened").on(t.openedAt),
    check("dispute_has_state", sql`${t.state} in ('open', 'answered')`),
    check(
      "dispute_answered",
      sql`(${t.state} = 'answered') = (${t.answer} is not null) and (${t.state} = 'answered') = (${t.answeredAt} is not null)`,
    ),
    check(
      "dispute_lengths",
      sql`length(${t.shop}) between 1 and 100 and length(${t.boughtOn}) between 1 and 40 and length(${t.receipt}) <= 2000
        and (${t.answer} is null or length(${t.answer}) between 1 and 4000)`,
    ),
  ],
);
