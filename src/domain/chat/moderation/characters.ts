// What a character can pass for: look-alikes of Latin and Cyrillic letters, and the digits and signs that stand for letters.

/** Pairs, as in 'аa вb': the first character is seen as the second part. Raw characters: case matters to what they look like. */
const pairs = (text: string): Map<string, string> =>
  new Map(
    text
      .trim()
      .split(/\s+/)
      .map((pair) => {
        const [from = ''] = pair;
        return [from, pair.slice(from.length)];
      }),
  );

/** Letters of other alphabets that cannot be told from a Latin one: a whole word of them is taken for Latin too. */
const TWINS = pairs(`
  Аa аa Вb Сc сc Ее еe Ёe ёe Нh һh Іi іi Їi їi Јj јj Кk кk Мm Оo оo Рp рp Ѕs ѕs Тt Уy уy Үy үy Хx хx ԁd ӏl Ӏl ԛq ԝw ѵv Ԍg ԍg
  Αa αa Βb Εe Ζz Ηh Ιi ιi Κk κk Μm Νn νv Οo οo Ρp ρp Τt τt Υy υu Χx χx ϲc ϳj
  օo սu հh յj ցg ոn ռn Ꭺa Ᏼb Ꮯc Ꭰd Ꭼe Ꮐg Ꮋh Ꭵi Ꭻj Ꮶk Ꮮl Ꮇm Ꮲp Ꮪs Ꭲt Ꮩv Ꮃw Ꮓz`);

/** Letters that pass for a Latin one only in company of Latin letters. */
const COUSINS = pairs(`
  Вb вb нh мm тt гr Гr иu Иu пn Пn шw щw Яr яr зe ьb лn цu Дd дd єe Єe эe жx
  βb εe ηn γy σo ςc ωw μu πn θo Θo λl δd Λa Δa Σe Ωo ζz ξe ψw φo`);

/** Latin letters of other shapes: small capitals, phonetic signs, turned letters, and those whose stroke does not decompose. */
const SHAPES = pairs(`
  ᴀa ʙb ᴄc ᴅd ᴇe ꜰf ɢg ʜh ɪi ᴊj ᴋk ʟl ᴍm ɴn ᴏo ᴘp ʀr ꜱs ᴛt ᴜu ᴠv ᴡw ʏy ᴢz ɑa ɡg ıi ɩi ƒf ʋu ɓb ƈc ɗd ɖd ɠg ƙk ƥp ƭt ʂs ɾr
  øo Øo łl Łl đd Đd ħh Ħh ŧt Ŧt ƀb ɨi ʉu ⱥa ȼc ɇe ɉj ꝁk ɍr æae Æae œoe Œoe ßss ẞss ðd þth ŋn ɛe ɐa ɔc ǝe ɟf ʞk ʇt ɥh ɹr ʌv ʍw ʎy
  ℮e ∂d ∩n ∪u ⊂c †t`);

/** Digits and signs that stand for a letter inside a word. */
export const LEET = pairs('0o 1i 2z 3e 4a 5s 6g 7t 8b 9g @a $s !i |i +t €e £l ¢c ¥y §s ×x ¡i (c');
/** The other reading of an upright stroke. */
export const STROKES: ReadonlySet<string> = new Set(['1', '!', '|']);
/** Signs that count only with a letter on both sides: elsewhere they are punctuation. */
export const INNER_SIGNS: ReadonlySet<string> = new Set(['!', '|', '+', '(', '¡', '×']);

/** What stands for a Cyrillic letter in a word of Cyrillic letters. */
export const TO_CYRILLIC = pairs(
  'aа bь cс eе kк mм hн oо pр tт yу xх uи nп rг iі 0о 3з 4ч 6б @а $с αа εе οо ρр τт υу χх κк νу',
);

const isBetween = (code: number, first: number, last: number): boolean => code >= first && code <= last;

/** A letter in a square or circle, which no normal form takes out of it; null: no such letter. */
function framed(code: number): string | null {
  for (const first of [0x1f130, 0x1f150, 0x1f170]) {
    if (isBetween(code, first, first + 25)) return String.fromCharCode(97 + code - first);
  }
  return null;
}

export const isFlagLetter = (code: number): boolean => isBetween(code, 0x1f1e6, 0x1f1ff);
export const flagLetter = (code: number): string => String.fromCharCode(97 + code - 0x1f1e6);

/** The Latin letters this character is, whatever its shape; null: none. */
export const latinShape = (char: string): string | null => SHAPES.get(char) ?? framed(char.codePointAt(0) ?? 0);
export const twinOf = (char: string): string | undefined => TWINS.get(char);
export const cousinOf = (char: string): string | undefined => COUSINS.get(char);

export type Script = 'latin' | 'cyrillic' | 'greek' | 'hebrew' | 'arabic' | 'indic' | 'thai' | 'hangul' | 'ideograph';

/** The writing a letter belongs to, as far as word lists are kept apart by it. */
export function scriptOf(code: number): Script {
  if (code < 0x370) return 'latin';
  if (code < 0x400) return 'greek';
  if (code < 0x530) return 'cyrillic';
  if (isBetween(code, 0x590, 0x5ff)) return 'hebrew';
  if (isBetween(code, 0x600, 0x8ff)) return 'arabic';
  if (isBetween(code, 0x900, 0xdff)) return 'indic';
  if (isBetween(code, 0xe00, 0xeff)) return 'thai';
  if (isBetween(code, 0x1100, 0x11ff) || isBetween(code, 0x3130, 0x318f) || isBetween(code, 0xac00, 0xd7a3))
    return 'hangul';
  if (isBetween(code, 0x2e80, 0x312f) || isBetween(code, 0x3190, 0x9fff) || isBetween(code, 0x20000, 0x3ffff)) {
    return 'ideograph';
  }
  return 'latin';
}
