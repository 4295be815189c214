import { AccountField } from "@/components/account-field";
import { Button } from "@/components/button";
import { HiddenFields } from "@/components/hidden-fields";

type RowFormProps = {
  /** Server action. */
  action: (form: FormData) => Promise<void>;
  accountId: string;
  /** What the action is about, by the name of its form field. */
  values: Record<string, string>;
  label: string;
  /** What the row is about. Screen readers hear it after the label. */
  of: string;
};

/** The small button at the end of a row, as a form of its own. */
export const RowForm = ({ action, accountId, values, label, of }: RowFormProps) => (
  <form action={action} className="max-sm:w-full">
    <AccountField id={accountId} />
    <HiddenFields values={values} />
    <Button type="submit" variant="quiet" size="small">
      {label}
      <span className="sr-only">&nbsp;{of}</span>
    </Button>
  </form>
);
