/** Says at a text box what it must have, and leaves the focus there, until something is written. */
export function demand(input: HTMLInputElement, what: string): void {
  input.setCustomValidity(what);
  input.setAttribute('aria-invalid', 'true');
  input.reportValidity();
  input.focus();
  const written = (): void => {
    input.setCustomValidity('');
    input.removeAttribute('aria-invalid');
  };
  input.addEventListener('input', written, { once: true });
}
