import { execFile } from "node:child_process";
import { access, constants, mkdir, mkdtemp, readFile, readdir, rename, rm, stat, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { delimiter, dirname, join } from "node:path";
import { promisify } from "node:util";

export type Browser = { executablePath: string; args: string[]; env: Record<string, string> };

/** File names of Chromium and Chrome on the supported systems. */
const names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

const root = join(import.meta.dirname, "..");
const cache = join(root, "node_modules/.cache");

/** Milliseconds after which a half-unpacked copy counts as abandoned. */
const ABANDONED = 10 * 60_000;

/**
 * Finds the Chromium for the tests: PLAYWRIGHT_CHROMIUM_PATH, else an installed one, else the one in the npm package
 * `@sparticuz/chromium`, which includes the libraries it needs.
 * @throws Error that says what to install
 */
export async function findBrowser(): Promise<Browser> {
  const named = process.env.PLAYWRIGHT_CHROMIUM_PATH;
  if (named && !(await canRun(named))) throw new Error(`PLAYWRIGHT_CHROMIUM_PATH is not an executable file: ${named}`);
  const installed = named || (await findOnPath());
  return installed
    ? { executablePath: installed, args: launchArgs(), env: environment() }
    : { args: launchArgs(), ...(await unpackedBrowser()) };
}

const launchArgs = () => [
  // Chromium cannot sandbox itself when run as root.
  ...(process.getuid?.() === 0 ? ["--no-sandbox"] : []),
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  // A page lives for seconds: optimised code and more threads cost a small machine more than they gain.
  "--js-flags=--no-opt --no-maglev --no-sparkplug --single-threaded",
  "--num-raster-threads=1",
];

async function findOnPath(): Promise<string | undefined> {
  for (const folder of (process.env.PATH ?? "").split(delimiter).filter(Boolean)) {
    for (const name of names) {
      const path = join(folder, name);
      if (await canRun(path)) return path;
    }
  }
}

async function unpackedBrowser(): Promise<Omit<Browser, "args">> {
  const folder = await unpackChromium().catch((cause: unknown) => {
    throw new Error("No browser was found. Install Chromium, or set PLAYWRIGHT_CHROMIUM_PATH to its path.", { cause });
  });
  const libraries = [join(folder, "al2023/lib"), process.env.LD_LIBRARY_PATH].filter(Boolean).join(":");
  return {
    executablePath: join(folder, "chromium"),
    env: { ...environment(), LD_LIBRARY_PATH: libraries, FONTCONFIG_FILE: join(folder, "fonts.conf") },
  };
}

/** The folder with the package's Chromium. It is renamed into place, so several processes may ask at once. */
async function unpackChromium(): Promise<string> {
  if (process.platform !== "linux" || process.arch !== "x64")
    throw new Error("The package contains Chromium for Linux on x64 only.");
  const packageFile = join(dirname(createRequire(import.meta.url).resolve("@sparticuz/chromium")), "../package.json");
  const { version } = JSON.parse(await readFile(packageFile, "utf8")) as { version: string };
  const folder = join(cache, `chromium-${version}`);
  if (await exists(folder)) return folder;

  await mkdir(cache, { recursive: true });
  await removeOthers(folder);
  const draft = await mkdtemp(`${folder}.`);
  try {
    // The package adds its libraries only when it believes it runs on AWS Lambda.
    const env = { ...process.env, TMPDIR: draft, AWS_LAMBDA_JS_RUNTIME: "nodejs22.x" };
    await promisify(execFile)(process.execPath, [join(import.meta.dirname, "unpack-chromium.js")], { env });
    await writeFile(join(draft, "fonts.conf"), fontSettings(folder));
    await rename(draft, folder);
  } catch (error) {
    await rm(draft, { recursive: true, force: true });
    if (!(await exists(folder))) throw error;
  }
  return folder;
}

/** Deletes copies of other versions, and those that killed processes left half unpacked. */
async function removeOthers(folder: string): Promise<void> {
  for (const name of await readdir(cache)) {
    const path = join(cache, name);
    if (!name.startsWith("chromium-") || path === folder) continue;
    const isDraft = /\.\w{6}$/.test(name);
    if (isDraft && Date.now() - (await stat(path)).mtimeMs < ABANDONED) continue;
    await rm(path, { recursive: true, force: true });
  }
}

/** A font configuration: the machine's fonts, if any, and the package's font. */
const fontSettings = (folder: string) => `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <include ignore_missing="yes">/etc/fonts/fonts.conf</include>
  <dir>${folder}/fonts</dir>
  <cachedir>${folder}/fonts-cache</cachedir>
</fontconfig>
`;

const canRun = (path: string) => exists(path, constants.X_OK);

const exists = (path: string, mode = constants.F_OK) =>
  access(path, mode).then(
    () => true,
    () => false,
  );

const environment = () =>
  Object.fromEntries(Object.entries(process.env).filter((entry): entry is [string, string] => entry[1] !== undefined));
