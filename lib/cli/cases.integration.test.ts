import { randomUUID } from "node:crypto";
import { eq } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { db } from "@/lib/db/client";
import { dispute } from "@/lib/db/schema/dispute";
import { mail } from "@/lib/db/schema/mail";
import { env } from "@/lib/env";
import { openDispute } from "@/lib/licence/disputes/open-dispute";
import { findDispute } from "@/lib/licence/disputes/list-disputes";
import { previewCode } from "@/lib/licence/leases/preview-code";
import { formatKey } from "@/lib/licence/product-key";
import { withTestDatabase } from "@/lib/testing/database";
import { makeAccount, makeCodes, makeKeys } from "@/lib/testing/factories";
import { makeHome, runPortal } from "@/lib/testing/portal-process";
import { redeemShown } from "@/lib/testing/redeem";

const database = withTestDatabase();

let home: Awaited<ReturnType<typeof makeHome>>;
beforeAll(async () => void (home = await makeHome()));
afterAll(() => home.remove());

const now = new Date("2026-11-23T14:05:00.000Z");

const portal = (args: string[], input = "") =>
  runPortal(args, {
    ...{ home: home.path, input },
    env: { DATABASE_URL: database.url, LOOKUP_SECRET: env().secrets.lookup },
  });

/** A dispute about a key that another account used on 20 November 2026. */
async function disputed() {
  const { keys, batchId } = await makeKeys(database.url, { note: "spring run" });
  const key = keys[0]!;
  const owner = { email: `philippa.${randomUUID()}@example.org`, name: "Philippa Quenouille" };
  const ownerId = await makeAccount(owner);
  await redeemShown({ key, accountId: ownerId }, { now: new Date("2026-11-20T08:00:00Z") });
  const email = `camille.${randomUUID()}@example.org`;
  const accountId = await makeAccount({ email, emailVerifiedAt: now });
  const claim = {
    shop: "Electro",
    boughtOn: "19/11/2026",
    lastGroup: "ZZZZZ",
    receipt: `Ticket 0042\n${formatKey(key)}`,
  };
  const opening = await openDispute({ key, accountId, network: null, claim }, { now });
  if (opening.status !== "opened") throw new Error(opening.status);
  const { caseCode } = (await findDispute({ id: opening.disputeId, accountId }))!;
  return { key, batchId, email, accountId, caseCode, secrets: [owner.email, owner.name, ownerId, key, formatKey(key)] };
}

describe("cases", () => {
  test("show explains a partner code as one, without a batch of keys", async () => {
    const { codes } = await makeCodes(database.url, { redeemBy: "2026-01-31" });
    const refused = await previewCode({ code: codes[0]!, accountId: await makeAccount(), network: null }, { now });
    if (refused.status !== "refused") throw new Error(refused.status);
    const { code, stdout } = await portal(["cases", "show", refused.caseCode]);
    expect(code).toBe(0);
    expect(stdout).toContain(`Case ${refused.caseCode}: The last day to redeem the partner code was over.`);
    expect(stdout).not.toContain("batch");
  });

  test("list and show explain a case typed in small letters, and never name the key or the account that uses it", async () => {
    const { caseCode, email, accountId, batchId, key, secrets } = await disputed();
    const [listed, shown, asJson] = await Promise.all([
      portal(["cases", "list", "--state", "open"]),
      portal(["cases", "show", caseCode.replace("-", "").toLowerCase()]),
      portal(["cases", "show", caseCode, "--json"]),
    ]);
    expect(listed.code).toBe(0);
    expect(listed.stdout.split("\n")[2]).toMatch(
      new RegExp(`^${caseCode}  open +2026-11-23 14:05  - +${email}  norton-360-deluxe  Electro$`),
    );
    expect(shown.code).toBe(0);
    const [released] = /^ {2}released {4}\d{4}-\d\d-\d\d \d\d:\d\d UTC$/m.exec(shown.stdout)!;
    expect(shown.stdout).toBe(
      [
        `Case ${caseCode}: Another account uses the key.`,
        "  refused     2026-11-23 14:05 UTC",
        `  asked by    ${email}, en (account ${accountId})`,
        "",
        "The key",
        "  gives       norton-360-deluxe, 12 months",
        `  batch       ${batchId}, retail, spring run`,
        "  regions     all",
        "  redeem by   -",
        released,
        "  now         used by another account",
        "  used since  2026-11-20 08:00 UTC",
        "",
        "The dispute is open",
        "  opened      2026-11-23 14:05 UTC",
        "  shop        Electro",
        "  bought on   19/11/2026",
        "  last group  ZZZZZ, not as on the key",
        "  receipt",
        "    | Ticket 0042",
        `    | •••••-•••••-•••••-•••••-${key.slice(-5)}`,
        "",
      ].join("\n"),
    );
    expect(JSON.parse(asJson.stdout)).toMatchObject([{ caseCode, reason: "usedByAnother", account: { email } }]);
    for (const secret of secrets) expect(listed.stdout + shown.stdout + asJson.stdout).not.toContain(secret);
  });

  test("answer sends the text of --text or of standard input, and says what became of it", async () => {
    const { caseCode, accountId } = await disputed();
    const answered = await portal(["cases", "answer", caseCode, "--text", "No."]);
    expect(answered).toMatchObject({ code: 0, stdout: `Case ${caseCode} is answered. The email is in the queue.\n` });
    const again = await portal(["cases", "answer", caseCode, "--text", "No."]);
    expect(again).toMatchObject({ code: 0, stdout: expect.stringContaining("Nothing was sent again.") });
    const input = "\uFEFFThe key is yours.\r\n\r\nTake the receipt\u001b[2J to the shop.\r\n";
    expect(await portal(["cases", "answer", caseCode], input)).toMatchObject({ code: 0 });
    const [row] = await db().select().from(dispute).where(eq(dispute.accountId, accountId));
    expect(row).toMatchObject({ answer: "The key is yours.\n\nTake the receipt[2J to the shop." });
    const kinds = await db().select({ kind: mail.kind }).from(mail).where(eq(mail.accountId, accountId));
    expect(kinds).toEqual([{ kind: "dispute-answered" }, { kind: "dispute-answered" }]);
  });

  test("refuse what is no case, and an answer with a key, and send nothing", async () => {
    const { caseCode, key } = await disputed();
    const before = await db().$count(mail);
    const refused: [string[], number, string][] = [
      [["show", "not a code"], 2, "A case code has eight letters and digits"],
      [["show", "ZZZZ-4444"], 1, "There is no case ZZZZ-4444."],
      [["answer", "ZZZZ-4444", "--text", "No."], 1, "Nobody disputes the case ZZZZ-4444"],
      [["answer", caseCode, "--text", `Use ${formatKey(key)}`], 2, "never sent by email"],
    ];
    await Promise.all(
      refused.map(async ([args, code, words]) => {
        const ended = await portal(["cases", ...args]);
        expect(ended).toMatchObject({ code, stdout: "", stderr: expect.stringContaining(words) });
        expect(ended.stderr).not.toContain(key.slice(0, 5));
      }),
    );
    expect(await db().$count(mail)).toBe(before);
  });
});
