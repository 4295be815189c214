/** Names the account a form was made for, so that it is not taken for whoever is signed in when it is sent. */
export const AccountField = ({ id }: { id: string }) => <input type="hidden" name="account" value={id} />;
