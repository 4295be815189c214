import { ErrorSummary } from "@/components/error-summary";
import type { Fault } from "@/components/form-state";
import { PageTitle } from "@/components/page-title";
import { faultText, type ErrorWords } from "@/lib/messages/fault-text";
import type { Locale } from "@/lib/messages/locale";

type FormFaultsProps = {
  /** By field. A field's name is also its id. `form` holds the errors of the form as a whole. */
  faults: Partial<Record<string, Fault>>;
  answer: unknown;
  /** The page's own title. "Error:" precedes it while the form has errors. */
  title: string;
  words: { locale: Locale; site: string; problem: string; error: string; errors: ErrorWords };
};

/** The errors of a form, in the summary above it and in the document's title. Renders nothing when there are none. */
export function FormFaults({ faults, answer, title, words }: FormFaultsProps) {
  const errors = Object.entries(faults).flatMap(([name, fault]) => {
    if (!fault) return [];
    const message = faultText(fault, words.errors, words.locale);
    return [name === "form" ? { message } : { field: name, message }];
  });
  return (
    <>
      <PageTitle title={title} site={words.site} error={errors.length > 0 ? words.error : undefined} />
      {errors.length > 0 && <ErrorSummary title={words.problem} errors={errors} answer={answer} />}
    </>
  );
}
