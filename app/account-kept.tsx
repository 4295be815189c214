import { getTranslations } from "next-intl/server";
import { Notice } from "@/components/notice";

/** A path on this site that also says that signing in cancelled the deletion of the account. */
export function tellKept(path: string): string {
  const url = new URL(path, "http://path");
  url.searchParams.set("account", "kept");
  return url.pathname + url.search + url.hash;
}

/** The message for {@link tellKept}. @param path of the page, with its query */
export async function AccountKept({ path }: { path: string }) {
  if (new URL(path, "http://path").searchParams.get("account") !== "kept") return null;
  const t = await getTranslations("accountKept");
  return (
    <div className="mb-8">
      <Notice tone="done" title={t("title")}>
        {t("text")}
      </Notice>
    </div>
  );
}
