import { defineConfig, globalIgnores } from "eslint/config";
import nextCoreWebVitals from "eslint-config-next/core-web-vitals";
import nextTypescript from "eslint-config-next/typescript";

const zone = (target, from, message, except = []) => ({ target, from, except, message });

/** Who may import what: the arrows between the folders in the README's "How it is built". */
const zones = [
  zone("./app", "./lib/db", "Pages and actions call a verb of lib/licence or lib/account; they hold no SQL.", [
    "./outage.ts",
    "./idempotent-answer.ts",
  ]),
  zone("./app/api", "./app/gate.ts", "Programs get a status (app/statuses.ts), because they cannot follow a redirect."),
  zone("./app", "./lib/cli", "The operator's commands are not part of the site."),
  zone("./components", "./app", "Components know how things look, not which page shows them."),
  zone("./components", "./lib", "Components may use only browser-safe modules.", [
    "./licence/product-key.ts",
    "./licence/reed-solomon.ts",
    "./account/password/passphrase.ts",
    "./account/email/suggest-address.ts",
    "./messages",
    "./brand.ts",
  ]),
  zone("./lib", ["./app", "./components"], "Rules do not know the pages."),
  zone("./lib/licence", "./lib", "lib/licence knows only the database, limits, jobs, environment and log.", [
    "./date-format.ts",
    "./licence",
    "./db",
    "./limits",
    "./jobs",
    "./metrics.ts",
    "./env.ts",
    "./log.ts",
    "./brand.ts",
    "./testing",
  ]),
  zone("./lib/account", ["./lib/licence", "./lib/cli"], "Accounts know nothing of licences."),
  zone(
    ["./lib/account", "./lib/licence"],
    "./lib/mail",
    "Emails are queued here; lib/mail writes and sends them later.",
  ),
  zone("./lib/mail", "./lib", "lib/mail writes and sends what stands in the database.", [
    "./clock.ts",
    "./metrics.ts",
    "./mail",
    "./account",
    "./db",
    "./jobs",
    "./messages",
    "./env.ts",
    "./log.ts",
    "./brand.ts",
    "./testing",
  ]),
  zone("./lib/jobs", "./lib", "lib/jobs knows only the database, environment and log.", [
    "./jobs",
    "./db",
    "./env.ts",
    "./log.ts",
    "./testing",
  ]),
  zone("./lib/http", "./lib", "lib/http knows requests, and nothing of accounts, licences or the database.", [
    "./http",
    "./messages",
    "./env.ts",
    "./trusted-proxies.ts",
    "./admission.ts",
    "./metrics.ts",
    "./log.ts",
    "./brand.ts",
  ]),
  zone(
    "./lib/db",
    ["./lib/licence", "./lib/account", "./lib/cli", "./lib/jobs", "./lib/mail", "./lib/limits"],
    "The database layer knows no use-case.",
  ),
  zone(
    ["./proxy.ts", "./instrumentation.ts"],
    ["./app", "./components", "./lib/db", "./lib/licence", "./lib/account"],
    "They only start and frame requests.",
  ),
  zone(
    ["./app/**/!(*.test).{ts,tsx}", "./components", "./lib/!(testing)/**/!(*.test).ts", "./lib/!(*.test).ts"],
    "./lib/testing",
    "Only tests use lib/testing.",
  ),
  zone("./e2e", ["./app", "./components"], "Journeys see the product as a person does."),
];

export default defineConfig([
  globalIgnores([".next/**", ".data/**", "next-env.d.ts", "test-results/**", "playwright-report/**"]),
  ...nextCoreWebVitals,
  ...nextTypescript,
  {
    files: ["**/*.{ts,tsx,js}"],
    settings: { "import/resolver": { typescript: { project: "./tsconfig.json" } } },
    rules: {
      "import/no-restricted-paths": ["error", { basePath: import.meta.dirname, zones }],
      "@typescript-eslint/no-unused-vars": ["error", { argsIgnorePattern: "^_", varsIgnorePattern: "^_" }],
      "@typescript-eslint/no-explicit-any": "error",
      "@typescript-eslint/consistent-type-imports": "error",
      "no-console": "error",
      // Use plain links. next/link costs every page JavaScript, and each page is one request anyway.
      "@next/next/no-html-link-for-pages": "off",
      eqeqeq: ["error", "smart"],
    },
  },
  {
    // `server-only` modules fail the build when a client component reaches them. These packages must not be reachable
    // at all.
    files: ["app/**", "components/**"],
    rules: {
      "no-restricted-imports": [
        "error",
        {
          patterns: [
            {
              group: ["pg", "pg-*", "drizzle-orm", "drizzle-orm/*", "next-auth", "next-auth/*", "@auth/*"],
              message: "Only lib/db and lib/account/next-auth.ts know these.",
            },
          ],
        },
      ],
    },
  },
  {
    files: ["lib/licence/**"],
    rules: {
      "no-restricted-imports": [
        "error",
        {
          patterns: [
            {
              group: ["next", "next/*", "react", "react-dom", "next-auth", "next-auth/*", "next-intl", "next-intl/*"],
              message: "lib/licence knows nothing of the web framework.",
            },
          ],
        },
      ],
    },
  },
  {
    files: ["lib/account/**"],
    ignores: ["lib/account/next-auth.ts"],
    rules: {
      "no-restricted-imports": [
        "error",
        {
          patterns: [{ regex: "^(next-auth|@auth)(/|$)", message: "Only lib/account/next-auth.ts knows next-auth." }],
        },
      ],
    },
  },
  {
    files: ["app/**", "components/**", "lib/**", "proxy.ts", "instrumentation.ts"],
    ignores: ["lib/env.ts", "**/*.test.ts"],
    rules: {
      "no-restricted-syntax": [
        "error",
        {
          selector: "MemberExpression[object.name='process'][property.name='env']",
          message: "Only lib/env.ts reads the environment.",
        },
      ],
    },
  },
  { files: ["lib/cli/**", "e2e/**"], rules: { "no-console": "off" } },
]);
