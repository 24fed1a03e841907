/**
 * Control characters, and the marks that turn the direction of text around: Nova and Keystone let both through
 * in places where tenants write, and proxies answer with anything.
 */
const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}]+/gu;

/** Foreign text as one printable line of at most `limit` characters. */
export function cleanLine(text: string, limit = 300): string {
  const line = text.replace(UNPRINTABLE, ' ').replace(/\s+/gu, ' ').trim();
  const characters = Array.from(line);
  return characters.length > limit ? `${characters.slice(0, limit - 1).join('')}…` : line;
}

/** The first words of a page that is none of ours: tags left out, so that the title of an HTML page shows. */
export function firstWords(body: string): string {
  const text = body
    .slice(0, 4000)
    .replace(/<(script|style)\b[\s\S]*?<\/\1\s*>/giu, ' ')
    .replace(/<[^>]*>/gu, ' ');
  return cleanLine(text, 80);
}

/** An address without user name, password, query and fragment: what may stand in a message. */
export function shownUrl(url: string | URL): string {
  let parsed: URL;
  try {
    parsed = new URL(url);
  } catch {
    return cleanLine(String(url).replace(/\/\/[^/@]*@/u, '//'), 200);
  }
  return cleanLine(`${parsed.protocol}//${parsed.host}${parsed.pathname}`, 200);
}

/** Takes secrets out of a text, wherever a foreign answer may have repeated them. */
export function withoutSecrets(text: string, secrets: readonly string[]): string {
  let result = text;
  for (const secret of secrets) {
    if (secret.length >= 4) result = result.replaceAll(secret, '***');
  }
  return result;
}
