/** Run by browser.ts in a process of its own: unpacks the Chromium of the npm package into TMPDIR. */
import chromium from "@sparticuz/chromium";

await chromium.executablePath();
