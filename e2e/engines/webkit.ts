import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { setTimeout as pause } from "node:timers/promises";
import { freePort } from "@/lib/testing/free-port";
import type { Engine } from "./tab";

const miniBrowser = `/usr/lib/${process.arch === "arm64" ? "aarch64" : "x86_64"}-linux-gnu/webkit2gtk-4.1/MiniBrowser`;

/** The reference to an element, WebDriver 12.2. */
const elementKey = "element-6066-11e4-a52e-4f735466cecf";

/** WebDriver's code of the Control key, 17.4.2. */
const control = "\uE009";

/** WebKitGTK in a window of a virtual screen, over WebDriver. */
export const webkit: Engine = {
  name: "webkit",
  packages: "webkit2gtk-driver xvfb",
  isInstalled: () => [miniBrowser, "/usr/bin/WebKitWebDriver", "/usr/bin/xvfb-run"].every(existsSync),

  async open({ width, height, touch }) {
    const port = await freePort();
    const driver = spawn(
      "xvfb-run",
      ["-a", "-s", `-screen 0 ${width}x${height}x24`, "WebKitWebDriver", `--port=${port}`],
      {
        stdio: "ignore",
        detached: true,
        env: { ...process.env, LIBGL_ALWAYS_SOFTWARE: "1", LANG: "en_GB.UTF-8", LANGUAGE: "en_GB" },
      },
    );
    const ended = once(driver, "exit");
    const stop = async () => {
      process.kill(-driver.pid!, "SIGTERM");
      await ended;
    };

    async function send(method: string, path: string, body?: object): Promise<never> {
      const answer = await fetch(`http://127.0.0.1:${port}${path}`, {
        method,
        ...(body && { body: JSON.stringify(body) }),
      });
      const { value } = (await answer.json()) as { value: never };
      if (!answer.ok) throw new Error(`WebKit: ${method} ${path}: ${JSON.stringify(value)}`);
      return value;
    }

    const browserOptions = { binary: miniBrowser, args: ["--automation", "--full-screen"] };
    const capabilities = { alwaysMatch: { "webkitgtk:browserOptions": browserOptions } };
    let session = "";
    for (let tries = 0; !session; tries++) {
      try {
        const { sessionId } = (await send("POST", "/session", { capabilities })) as { sessionId: string };
        session = `/session/${sessionId}`;
      } catch (error) {
        if (tries === 50 || !(error instanceof TypeError)) {
          await stop();
          throw error;
        }
        await pause(100);
      }
    }

    const run = (body: string, ...args: string[]) => send("POST", `${session}/execute/sync`, { script: body, args });
    const pointer = (origin: object) => ({
      type: "pointer",
      id: "finger",
      parameters: { pointerType: touch ? "touch" : "mouse" },
      actions: [
        { type: "pointerMove", origin, x: 0, y: 0, duration: 0 },
        { type: "pointerDown", button: 0 },
        { type: "pointerUp", button: 0 },
      ],
    });
    const keys = (...actions: [type: "keyDown" | "keyUp", value: string][]) =>
      send("POST", `${session}/actions`, {
        actions: [{ type: "key", id: "keys", actions: actions.map(([type, value]) => ({ type, value })) }],
      });

    // In full-screen mode there is no toolbar, so that the page can be as narrow as a phone's.
    await send("POST", `${session}/window/rect`, { width, height });

    return {
      go: (url) => send("POST", `${session}/url`, { url }),
      back: () => send("POST", `${session}/back`, {}),
      run,
      async press(script, ...values) {
        const found = await run(script, ...values);
        await send("POST", `${session}/actions`, { actions: [pointer({ [elementKey]: found[elementKey] })] });
      },
      type: async (text) => {
        for (const letter of text) await keys(["keyDown", letter], ["keyUp", letter]);
      },
      paste: () => keys(["keyDown", control], ["keyDown", "v"], ["keyUp", "v"], ["keyUp", control]),
      picture: async () => Buffer.from(await send("GET", `${session}/screenshot`), "base64"),
      faults: () => null,
      async close() {
        await send("DELETE", session).catch(() => {});
        await stop();
      },
    };
  },
};
