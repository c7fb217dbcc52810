/** @internal Tells a log. One that fails, now or later, must not cost a caller the answer. */
export function harmless(tell: () => unknown): void {
  try {
    const told = tell();
    if (told instanceof Promise) told.catch(console.error);
  } catch (broken) {
    console.error(broken);
  }
}
