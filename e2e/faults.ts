import type { BrowserContext } from "@playwright/test";

/**
 * Collects faults in a browser's pages: violations of the content security policy, uncaught errors, and errors logged
 * by React or the browser.
 * @returns a list that grows
 */
export async function watchFaults(context: BrowserContext, expected: readonly RegExp[]): Promise<string[]> {
  const faults: string[] = [];
  const note = (fault: string) => {
    if (!expected.some((pattern) => pattern.test(fault))) faults.push(fault);
  };
  context.on("weberror", (event) => {
    const error = event.error();
    note(`uncaught: ${error.stack ?? error.message}`);
  });
  context.on("console", (message) => {
    const text = message.text();
    // Logged by the browser for a status of 400 or more, which journeys assert themselves.
    if (text.startsWith("Failed to load resource")) return;
    if (message.type() === "error" || /Content.Security.Policy/i.test(text)) note(`console: ${text}`);
  });
  await context.exposeBinding("reportViolation", (_source, violation: string) => note(violation));
  await context.addInitScript(() => {
    const { reportViolation } = window as unknown as { reportViolation(text: string): void };
    document.addEventListener(
      "securitypolicyviolation",
      ({ violatedDirective, blockedURI, sourceFile, lineNumber }) => {
        reportViolation(
          `policy: ${violatedDirective} ${blockedURI} by ${sourceFile}:${lineNumber} on ${location.href}`,
        );
      },
    );
  });
  return faults;
}
