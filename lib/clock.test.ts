import { afterEach, expect, it } from "vitest";
import { currentTime, isClockRight, noteClock } from "@/lib/clock";

const now = () => ({ asked: Date.now(), answered: Date.now() });
const away = (milliseconds: number) => new Date(Date.now() + milliseconds);

afterEach(() => noteClock(new Date(), now()));

it.each([
  [400 * 86_400_000, false],
  [-15 * 86_400_000, false],
  [61_000, false],
  [59_000, true],
  [-59_000, true],
])("when the database's clock is %i ms away, it counts; this server may be ready: %s (R30)", (milliseconds, right) => {
  noteClock(away(milliseconds), now());
  expect(Math.abs(currentTime().getTime() - away(milliseconds).getTime())).toBeLessThan(50);
  expect(isClockRight()).toBe(right);
});

it("takes a difference that the network explains for none", () => {
  const asked = Date.now() - 400;
  noteClock(new Date(asked + 380), { asked, answered: asked + 400 });
  expect(Math.abs(currentTime().getTime() - Date.now())).toBeLessThan(50);
});
