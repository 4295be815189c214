import { CopyKey, type CopyKeyWords, type RevealState } from "@/components/copy-key";

type KeyCardProps = {
  /** The database id of the key. */
  keyId: string;
  /** The key's last group. */
  hint: string;
  reveal: (before: RevealState, form: FormData) => Promise<RevealState>;
  words: CopyKeyWords;
};

/** One key of a subscription: masked, with buttons to show and copy it. */
export function KeyCard({ keyId, hint, reveal, words }: KeyCardProps) {
  return (
    <li className="border-t border-line py-5">
      <CopyKey hint={hint} keyId={keyId} reveal={reveal} words={words} />
    </li>
  );
}
