import { setTimeout as pause } from "node:timers/promises";
import { expect, it } from "vitest";
import { Admission } from "@/lib/admission";

it("admits no more at once than there are places, in order of arrival (R13)", async () => {
  const admission = new Admission({ places: 2, waiting: 10, patience: 1_000 });
  const entered: number[] = [];
  const enter = (name: number) => admission.enter().then((admitted) => admitted && entered.push(name));
  const all = [1, 2, 3, 4].map(enter);
  await pause(5);
  expect(entered).toEqual([1, 2]);
  admission.leave();
  await pause(5);
  expect(entered).toEqual([1, 2, 3]);
  admission.leave();
  await Promise.all(all);
  expect(entered).toEqual([1, 2, 3, 4]);
  admission.leave();
  admission.leave();
  expect(admission.load).toEqual({ inside: 0, waiting: 0 });
});

it("refuses at once what finds no place to wait, and what has waited too long (R13)", async () => {
  const admission = new Admission({ places: 1, waiting: 1, patience: 50 });
  expect(await admission.enter()).toBe(true);
  const waits = admission.enter();
  expect(await admission.enter()).toBe(false);
  expect(await waits).toBe(false);
  // The place of one that gave up is free for the next.
  const next = admission.enter();
  admission.leave();
  expect(await next).toBe(true);
});

it("gives no place to one whose patience ended while the processor was busy", async () => {
  const admission = new Admission({ places: 1, waiting: 5, patience: 20 });
  await admission.enter();
  const late = admission.enter();
  const end = performance.now() + 40;
  while (performance.now() < end);
  admission.leave();
  expect(await late).toBe(false);
  expect(await admission.enter()).toBe(true);
});
