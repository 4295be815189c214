import type { Config } from "tailwindcss";

const token = (name: string) => `var(--${name})`;

/**
 * The design tokens. Colours are variables of app/globals.css, so they follow the system's light or dark mode. Sizes
 * are rem on a 4 px grid, so they follow the reader's text size.
 */
export default {
  theme: {
    /** Below `xs` is a phone whose page is enlarged to 200 %. */
    screens: { xs: "18rem", sm: "36rem", md: "48rem", lg: "62rem" },
    colors: {
      transparent: "transparent",
      current: "currentColor",
      /** The page's ground, and sheets on it. */
      paper: token("paper"),
      sheet: token("sheet"),
      /** Text, and quieter text. */
      ink: token("ink"),
      soft: token("soft"),
      /** Hairlines, and the edges of controls. */
      line: token("line"),
      edge: token("edge"),
      /** Primary and done. `press` is the hover colour, `on-green` the colour of text on green. */
      green: { DEFAULT: token("green"), press: token("green-press"), on: token("on-green"), wash: token("green-wash") },
      /** Warnings. */
      amber: { DEFAULT: token("amber"), wash: token("amber-wash") },
      /** Errors. */
      brick: { DEFAULT: token("brick"), wash: token("brick-wash") },
      focus: token("focus"),
    },
    fontFamily: {
      sans: ["ui-sans-serif", "system-ui", "-apple-system", '"Segoe UI"', "Roboto", '"Noto Sans"', "sans-serif"],
      mono: [
        ...["ui-monospace", '"SF Mono"', '"Cascadia Mono"', "Consolas", "Menlo", '"Roboto Mono"', '"DejaVu Sans Mono"'],
        ...['"Noto Sans Mono"', '"Liberation Mono"', '"Courier New"', "monospace"],
      ],
    },
    fontSize: {
      note: ["0.9375rem", "1.375rem"],
      small: ["1rem", "1.5rem"],
      base: ["1.125rem", "1.75rem"],
      lead: ["clamp(1.125rem, 1.05rem + 0.4vw, 1.25rem)", "1.55"],
      /** The product key in print: as wide as its card allows, with all five groups on one line. */
      print: ["clamp(0.875rem, 4.4cqi, 1.75rem)", "1"],
      key: ["clamp(1rem, 0.8rem + 1.1vw, 1.375rem)", "1.75rem"],
      h3: ["1.1875rem", "1.75rem"],
      h2: ["clamp(1.375rem, 1.25rem + 0.6vw, 1.625rem)", "1.25"],
      h1: ["clamp(1.75rem, 1.3rem + 2.4vw, 3rem)", "1.1"],
    },
    borderRadius: { none: "0", sm: "0.25rem", DEFAULT: "0.5rem", lg: "0.875rem", full: "999px" },
    extend: {
      maxWidth: { page: "68rem", measure: "39rem", form: "30rem", card: "56rem" },
      minHeight: { target: "2.75rem", control: "3.25rem" },
      minWidth: { target: "2.75rem" },
    },
  },
} satisfies Config;
