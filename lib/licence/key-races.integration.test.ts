import { describe, it } from "vitest";
import { withTestDatabase } from "@/lib/testing/database";
import { expectSound, makeScene, states, verbs, type StateName, type VerbName } from "@/lib/testing/key-verbs";

/* Two things that happen to one key at once, from every state that both can start from. */

const database = withTestDatabase();

const names = Object.keys(verbs) as VerbName[];
const pairs = names.flatMap((one, index) => names.slice(index).map((other) => [one, other] as const));

describe.each(Object.keys(states) as StateName[])("two things at once to a key that is %s", (state) => {
  it("leave one owner, one grant at most and the right end, and neither fails", { timeout: 120_000 }, async () => {
    for (const [one, other] of pairs) {
      const scene = await makeScene(database.url, state);
      const [first, second] = [await verbs[one](scene), await verbs[other](scene)];
      await Promise.all([first(), second()]);
      await expectSound(scene, `${state}: ${one} and ${other}`);
    }
  });
});
