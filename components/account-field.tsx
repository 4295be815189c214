/** Names the account the form was made for. An action rejects the form when another account is signed in by then. */
export const AccountField = ({ id }: { id: string }) => <input type="hidden" name="account" value={id} />;
