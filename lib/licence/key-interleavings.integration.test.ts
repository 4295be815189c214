import { afterAll, describe, it } from "vitest";
import { withTestDatabase } from "@/lib/testing/database";
import { inEveryOrder } from "@/lib/testing/interleave";
import { expectSound, makeScene, verbs, type StateName, type VerbName } from "@/lib/testing/key-verbs";

/* Each two of these on one key, statement by statement in every order that the database allows. */

const database = withTestDatabase();

/** The states in which each does something. */
const from = {
  redeem: ["issued", "kept"],
  keep: ["issued", "kept"],
  start: ["kept"],
  undo: ["redeemed"],
  move: ["kept", "redeemed"],
  withdraw: ["issued", "kept", "redeemed"],
} as const satisfies Partial<Record<VerbName, readonly StateName[]>>;

const names = Object.keys(from) as (keyof typeof from)[];

/** Somebody else does it, where somebody else can: that is the harder case. */
const byAnother: Partial<Record<VerbName, VerbName>> = { redeem: "redeem by another", keep: "keep by another" };

const cases = names.flatMap((one, index) =>
  names.slice(index).flatMap((other) => {
    const both = from[one].filter((state) => (from[other] as readonly StateName[]).includes(state));
    return (both.length > 0 ? both : [...from[one], ...from[other]]).map((state) => ({ one, other, state }));
  }),
);

let orders = 0;
afterAll(() => void process.stdout.write(`    ${orders} orders\n`));

describe("two things at once to one key, in every order of their statements", () => {
  it.each(cases)(
    "$one and $other, while it is $state: one owner, no term lost or doubled",
    async ({ one, other, state }) => {
      orders += await inEveryOrder(database.url, async () => {
        const scene = await makeScene(database.url, state);
        const second = state === "issued" ? (byAnother[other] ?? other) : other;
        const tasks = [await verbs[one](scene), await verbs[second](scene)] as const;
        return { tasks: [...tasks], after: (order) => expectSound(scene, `${state}: ${one} and ${second}, ${order}`) };
      });
    },
  );
});
