import { sql } from "drizzle-orm";
import { describe, expect, it } from "vitest";
import { Busy } from "@/lib/admission";
import { db } from "@/lib/db/client";
import { attempt } from "@/lib/limits/attempt";
import { counterKey } from "@/lib/limits/limits";
import { withTestDatabase } from "@/lib/testing/database";

withTestDatabase();

const limit = "signInPerNetwork";
const tried = (subject: string, fits: boolean) =>
  attempt(limit, subject, { work: async () => fits, failed: (result) => !result });

/** As another process whose attempts are in flight. */
const occupy = (subject: string, count: number, seconds: number) =>
  db().execute(sql`
    INSERT INTO limit_counter ("limit", key, count, ends_at, in_flight, in_flight_until)
    VALUES (${limit}, ${counterKey(limit, subject)}, 0, now() + interval '1 minute', ${count},
            now() + make_interval(secs => ${seconds}))`);

describe("attempts in flight", () => {
  it("of a process that was killed are forgotten, and keep nobody waiting", async () => {
    const subject = crypto.randomUUID();
    await occupy(subject, 10, -1);
    expect(await tried(subject, true)).toEqual({ allowed: true, result: true, last: false });
  });

  it("elsewhere are waited for, and refuse nobody when they have ended", async () => {
    const subject = crypto.randomUUID();
    await occupy(subject, 10, 1);
    expect(await tried(subject, true)).toMatchObject({ allowed: true });
  });

  it("that do not end are no lock: the portal is busy, and nothing was counted", async () => {
    const subject = crypto.randomUUID();
    await occupy(subject, 10, 60);
    await expect(tried(subject, false)).rejects.toThrow(Busy);
    const { rows } = await db().execute(sql`SELECT count FROM limit_counter WHERE key = ${counterKey(limit, subject)}`);
    expect(rows).toEqual([{ count: 0 }]);
  }, 20_000);

  it("that throw count as none", async () => {
    const subject = crypto.randomUUID();
    const outage = () => Promise.reject(new Error("the database is away"));
    for (let time = 0; time < 12; time++) {
      await expect(attempt(limit, subject, { work: outage, failed: () => true })).rejects.toThrow("away");
    }
    expect(await tried(subject, true)).toMatchObject({ allowed: true });
  });

  it("leave failures alone: ten failures between successes lock until the window ends", async () => {
    const subject = crypto.randomUUID();
    for (let time = 0; time < 10; time++) {
      await tried(subject, true);
      expect(await tried(subject, false)).toMatchObject({ allowed: true, last: time === 9 });
    }
    const refused = await tried(subject, true);
    expect(refused).toMatchObject({ allowed: false });
    const seconds = ((refused as { until: Date }).until.getTime() - Date.now()) / 1000;
    expect(seconds).toBeGreaterThan(50);
    expect(seconds).toBeLessThanOrEqual(60);
  });
});
