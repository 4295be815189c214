/** A tab of a browser, driven by the engine's own protocol. */
export type Tab = {
  go(url: string): Promise<void>;
  back(): Promise<void>;
  /** Runs the body of a function in the page. @returns its result, as JSON */
  run<Result>(body: string, ...values: string[]): Promise<Result>;
  /** Presses the middle of what the script returns: an element in the page. */
  press(script: string, ...values: string[]): Promise<void>;
  /** Types into the focused element. */
  type(text: string): Promise<void>;
  paste(): Promise<void>;
  picture(): Promise<Buffer>;
  /** What the engine reported on its console since the tab was opened. Null: its protocol does not tell. */
  faults(): string[] | null;
  close(): Promise<void>;
};

/** In CSS pixels. A `touch` screen is pressed with a finger, where the engine's protocol knows one. */
export type Screen = { width: number; height: number; touch: boolean };

/** A browser engine. It is installed apart from the project. */
export type Engine = {
  name: string;
  /** The Debian packages it comes from. */
  packages: string;
  isInstalled(): boolean;
  open(screen: Screen): Promise<Tab>;
};
