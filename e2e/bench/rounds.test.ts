import { expect, it } from "vitest";
import { each, interleave, median } from "./rounds";

it("the median is the middle value, or the mean of the two middle values", () => {
  expect(median([9, 1, 5])).toBe(5);
  expect(median([1, 9, 5, 7])).toBe(6);
});

it("each row is compared with the floor of the same round, without the warm-up round", async () => {
  const asked: string[] = [];
  const side = (name: string, rates: number[]) => async () => {
    asked.push(name);
    return rates.shift()!;
  };
  const result = await interleave({ own: side("own", [1, 20, 30]), floor: side("floor", [1, 40, 100]) }, 2);
  expect(result).toEqual({ own: [20, 30], floor: [40, 100], ratios: [0.5, 0.3] });
  expect(asked).toEqual(["floor", "own", "floor", "own", "floor", "own"]);
});

it("every job runs once, several at a time", async () => {
  const done: number[] = [];
  let running = 0;
  let most = 0;
  await each([...Array(50).keys()], async (job) => {
    most = Math.max(most, ++running);
    await Promise.resolve();
    running--;
    done.push(job);
  });
  expect(done.toSorted((a, b) => a - b)).toEqual([...Array(50).keys()]);
  expect(most).toBe(8);
});
