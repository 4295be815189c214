import { getLocale, getTranslations } from "next-intl/server";
import { type NextRequest } from "next/server";
import { statuses } from "@/app/statuses";
import { safeNext } from "@/lib/http/safe-next";
import { plainPage } from "@/lib/http/plain-page";

/** The Retry-After value, in seconds. */
const RETRY_AFTER = 15;

/**
 * The page shown while the database is unreachable. It is plain HTML with status 503 and needs only this process.
 * `?back=` is the path to return to.
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
    status: statuses.request.unavailable,
    headers: {
      "Content-Type": "text/html; charset=utf-8",
      "Retry-After": String(RETRY_AFTER),
      "Cache-Control": "no-store",
    },
  });
}

/** A page that meets the fault while it answers a form redirects here with 307, so the browser repeats the POST. */
export const POST = GET;
