/** The address if it is an absolute http(s) URL, else null: nothing else may become a link. */
export function webUrl(text: string): string | null {
  try {
    const url = new URL(text);
    return url.protocol === 'http:' || url.protocol === 'https:' ? url.href : null;
  } catch {
    return null;
  }
}
