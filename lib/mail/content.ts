/** The content of an email, before it is rendered as text or HTML. */
export type Content = {
  subject: string;
  greeting: string;
  /** What happened or what was requested. An inbox shows it beside the subject. */
  lead: string;
  /** In the order they are read. */
  parts: Part[];
  /** Why the email was sent, and what we never ask for. */
  smallPrint: string[];
  /** Whether the recipient can turn emails of this kind off. */
  canStop: boolean;
};

export type Part =
  | { is: "words"; text: string }
  | { is: "heading"; text: string }
  | { is: "facts"; facts: Fact[] }
  /** What most people want to do next. */
  | { is: "button"; text: string; url: string; ifItFails: string }
  | { is: "link"; text: string; url: string }
  | { is: "code"; code: string }
  /** Somebody's own words, which may have several lines. */
  | { is: "quote"; text: string };

export type Fact = { label: string; value: string };
