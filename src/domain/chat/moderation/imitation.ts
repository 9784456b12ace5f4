// Does a host pretend to be somebody else's site?
import type { Unit } from './fold.ts';
import { BAIT, GENUINE_ENDINGS, IMITATED, KNOWN_SITES } from './lists/domains.ts';

/** What is left of a name when everything that the eye confuses is made the same. */
const blurred = (name: string): string =>
  name
    .replace(/rn/g, 'm')
    .replace(/vv/g, 'w')
    .replace(/cl/g, 'd')
    .replace(/0/g, 'o')
    .replace(/[1i|j]/g, 'l')
    .replace(/5/g, 's')
    .replace(/3/g, 'e')
    .replace(/4/g, 'a')
    .replace(/8/g, 'b')
    .replace(/(.)\1+/g, '$1');

const BLURRED = new Map([...IMITATED].map((label) => [blurred(label), label]));

/** `certain`: whatever ending it has. `name` as written (lower case); null: it pretends nothing. */
export function imitationOf(name: string, units: readonly Unit[]): 'certain' | 'likely' | null {
  const isAscii = /^[\x20-\x7e]*$/.test(name);
  if (!isAscii && hasDisguisedLetters(units)) return 'certain';
  const folded = units
    .map(({ char, twin }) => twin ?? char)
    .join('')
    .replaceAll('。', '.');
  if (!isAscii && [...KNOWN_SITES].some((site) => folded === site || folded.endsWith(`.${site}`))) return 'certain';
  const labels = folded.split('.');
  const site =
    /^(?:com?|org|net|gov)$/.test(labels.at(-2) ?? '') && labels.length > 2 ? labels.length - 3 : labels.length - 2;
  const [label = '', ending = ''] = [labels[site], labels.slice(site + 1).join('.')];
  const owner = BLURRED.get(blurred(label));
  if (owner !== undefined) {
    if (label !== owner || !isAscii) return 'certain';
    return GENUINE_ENDINGS.has(ending) ? null : 'likely';
  }
  // "paypal-login.com", "steamcommunity.com.trade.ru", "discordnitro.gift"
  if (label.split('-').some((part) => part !== label && BLURRED.has(blurred(part)))) return 'certain';
  if (labels.slice(0, site).some((part) => part.length > 4 && BLURRED.has(blurred(part)))) return 'certain';
  const isBait =
    BAIT.test(label) && [...BLURRED.keys()].some((brand) => brand.length > 4 && blurred(label).includes(brand));
  return isBait ? 'certain' : null;
}

/** Letters of another alphabet among Latin ones, in one label. */
function hasDisguisedLetters(units: readonly Unit[]): boolean {
  const labels: Unit[][] = [[]];
  for (const unit of units) {
    if (unit.char === '.' || unit.char === '。') labels.push([]);
    else labels.at(-1)?.push(unit);
  }
  return labels.some((label) => {
    const letters = label.filter(({ kind }) => kind === 'letter');
    return (
      letters.some(({ script }) => script === 'latin') &&
      letters.some(({ script }) => script === 'cyrillic' || script === 'greek')
    );
  });
}
