import { getTranslations } from "next-intl/server";
import { entryPath, type Entry } from "./entry";

/** Two equal ways to go on, for people who sign in and for those who are new. */
export async function Fork({ entry, current }: { entry: Entry; current: "have" | "new" }) {
  const t = await getTranslations("signIn.fork");
  const ways = { have: entryPath("/sign-in", entry), new: entryPath("/create-account", entry) };
  return (
    <nav aria-label={t("label")} className="mb-8 grid max-w-form grid-cols-2 rounded border-2 border-line bg-sheet">
      {(["have", "new"] as const).map((way) => (
        <a
          key={way}
          href={ways[way]}
          aria-current={way === current ? "page" : undefined}
          className={`flex min-h-control items-center justify-center rounded-sm px-3 py-2 text-center text-small font-bold no-underline ${way === current ? "bg-ink text-paper" : "text-soft hover:text-ink"}`}
        >
          {t(way)}
        </a>
      ))}
    </nav>
  );
}
