import "server-only";
import { brand } from "@/lib/brand";
import type { Content, Fact, Part } from "@/lib/mail/content";
import type { Locale } from "@/lib/messages/locale";

/** The portal's light colours. The classes in `dark` replace them in email programs with dark mode. */
const colour = {
  paper: "#f7f3eb",
  sheet: "#fffdf9",
  ink: "#17211c",
  soft: "#545f58",
  line: "#ddd5c6",
  green: "#0d5a42",
  onGreen: "#ffffff",
};

const dark = `@media (prefers-color-scheme: dark) {
  .paper { background: #111614 !important; }
  .sheet { background: #191f1c !important; border-color: #2f3833 !important; }
  .ink { color: #eff2ed !important; }
  .soft { color: #a7b2aa !important; }
  .line { border-color: #2f3833 !important; }
  .green { background: #80d5af !important; color: #06150e !important; }
}`;

const sans = "ui-sans-serif, system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', sans-serif";
const mono = "ui-monospace, 'SF Mono', 'Cascadia Mono', 'Roboto Mono', 'DejaVu Sans Mono', monospace";

/** Text that is already HTML. */
class Markup {
  constructor(readonly text: string) {}
}

/** A template tag that escapes its values, except markup it made itself. */
function html(strings: TemplateStringsArray, ...values: (string | Markup | Markup[])[]): Markup {
  const written = values.map((value) =>
    Array.isArray(value)
      ? value.map(({ text }) => text).join("\n")
      : value instanceof Markup
        ? value.text
        : escaped(value),
  );
  return new Markup(String.raw({ raw: strings }, ...written));
}

const entities: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };

const escaped = (text: string) => text.replace(/[&<>"']/g, (character) => entities[character]!);

/** Renders an email as one column on the paper colour. Styles are inline, which every email program supports. */
export function writeHtml(
  { subject, greeting, lead, parts, smallPrint }: Content,
  { locale }: { locale: Locale },
): string {
  return html`<!doctype html>
    <html lang="${locale}" dir="ltr">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="supported-color-schemes" content="light dark" />
        <meta name="format-detection" content="telephone=no, date=no, address=no, email=no" />
        <title>${subject}</title>
        <style>
          :root { color-scheme: light dark; }
          ${new Markup(dark)}
        </style>
      </head>
      <body class="paper" style="margin: 0; padding: 0; background: ${colour.paper};">
        <div style="display: none; max-height: 0; overflow: hidden;">${lead}</div>
        <table
          role="presentation"
          class="paper"
          width="100%"
          cellpadding="0"
          cellspacing="0"
          style="background: ${colour.paper}; font-family: ${new Markup(sans)};"
        >
          <tr>
            <td align="center" style="padding: 32px 16px 48px;">
              <table
                role="presentation"
                width="100%"
                cellpadding="0"
                cellspacing="0"
                style="max-width: 560px; text-align: start;"
              >
                <tr>
                  <td class="ink" style="padding: 0 4px 16px; color: ${colour.ink}; font-size: 16px; font-weight: 700;">
                    ${brand.site}
                  </td>
                </tr>
                <tr>
                  <td
                    class="sheet"
                    style="padding: 32px 28px; background: ${colour.sheet}; border: 1px solid ${colour.line}; border-radius: 14px;"
                  >
                    <h1 class="ink" style="margin: 0 0 20px; color: ${colour.ink}; font-size: 26px; line-height: 1.2;">
                      ${subject}
                    </h1>
                    ${words(greeting)} ${words(lead)} ${parts.map(writePart)}
                  </td>
                </tr>
                <tr>
                  <td style="padding: 20px 4px 0;">
                    ${smallPrint.map((text) => html`<p class="soft" style="margin: 0 0 8px; color: ${colour.soft}; font-size: 14px; line-height: 1.5; overflow-wrap: anywhere;">${text}</p>`)}
                  </td>
                </tr>
              </table>
            </td>
          </tr>
        </table>
      </body>
    </html> `.text;
}

const words = (text: string) =>
  html`<p
    class="ink"
    style="margin: 0 0 18px; color: ${colour.ink}; font-size: 17px; line-height: 1.55; overflow-wrap: anywhere;"
  >
    ${text}
  </p>`;

function writePart(part: Part): Markup {
  switch (part.is) {
    case "words":
      return words(part.text);
    case "heading":
      return html`<h2
        class="ink line"
        style="margin: 28px 0 10px; padding-top: 22px; border-top: 1px solid ${colour.line}; color: ${colour.ink}; font-size: 19px; line-height: 1.3;"
      >
        ${part.text}
      </h2>`;
    case "facts":
      return html`<table role="presentation" width="100%" cellpadding="0" cellspacing="0" style="margin: 0 0 18px;">
        ${part.facts.map(writeFact)}
      </table>`;
    case "button":
      return html`<p style="margin: 0 0 18px;">
          <a
            class="green"
            href="${part.url}"
            style="display: inline-block; padding: 14px 24px; border-radius: 8px; background: ${colour.green}; color: ${colour.onGreen}; font-size: 17px; font-weight: 700; text-decoration: none;"
            >${part.text}</a
          >
        </p>
        <p
          class="soft"
          style="margin: 0 0 18px; color: ${colour.soft}; font-size: 14px; line-height: 1.5; overflow-wrap: anywhere;"
        >
          ${part.ifItFails}<br /><a class="soft" href="${part.url}" style="color: ${colour.soft};">${part.url}</a>
        </p>`;
    case "link":
      return html`<p style="margin: 0 0 10px; font-size: 17px; line-height: 1.55;">
        <a class="ink" href="${part.url}" style="color: ${colour.ink};">${part.text}</a>
      </p>`;
    case "code":
      return html`<p
        class="ink"
        style="margin: 0 0 18px; color: ${colour.ink}; font-family: ${new Markup(mono)}; font-size: 30px; font-weight: 700; letter-spacing: 0.15em;"
      >
        ${part.code}
      </p>`;
    case "quote":
      return html`<blockquote
        class="ink line"
        style="margin: 0 0 18px; padding: 2px 0 2px 16px; border-left: 3px solid ${colour.line}; color: ${colour.ink}; font-size: 17px; line-height: 1.55; overflow-wrap: anywhere;"
      >
        ${part.text.split("\n").map((line) => html`${line}<br />`)}
      </blockquote>`;
  }
}

const writeFact = ({ label, value }: Fact) =>
  html`<tr>
    <td
      class="soft line"
      style="padding: 9px 16px 9px 0; border-top: 1px solid ${colour.line}; color: ${colour.soft}; font-size: 15px; vertical-align: top;"
    >
      ${label}
    </td>
    <td
      class="ink line"
      style="padding: 9px 0; border-top: 1px solid ${colour.line}; color: ${colour.ink}; font-size: 15px;"
    >
      ${value}
    </td>
  </tr>`;
