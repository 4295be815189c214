import { AccountField } from "@/components/account-field";
import { Button } from "@/components/button";
import { moveAll } from "./actions";

type MoveAllProps = {
  accountId: string;
  subscriptionId: string;
  means?: string;
  label: string;
  /** Quiet where the devices are protected already. */
  variant?: "primary" | "quiet";
};

/** Moves all devices of the account to a subscription in one press. */
export const MoveAll = ({ accountId, subscriptionId, means, label, variant }: MoveAllProps) => (
  <form action={moveAll} className="border-t border-line py-5">
    <AccountField id={accountId} />
    <input type="hidden" name="subscription" value={subscriptionId} />
    {means && <p className="mb-3 text-small text-soft">{means}</p>}
    <Button type="submit" variant={variant} size="small">
      {label}
    </Button>
  </form>
);
