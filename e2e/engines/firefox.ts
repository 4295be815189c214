import { existsSync } from "node:fs";
import { launch, type ElementHandle } from "puppeteer-core";
import type { Engine } from "./tab";

const executablePath = "/usr/bin/firefox-esr";

/** Firefox without a window, over WebDriver BiDi. */
export const firefox: Engine = {
  name: "firefox",
  packages: "firefox-esr",
  isInstalled: () => existsSync(executablePath),

  async open({ width, height, touch }) {
    const browser = await launch({
      browser: "firefox",
      executablePath,
      headless: true,
      extraPrefsFirefox: { "dom.w3c_touch_events.enabled": touch ? 1 : 0, "intl.accept_languages": "en-GB, en" },
    });
    const page = await browser.newPage();
    await page.setViewport({ width, height });
    const faults: string[] = [];
    page.on("console", (message) => {
      if (["error", "warn"].includes(message.type())) faults.push(message.text());
    });
    page.on("pageerror", (error) => faults.push(String(error)));
    /** The body of a function as one that the page can run. */
    const call = (body: string) =>
      new Function("values", `return (function () { ${body} }).apply(null, values)`) as (values: string[]) => unknown;

    return {
      go: async (url) => void (await page.goto(url)),
      back: async () => void (await page.goBack()),
      run: (body, ...values) => page.evaluate(call(body), values) as Promise<never>,
      async press(script, ...values) {
        const found = await page.evaluateHandle(call(script), values);
        const element = found.asElement() as ElementHandle<Element>;
        await (touch ? element.tap() : element.click());
      },
      type: (text) => page.keyboard.type(text),
      async paste() {
        await page.keyboard.down("Control");
        await page.keyboard.press("v");
        await page.keyboard.up("Control");
      },
      picture: async () => Buffer.from(await page.screenshot({ fullPage: true })),
      faults: () => faults,
      close: () => browser.close(),
    };
  },
};
