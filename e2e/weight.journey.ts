import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import type { Request, Response } from "@playwright/test";
import { expect, test } from "./fixtures";

/** The most bytes of a page in transit (gzip). JavaScript is counted beyond that of an empty page of the same build. */
const most = { script: 15_000, style: 20_000, html: 30_000 };

type Manifest = { rootMainFiles: string[]; polyfillFiles: string[] };

test("no page exceeds its weight budget", async ({
  page,
  signedIn,
  person,
  token,
  redeemed,
  verified,
  key,
  ledger,
  storedPasskey,
}) => {
  test.slow();
  const { rootMainFiles, polyfillFiles } = JSON.parse(
    await readFile(join(import.meta.dirname, "../.next/build-manifest.json"), "utf8"),
  ) as Manifest;
  const base = new Set([...rootMainFiles, ...polyfillFiles].map((file) => `/_next/${file}`));

  let pending = 0;
  // A page that listens for events never ends to load.
  const count = (by: number) => (request: Request) =>
    void (request.resourceType() === "eventsource" || (pending += by));
  page.on("request", count(1));
  page.on("requestfinished", count(-1));
  page.on("requestfailed", count(-1));
  /** Waits until the page's scripts are idle and nothing is loading. */
  const quiet = () =>
    expect
      .poll(() => page.evaluate(() => new Promise((idle) => requestIdleCallback(idle))).then(() => pending))
      .toBe(0);

  const table: { page: string; script: number; style: number; html: number; "html, unpacked": number }[] = [];
  const weigh = async (path: string) => {
    const sizes = { script: 0, style: 0, html: 0, "html, unpacked": 0 };
    const loaded: Promise<void>[] = [];
    const weighOne = async (response: Response) => {
      const kind = response.request().resourceType();
      const isRedirect = response.status() >= 300 && response.status() < 400;
      if (isRedirect || base.has(new URL(response.url()).pathname)) return;
      if (!["script", "stylesheet", "document"].includes(kind)) return;
      const body = await response.body();
      if (kind === "script") sizes.script += gzipSync(body).length;
      else if (kind === "stylesheet") sizes.style += gzipSync(body).length;
      else Object.assign(sizes, { html: gzipSync(body).length, "html, unpacked": body.length });
    };
    const listener = (response: Response) => void loaded.push(weighOne(response));
    page.on("response", listener);
    await page.goto(path);
    await quiet();
    await Promise.all(loaded);
    page.off("response", listener);
    table.push({ page: path.split("?")[0]!.replace(/[0-9a-f-]{36}/, "[id]"), ...sizes });
  };

  for (const path of [
    "/home/setup",
    "/sign-in",
    "/create-account",
    "/forgot-password",
    `/reset-password?token=${await token(await person(), "reset-password")}`,
    "/home/setup/key",
    "/help/find-your-key",
  ]) {
    await weigh(path);
  }
  const somebody = await signedIn();
  await weigh("/home/subscriptions");
  table.at(-1)!.page += " (empty)";
  await redeemed(somebody);
  await redeemed(somebody);
  const passkey = await storedPasskey(somebody);
  const { subscriptions } = await ledger(somebody);
  await weigh(await verified(await key()));
  await weigh(await verified("20000-00000-00000-00000-FB5JZ"));
  table.at(-1)!.page += " (refused)";
  await weigh((await verified(await redeemed(await person()))).replace("review", "review/dispute"));
  await weigh(`/home/setup/done/${subscriptions[0]!.grants[0]!.id}`);
  await weigh(`/certificates/${subscriptions[0]!.grants[0]!.id}`);
  for (const path of [
    "/home/setup/device",
    "/home/subscriptions",
    "/home/account",
    "/home/account/export",
    "/home/account/delete",
    "/delete-account",
    "/home/account/name",
    "/home/account/passkeys",
    "/home/account/passkeys/add",
    `/home/account/passkeys/${passkey}`,
    `/home/account/passkeys/${passkey}/remove`,
    "/home/account/country",
    "/home/account/time-zone",
    "/home/account/sessions",
    "/home/account/password",
    "/verify-email",
    "/home/account/email",
    "/restore-email",
    "/home/account/activity",
    "/home/account/cases",
    "/confirm-password",
    "/nothing",
  ]) {
    await weigh(path);
  }

  console.log("Bytes, gzip; script over an empty page of the same build");
  console.table(Object.fromEntries(table.map(({ page: name, ...sizes }) => [name, sizes])));
  for (const { page: name, script, style, html } of table) {
    expect.soft(script, `JavaScript of ${name}`).toBeLessThanOrEqual(most.script);
    expect.soft(style, `styles of ${name}`).toBeLessThanOrEqual(most.style);
    expect.soft(html, `HTML of ${name}`).toBeLessThanOrEqual(most.html);
  }
});
