import { randomBytes } from "node:crypto";
import { mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test as base } from "./fixtures";
import { given } from "./given";
import { startServer } from "./server";

/* R02 with the embedded database, as on a single machine. */

type Embedded = { origin: string; dataDir: string };

const test = base.extend<{ embedded: Embedded }>({
  embedded: async ({}, give) => {
    const dataDir = join(given().directory, randomBytes(6).toString("hex"));
    await mkdir(dataDir);
    const logFile = join(dataDir, "server.log");
    const server = await startServer({ databaseUrl: "", dataDir, logFile });
    await give({ origin: server.origin, dataDir });
    await server.stop();
  },
  baseURL: async ({ embedded }, give) => give(embedded.origin),
  mailFolder: async ({ embedded }, give) => give(join(embedded.dataDir, "mail")),
});

const postmasterOf = async ({ dataDir }: Embedded) =>
  Number((await readFile(join(dataDir, "postgres/postmaster.pid"), "utf8")).split("\n")[0]);

test("a killed database restarts, the portal keeps running, and no session or email is lost", async ({
  page,
  embedded,
  words,
  mailOf,
  otherBrowser,
}) => {
  const noe = { email: "noe.carpentier@example.org", password: "vergers et lanternes 61" };
  await page.goto("/create-account");
  await page.getByLabel(words.create.name, { exact: true }).fill("Noé Carpentier");
  await page.getByLabel(words.create.email).fill(noe.email);
  await page.getByLabel(words.create.password, { exact: true }).fill(noe.password);
  await page.getByLabel(words.create.country).selectOption("FR");
  await page.getByRole("button", { name: words.create.submit }).click();
  await expect(page.getByLabel(words.key.field)).toBeVisible();

  for (let round = 0; round < 3; round++) {
    const killed = await postmasterOf(embedded);
    process.kill(killed, "SIGKILL");
    const statuses = new Set<number>();
    await expect
      .poll(async () => {
        expect((await page.request.get("/healthz")).status()).toBe(200);
        const { status, url } = await page.request.get("/home/account").then((answer) => ({
          status: answer.status(),
          url: answer.url(),
        }));
        expect(url).not.toContain("/sign-in");
        statuses.add(status);
        return status === 200 && (await postmasterOf(embedded).catch(() => killed)) !== killed;
      })
      .toBe(true);
    for (const status of statuses) expect([200, 503]).toContain(status);
  }
  await page.goto("/home/account");
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(words.account.title);

  const { link } = await mailOf(noe, "confirm-address");
  await page.goto(link!);
  await page.getByRole("button", { name: words.verify.submit }).click();
  const elsewhere = await otherBrowser();
  await elsewhere.goto("/sign-in");
  await elsewhere.getByLabel(words.signIn.email).fill(noe.email);
  await elsewhere.getByLabel(words.signIn.password, { exact: true }).fill(noe.password);
  await elsewhere.getByRole("button", { name: words.signIn.submit, exact: true }).click();
  await expect(elsewhere.getByRole("heading", { level: 1 })).toHaveText(words.setup.title);
  await mailOf(noe, "new-sign-in");
});
