import type { Metadata, Viewport } from "next";
import { getLocale, getTranslations } from "next-intl/server";
import { headers } from "next/headers";
import type { ReactNode } from "react";
import { KeepTyped } from "@/components/keep-typed";
import { SiteFooter } from "@/components/site-footer";
import { SiteHeader } from "@/components/site-header";
import { getSession } from "@/lib/account/session/session";
import { env } from "@/lib/env";
import { AccountKept } from "./account-kept";
import { chooseLanguage } from "./choose-language";
import { signOut } from "./sign-out";
import "./globals.css";

export const metadata: Metadata = {
  icons: "/icon.svg",
  formatDetection: { telephone: false, email: false, address: false },
};

export const viewport: Viewport = {
  colorScheme: "light dark",
  themeColor: [
    { media: "(prefers-color-scheme: light)", color: "#f7f3eb" },
    { media: "(prefers-color-scheme: dark)", color: "#111614" },
  ],
};

export default async function RootLayout({ children }: { children: ReactNode }) {
  const [locale, t, request, session] = await Promise.all([
    getLocale(),
    getTranslations("common"),
    headers(),
    getSession(),
  ]);
  const { authUrl, brandOwner, links, mode, showsMails } = env();
  const path = request.get("x-path") ?? "/home/setup";
  if (/^\/phone(?=[/?]|$)/.test(path)) return <AppLayout locale={locale}>{children}</AppLayout>;
  return (
    <html lang={locale}>
      <body className="flex min-h-dvh flex-col font-sans">
        <a
          href="#main"
          className="sr-only rounded bg-green px-5 py-3 font-bold text-green-on focus:not-sr-only focus:absolute focus:start-4 focus:top-4 focus:z-10"
        >
          {t("skip")}
        </a>
        <SiteHeader account={session.status === "valid" ? session.account : undefined} signOut={signOut} />
        <main
          id="main"
          tabIndex={-1}
          className="mx-auto w-full max-w-page grow px-5 pt-8 pb-20 max-xs:px-3 sm:px-8 md:pt-12 md:pb-28 print:py-0"
        >
          {session.status === "valid" && <AccountKept path={path} />}
          {children}
        </main>
        <KeepTyped />
        <SiteFooter
          path={path}
          siteAddress={`${new URL(authUrl).host}/home/setup`}
          brandOwner={brandOwner}
          links={links}
          choose={session.status === "valid" ? chooseLanguage : undefined}
          mails={showsMails && mode !== "test" ? "/dev/mail" : undefined}
        />
      </body>
    </html>
  );
}

/** The reference phone app fills its screen, and knows nothing of the browser's own session. */
const AppLayout = ({ locale, children }: { locale: string; children: ReactNode }) => (
  <html lang={locale}>
    <body className="font-sans">
      <main id="main" className="px-3 py-6">
        {children}
      </main>
    </body>
  </html>
);
