import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "@playwright/test";
import type { Screen, Tab } from "./tab";

/** The control that people know by a name: the field of a label, or a link or button with this text. */
const findControl = `
  const name = arguments[0];
  const isShown = (element) => element.getClientRects().length > 0;
  const nameOf = (element) => (element.getAttribute("aria-label") ?? element.innerText).replace(/\\s+/g, " ").trim();
  const all = [...document.querySelectorAll("label, a[href], button, summary")].filter((element) => nameOf(element) === name);
  const inMain = (element) => Number(element.closest("main") !== null);
  const found = all.map((element) => element.control ?? element).filter(isShown).sort((a, b) => inMain(b) - inMain(a))[0];
  found?.scrollIntoView({ block: "center" });
`;

/** What a phone needs of every page. @returns what does not hold */
const unfit = `
  const faults = [];
  const { scrollWidth, clientWidth } = document.documentElement;
  if (scrollWidth > clientWidth) faults.push("the page is " + scrollWidth + " px wide");
  for (const control of document.querySelectorAll("main :is(button, select, input:not([type=hidden]))")) {
    const { width, height } = control.getBoundingClientRect();
    const text = control.outerHTML.slice(0, 120);
    if (width > 1 && height < 44) faults.push("only " + height + " px high: " + text);
    // Safari on a phone zooms into a smaller field and never out again.
    if (width > 1 && control.tagName !== "BUTTON" && parseFloat(getComputedStyle(control).fontSize) < 16) faults.push("small text: " + text);
  }
  return faults;
`;

/** Somebody who sees a page and uses its controls by their names. */
export function visitorOf(tab: Tab, { screen, pictures }: { screen: Screen; pictures: string }) {
  const text = () => tab.run<string>("return document.body.innerText.replace(/\\s+/g, ' ')");
  let count = 0;

  async function press(name: string): Promise<void> {
    await expect.poll(() => tab.run(`${findControl} return Boolean(found)`, name), { message: name }).toBe(true);
    await tab.press(`${findControl} return found`, name);
  }

  return {
    text,
    press,
    /** Waits for the page with a heading, checks it and takes its picture. */
    async arrives(heading: string): Promise<void> {
      const headings = () => tab.run("return document.querySelector('h1')?.innerText.replace(/\\s+/g, ' ')");
      await expect.poll(headings).toBe(heading);
      const faults = await tab.run<string[]>(unfit);
      if (screen.touch) expect(faults, heading).toEqual([]);
      await writeFile(`${pictures}-${String(++count).padStart(2, "0")}.png`, await tab.picture());
    },
    /** Types into the field of a label, in place of what it holds. */
    async fill(label: string, typed: string): Promise<void> {
      await press(label);
      await tab.run("document.activeElement.select?.()");
      await tab.type(typed);
    },
    choose: (label: string, value: string) =>
      tab.run(
        `${findControl} found.value = arguments[1]; found.dispatchEvent(new Event("change", { bubbles: true }))`,
        ...[label, value],
      ),
    /** Fills a field as some password managers do: no script of the page hears of it. */
    autofill: (label: string, value: string) => tab.run(`${findControl} found.value = arguments[1]`, label, value),
    /** The text of the focused element. */
    focused: () => tab.run<string>("return document.activeElement.innerText.replace(/\\s+/g, ' ').trim()"),
    shows: (shown: string) => expect.poll(text, { message: shown }).toContain(shown),
  };
}

export const pictureFolder = join(import.meta.dirname, "../screenshots");
