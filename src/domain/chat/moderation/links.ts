// The judge of links: which site is meant, however it is written, and whether the room lets it through.
import type { Suspicion } from './findings.ts';
import type { Unit } from './fold.ts';
import { imitationOf } from './imitation.ts';
import { ALSO_WORDS, ENDINGS, KNOWN_SITES, PLAIN_ENDINGS, SHORTENERS } from './lists/domains.ts';

const NAME = '[\\p{L}\\p{N}][\\p{L}\\p{N}-]{0,62}';
const START = '(?<![\\p{L}\\p{N}.@-])';
/** A host as it should be written, with what may stand in front and behind. */
const HOST = new RegExp(
  `(?<scheme>\\b[a-z]{2,10}:\\/\\/)?(?<user>[\\p{L}\\p{N}._-]{1,63}(?::[^\\s@/]{0,63})?@)?(?<![\\p{L}\\p{N}.-])(?<host>(?:${NAME}[.。]){1,8}(?<ending>xn--[a-z0-9-]{1,59}|\\p{L}{2,24}))(?![\\p{L}\\p{N}-])(?<tail>(?::\\d{1,5})?(?:[/?#][^\\s]{0,2000})?)`,
  'gu',
);
const WORD_FOR_DOT = 'dot|d0t|punkt|punto|ponto|point|kropka|nokta|tchk|тчк|точка|крапка';
/** "site dot com", "site (dot) com", "site[.]com", "site . com". */
const DISGUISED = [
  new RegExp(
    `${START}${NAME} {0,3}[([{<*_-]{1,2} {0,2}(?:[.,]|${WORD_FOR_DOT}) {0,2}[)\\]}>*_-]{1,2} {0,3}\\p{L}{2,12}(?![\\p{L}\\p{N}])`,
    'gu',
  ),
  new RegExp(
    `${START}${NAME} {1,3}(?:${WORD_FOR_DOT}) {1,3}(?:${PLAIN_ENDINGS}|com|gg|tv|io|me|link|ком|ру)(?![\\p{L}\\p{N}])`,
    'gu',
  ),
  new RegExp(
    `${START}${NAME}(?: {1,3}[.。] {0,3}|[.。] {1,3}|,)(?:${PLAIN_ENDINGS})(?:\\/[^ ]{0,200}|(?![\\p{L}\\p{N}]))`,
    'gu',
  ),
  /\bh(?:xx|\*\*)ps? ?: ?\/ ?\/|\bhttps?(?: : ?\/ ?\/|: \/ ?\/| (?=[a-z0-9-]+\.))/gu,
];
const ADDRESS =
  /(?<![\d.])(?:(https?:\/\/)|\b)(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})(?::\d{2,5}(?:\/\S{0,200})?|\/\S{0,200})?(?![\d.])/gu;
const HARMFUL_SCHEME = /\b(?:javascript|data|vbscript|file): ?[^\s:][^\s]/gu;

export function suspectLinks(units: readonly Unit[], written: string, allowedSites: readonly string[]): Suspicion[] {
  const { text, at } = spelled(units);
  const spanOf = (index: number, length: number): { from: number; to: number } => ({
    from: at[index]?.from ?? 0,
    to: at[index + length - 1]?.to ?? written.length,
  });
  const found: Suspicion[] = [];
  for (const match of text.matchAll(HOST)) {
    const { scheme, user, host = '', ending = '', tail = '' } = match.groups ?? {};
    const span = spanOf(match.index, match[0].length);
    if (user && !scheme) continue; // An e-mail address.
    const isAt = match.index + match[0].indexOf(host, (scheme?.length ?? 0) + (user?.length ?? 0));
    const hostSpan = spanOf(isAt, host.length);
    const meant = (scheme ?? '') !== '' || /^www\./.test(host) || /^(?::\d+)?\//.test(tail);
    const kind = kindOf({
      host: written.slice(hostSpan.from, hostSpan.to),
      units: at.slice(isAt, isAt + host.length),
      ending,
      meant,
      tail,
      allowedSites,
    });
    if (user && scheme) found.push({ kind: 'lookalike_link', spans: [span], detail: match[0].slice(0, 100) });
    else if (kind) found.push({ kind, spans: [span], detail: host });
  }
  for (const pattern of [...DISGUISED, HARMFUL_SCHEME]) {
    for (const match of text.matchAll(pattern)) {
      found.push({
        kind: 'disguised_link',
        spans: [spanOf(match.index, match[0].length)],
        detail: match[0].slice(0, 100),
      });
    }
  }
  for (const match of text.matchAll(ADDRESS)) {
    const isElsewhere = match[2] !== '127' && match.slice(2, 6).every((part) => Number(part) < 256);
    const isAddress = isElsewhere && /[:/]/.test(match[0]);
    if (isAddress)
      found.push({ kind: 'link', spans: [spanOf(match.index, match[0].length)], detail: match[0].slice(0, 100) });
  }
  return found;
}

interface Site {
  /** As written. */
  host: string;
  units: readonly Unit[];
  ending: string;
  /** A scheme, "www." or a path says that a link is meant. */
  meant: boolean;
  tail: string;
  allowedSites: readonly string[];
}

function kindOf({ host, units, ending, meant, tail, allowedSites }: Site): Suspicion['kind'] | null {
  const name = host.normalize('NFKC').toLowerCase().replaceAll('。', '.');
  const isEnding = ENDINGS.has(ending) || ending.startsWith('xn--');
  if (!meant && (!isEnding || ALSO_WORDS.has(ending)) && !isSite(name, KNOWN_SITES) && !isSite(name, SHORTENERS)) {
    return imitationOf(name, units) === 'certain' ? 'lookalike_link' : null;
  }
  if (isSite(name, SHORTENERS) || (/^discord(?:app)?\.com$/.test(name) && tail.startsWith('/invite')))
    return 'short_link';
  if (isSite(name, KNOWN_SITES) || isSite(name, new Set(allowedSites.map((site) => site.toLowerCase())))) return null;
  return imitationOf(name, units) ? 'lookalike_link' : 'link';
}

/** The site itself or what stands below it. */
function isSite(name: string, sites: ReadonlySet<string>): boolean {
  const labels = name.split('.');
  return labels.some((_label, nth) => sites.has(labels.slice(nth).join('.')));
}

/** The folded text, and the unit that each of its UTF-16 units came from. */
function spelled(units: readonly Unit[]): { text: string; at: Unit[] } {
  const at: Unit[] = [];
  let text = '';
  for (const unit of units) {
    text += unit.char;
    for (let nth = 0; nth < unit.char.length; nth++) at.push(unit);
  }
  return { text, at };
}
