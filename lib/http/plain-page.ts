import "server-only";
import { brand } from "@/lib/brand";
import type { Locale } from "@/lib/messages/locale";

type PlainPage = {
  locale: Locale;
  /** The nonce of the response's content security policy. Without it the page has no styles. */
  nonce: string;
  title: string;
  paragraphs: readonly string[];
  /** The next step; `href` is a path on this site. */
  link: { href: string; text: string };
};

/** A complete HTML page that needs neither Next.js nor the database. */
export const plainPage = ({ locale, nonce, title, paragraphs, link }: PlainPage): string => `<!doctype html>
<html lang="${locale}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>${escape(title)} – ${escape(brand.site)}</title>
<link rel="icon" href="/icon.svg">
<style nonce="${escape(nonce)}">${style}</style>
</head>
<body>
<main>
<p class="site">${escape(brand.site)}</p>
<h1>${escape(title)}</h1>
${paragraphs.map((text) => `<p>${escape(text)}</p>`).join("\n")}
<p><a href="${escape(link.href)}">${escape(link.text)}</a></p>
</main>
</body>
</html>
`;
/** The few rules of app/globals.css that this page needs. */
const style = `
:root{color-scheme:light dark;--paper:#f7f3eb;--ink:#17211c;--soft:#545f58;--green:#0d5a42;--on:#fff;--focus:#f4b73f}
@media(prefers-color-scheme:dark){:root{--paper:#111614;--ink:#eff2ed;--soft:#a7b2aa;--green:#80d5af;--on:#06150e}}
body{margin:0;background:var(--paper);color:var(--ink);font:1.125rem/1.75rem ui-sans-serif,system-ui,sans-serif}
main{max-width:38rem;margin:0 auto;padding:clamp(1.25rem,6vw,5rem) 1.25rem}
.site{font-weight:700;margin:0 0 3rem}
h1{font-size:clamp(1.75rem,1.3rem + 2.4vw,3rem);line-height:1.1;letter-spacing:-.025em;margin:0 0 1rem;text-wrap:balance}
p{margin:0 0 .75rem;color:var(--soft)}
.site{color:var(--ink)}
a{display:inline-block;margin-top:1.25rem;padding:.75rem 1.5rem;border-radius:.5rem;background:var(--green);color:var(--on);font-weight:700;text-decoration:none}
a:focus-visible{outline:3px solid var(--ink);outline-offset:2px;box-shadow:0 0 0 2px var(--focus)}
`.trim();
const escape = (text: string): string => text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
