/** Hidden fields that carry where sign-in or account creation continues. */
export function EntryFields({ next, switching }: { next: string; switching: boolean }) {
  return (
    <>
      <input type="hidden" name="next" value={next} />
      {switching && <input type="hidden" name="switch" value="1" />}
    </>
  );
}
