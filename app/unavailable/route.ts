import { getLocale, getTranslations } from "next-intl/server";
import { type NextRequest } from "next/server";
import { statuses } from "@/app/statuses";
import { safeNext } from "@/lib/http/safe-next";
import { plainPage } from "@/lib/http/plain-page";

/** Seconds to wait before trying again. */
const RETRY_AFTER = 15;

/**
 * The page for an outage of the database: plain HTML with status 503, which needs nothing but this process. `?back=` is
 * where the person was.
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

/** A redirect in answer to a form is a 307, so the browser sends the form on to here. */
export const POST = GET;
