import { getTranslations } from "next-intl/server";

/** Leads to moving an unused key to another account of its owner. @param id of the kept key, or of its grant */
export async function MoveLink({ id }: { id: string }) {
  const t = await getTranslations("move");
  return (
    <a
      href={`/home/subscriptions/move/${id}`}
      className="link inline-flex min-h-target items-center text-small text-ink print:hidden"
    >
      {t("link")}
    </a>
  );
}
