/** The settings are incomplete or wrong. `problems` lists every one of them for the operator, one per line. */
export class ConfigurationError extends Error {
  constructor(readonly problems: string[]) {
    super(`The configuration is incomplete or wrong:\n${problems.map((problem) => `  - ${problem}`).join("\n")}`);
    this.name = "ConfigurationError";
  }
}
