import { randomUUID } from "node:crypto";
import { eq } from "drizzle-orm";
import { expect, it } from "vitest";
import { db } from "@/lib/db/client";
import { answerOnce, sweepAnswers, type Answer } from "@/lib/db/idempotent-answer";
import { idempotentAnswer } from "@/lib/db/schema/partner";
import { withTestDatabase } from "@/lib/testing/database";

withTestDatabase();

const now = new Date("2026-11-23T14:05:00Z");
const later = (seconds: number) => new Date(now.getTime() + seconds * 1_000);

/** A caller whose work counts itself. */
function asking() {
  const caller = randomUUID();
  let effects = 0;
  const once = (
    key: string,
    { request = "POST /x {}", at = now, by = caller, answer }: Partial<Asking> = {},
  ): ReturnType<typeof answerOnce> =>
    answerOnce(
      { caller: by, key, request },
      { now: at, work: async () => (answer ?? (() => ({ status: 200, body: { effect: ++effects } })))() },
    );
  return { caller, once, effects: () => effects };
}

type Asking = { request: string; at: Date; by: string; answer: () => Answer | Promise<Answer> };

const answered = (effect: number) => ({ status: "answered", answer: { status: 200, body: { effect } } });

it("a request with a key is done once, and its repetitions get its answer, also one without a body", async () => {
  const { once, effects } = asking();
  expect(await once("one")).toEqual(answered(1));
  expect(await once("two")).toEqual(answered(2));
  expect(await once("one", { at: later(3_600) })).toEqual(answered(1));
  const nothing = { status: 204, body: null };
  expect(await once("three", { answer: () => nothing })).toEqual({ status: "answered", answer: nothing });
  expect(await once("three")).toEqual({ status: "answered", answer: nothing });
  expect(effects()).toBe(2);
});

it("16 requests at once with one key have one effect and one answer (S18)", async () => {
  const { once, effects } = asking();
  const all = await Promise.all(Array.from({ length: 16 }, () => once("one")));
  expect(new Set(all.map((one) => JSON.stringify(one)))).toEqual(new Set([JSON.stringify(answered(1))]));
  expect(effects()).toBe(1);
});

it("a key belongs to one request of one caller", async () => {
  const { once, effects } = asking();
  await once("one");
  expect(await once("one", { request: "POST /y {}" })).toEqual({ status: "otherRequest" });
  expect(effects()).toBe(1);
  const other = randomUUID();
  expect(await once("one", { by: other })).toEqual(answered(2));
  expect(await once("one", { by: other })).toEqual(answered(2));
  expect(await once("one")).toEqual(answered(1));
});

it("a request that fails, is limited or meets an outage leaves its key free, and a refused one does not", async () => {
  const { once } = asking();
  const fails = () => Promise.reject(new Error("no answer"));
  await expect(once("one", { answer: fails })).rejects.toThrow("no answer");
  for (const status of [429, 503]) await once("one", { answer: () => ({ status, body: { status } }) });
  expect(await once("one")).toEqual(answered(1));
  await once("two", { answer: () => ({ status: 409, body: { code: "x" } }) });
  expect(await once("two")).toMatchObject({ answer: { status: 409, body: { code: "x" } } });
});

it("a request whose server died is answered by a repetition, half a minute later and not before", async () => {
  const { caller, once, effects } = asking();
  const died = () => once("one", { answer: () => new Promise<Answer>(() => {}) });
  void died();
  const kept = () => db().select().from(idempotentAnswer).where(eq(idempotentAnswer.caller, caller));
  await expect.poll(async () => (await kept()).length).toBe(1);
  expect(await once("one", { at: later(31), request: "POST /y {}" })).toEqual({ status: "otherRequest" });
  const early = once("one", { at: later(29) });
  await new Promise((resolve) => setTimeout(resolve, 200));
  expect(effects()).toBe(0);
  expect(await once("one", { at: later(31) })).toEqual(answered(1));
  expect(await early).toEqual(answered(1));
});

it("the table tells nothing of a request, which may contain a key, and keeps answers for a day", async () => {
  const { caller, once } = asking();
  await once("one", { request: "POST /keys secret" });
  const kept = () => db().select().from(idempotentAnswer).where(eq(idempotentAnswer.caller, caller));
  expect(JSON.stringify(await kept())).not.toContain("secret");
  await sweepAnswers({ now: later(24 * 3_600) });
  expect(await kept()).toHaveLength(1);
  await sweepAnswers({ now: later(24 * 3_600 + 1) });
  expect(await kept()).toEqual([]);
});
