import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { access, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Demo } from "@/lib/cli/demo-file";
import { freePort } from "@/lib/testing/free-port";
import { runPortal } from "@/lib/testing/portal-process";
import { root } from "@/lib/cli/run-child";
import { requireFreePort } from "@/lib/cli/run-server";

/** Milliseconds in a minute. Starting a demo may include a build, which takes minutes. */
const MINUTES = 60_000;

let dataDir: string;
let port: number;

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), "portal-demo-"));
  port = await freePort();
});

afterAll(() => rm(dataDir, { recursive: true, force: true }));

const started: ChildProcess[] = [];
afterAll(() => started.forEach((child) => child.kill("SIGKILL")));

/** Starts a script in its own process group, as a terminal does. */
function start(script: string, args: string[], env: Record<string, string>) {
  const child = spawn(
    process.execPath,
    ["--import", "./lib/cli/tsx.mjs", "--conditions=react-server", script, ...args],
    {
      cwd: root,
      env: { PATH: "/usr/local/bin:/usr/bin:/bin", NODE_ENV: "production", ...env },
      detached: true,
      stdio: ["ignore", "pipe", "pipe"],
    },
  );
  started.push(child);
  let said = "";
  const end = once(child, "close").then(([code]) => ({ code: code as number | null, said }));
  const hasSaid = (words: string) =>
    new Promise<string>((resolve, reject) => {
      const listen = (text: string) => {
        said += text;
        if (said.includes(words)) resolve(said);
      };
      for (const output of [child.stdout, child.stderr]) output.setEncoding("utf8").on("data", listen);
      void end.then(() => reject(new Error(said)));
    });
  return { child, end, hasSaid };
}

const startDemo = () => start("lib/cli/demo.ts", [], { DATA_DIR: dataDir, PORT: String(port) });

const tableOf = (said: string) => said.slice(said.indexOf("Email address"));

describe("npm run demo", () => {
  test(
    "starts from nothing, stops everything it started at Ctrl-C, and shows the same when started again",
    async () => {
      const first = startDemo();
      const shown = await first.hasSaid("Ctrl-C stops the demo");
      expect(shown).toContain(`http://localhost:${port}/home/setup`);
      expect((await fetch(`http://localhost:${port}/home/setup`)).status).toBe(200);

      const json = await runPortal(["demo", "--json"], { home: root, env: { DATA_DIR: dataDir } });
      const demo = JSON.parse(json.stdout) as Demo;
      for (const secret of [demo.account.email, demo.account.password, ...demo.keys.map(({ key }) => key)])
        expect(shown).toContain(secret);

      const refused = startDemo();
      await refused.hasSaid(`Port ${port} is in use`);
      expect((await refused.end).code).toBe(1);

      process.kill(-first.child.pid!, "SIGINT");
      expect((await first.end).code).toBe(0);
      await expect(requireFreePort({ mode: "demo", host: undefined, port })).resolves.toBeUndefined();
      await expect(access(join(dataDir, "postgres", "postmaster.pid"))).rejects.toThrow("ENOENT");

      const second = startDemo();
      expect(tableOf(await second.hasSaid("Ctrl-C stops the demo"))).toBe(tableOf(shown));
      second.child.kill("SIGTERM");
      expect((await second.end).code).toBe(0);
      await expect(access(join(dataDir, "postgres", "postmaster.pid"))).rejects.toThrow("ENOENT");
    },
    5 * MINUTES,
  );
});

test("npm start refuses to begin unconfigured, and lists everything that is missing", async () => {
  const { end, hasSaid } = start("lib/cli/serve.ts", ["start"], { DATA_DIR: dataDir, PORT: String(port) });
  await hasSaid("MAIL_URL is missing");
  const { code, said } = await end;
  expect(code).toBe(1);
  for (const name of ["AUTH_URL", "AUTH_SECRET", "LOOKUP_SECRET", "VAULT_SECRETS"]) expect(said).toContain(name);
});
