import { getTranslations } from "next-intl/server";
import { CheckIcon } from "@/components/icons";

const steps = ["account", "key", "check", "device"] as const;

export type Step = (typeof steps)[number];

type StepsProps = {
  current: Step;
  /** Earlier steps that are still to be done. */
  missing?: readonly Step[];
  /** What is entered: a product key, or a partner code. */
  of?: "key" | "code";
};

/** The steps from account to device on one line. On narrow screens only the current one has its name. */
export async function Steps({ current, missing = [], of = "key" }: StepsProps) {
  const t = await getTranslations("steps");
  const reached = steps.indexOf(current);
  return (
    <ol
      aria-label={t("label")}
      className="flex flex-wrap items-center gap-x-1.5 gap-y-2 text-note text-soft sm:gap-x-2"
    >
      {steps.map((step, index) => {
        const isCurrent = index === reached;
        const isDone = index < reached && !missing.includes(step);
        return (
          <li
            key={step}
            aria-current={isCurrent ? "step" : undefined}
            className="flex min-w-0 items-center gap-x-1.5 not-first:before:w-3 not-first:before:border-t-2 not-first:before:border-line sm:gap-x-2 sm:not-first:before:w-4"
          >
            <span
              aria-hidden="true"
              className={`grid size-6 flex-none place-items-center rounded-full border-2 text-note/none font-bold ${isCurrent ? "border-ink bg-ink text-paper" : isDone ? "border-green text-green" : "border-line"}`}
            >
              {isDone ? <CheckIcon className="size-3.5" /> : index + 1}
            </span>
            <span className={isCurrent ? "font-bold text-ink" : "max-sm:sr-only"}>{t(step === "key" ? of : step)}</span>
            {isDone && <span className="sr-only">{t("done")}</span>}
          </li>
        );
      })}
    </ol>
  );
}
