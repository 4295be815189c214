import { getLocale, getTranslations } from "next-intl/server";
import { type NextRequest } from "next/server";
import { safeNext } from "@/lib/http/safe-next";
import { plainPage } from "@/lib/http/plain-page";

/** Seconds after which it is worth coming back. */
const RETRY_AFTER = 15;

/**
 * The answer while the database cannot be reached: plain HTML with the right status, in need of nothing but this
 * process. `?back=` is where the person was.
 */
export async function GET(request: NextRequest): Promise<Response> {
  const [t, locale] = await Promise.all([getTranslations("unavailable"), getLocale()]);
  const back = safeNext(request.nextUrl.searchParams.get("back"), "/home/setup");
  const html = plainPage({
    locale,
    nonce: request.headers.get("x-nonce") ?? "",
    title: t("title"),
    paragraphs: [t("what"), t("wait")],
    link: { href: back, text: t("retry") },
  });
  return new Response(html, {
    status: 503,
    headers: {
      "Content-Type": "text/html; charset=utf-8",
      "Retry-After": String(RETRY_AFTER),
      "Cache-Control": "no-store",
    },
  });
}

/** A page that meets the fault while it answers a form hands the form on, as browsers do with a status of 307. */
export const POST = GET;
