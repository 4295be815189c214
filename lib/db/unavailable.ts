import "server-only";

/** Whether the portal or its database cannot be reached or has no room now, as opposed to a fault in the program. */
export function isUnavailable(error: unknown): boolean {
  return causes(error).some(
    ({ code, message }) =>
      /^(08|53|57P0)/.test(code) ||
      [
        "ECONNREFUSED",
        "ECONNRESET",
        "ENOENT",
        "EPIPE",
        "EBUSY",
        "ETIMEDOUT",
        "ENOTFOUND",
        "55P03",
        "57014",
        "25006",
        "25P03",
        "EAI_AGAIN",
        "EHOSTUNREACH",
        "ENETUNREACH",
      ].includes(code) ||
      /timeout exceeded when trying to connect|Connection terminated|not queryable|openDatabase\(\) was not called/.test(
        message,
      ),
  );
}

/** The error and its causes, because Drizzle wraps the driver's error. */
export function causes(error: unknown): { code: string; message: string }[] {
  const found: { code: string; message: string }[] = [];
  for (let at = error; at instanceof Error && found.length < 5; at = at.cause) {
    found.push({ code: String((at as { code?: unknown }).code ?? ""), message: at.message });
  }
  return found;
}
