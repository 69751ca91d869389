import { make } from './elements';

/** Where the page is not served securely there is no clipboard to write to: an old command still does. */
export async function writeClipboard(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const area = make('textarea', { style: 'position:fixed;opacity:0' });
    area.value = text;
    document.body.append(area);
    area.select();
    const isCopied = document.execCommand('copy');
    area.remove();
    return isCopied;
  }
}

export const NOTHING_COPIED = 'The browser lets nothing be copied from here.';
