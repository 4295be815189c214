/** Where a form of the entry leads on to, as it goes back to the server. */
export function EntryFields({ next, switching }: { next: string; switching: boolean }) {
  return (
    <>
      <input type="hidden" name="next" value={next} />
      {switching && <input type="hidden" name="switch" value="1" />}
    </>
  );
}
