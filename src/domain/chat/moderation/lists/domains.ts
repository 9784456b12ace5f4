// Names of the web: sites that every room lets through, those that hide where they lead, those that others pretend to be, endings.
const words = (text: string): ReadonlySet<string> => new Set(text.trim().split(/\s+/));

/** Well-known sites where nobody can put a page under the site's own name that is not marked as a user's. A room adds its own. */
export const KNOWN_SITES = words(`
  youtube.com youtu.be twitch.tv clips.twitch.tv kick.com vimeo.com wikipedia.org wikimedia.org wiktionary.org github.com gitlab.com stackoverflow.com
  reddit.com twitter.com x.com bsky.app mastodon.social instagram.com facebook.com tiktok.com spotify.com soundcloud.com bandcamp.com imdb.com steampowered.com
  store.steampowered.com steamcommunity.com speedrun.com liquipedia.net chess.com lichess.org nintendo.com playstation.com xbox.com minecraft.net
  mozilla.org nodejs.org python.org npmjs.com google.com bbc.co.uk bbc.com nytimes.com theguardian.com lemonde.fr spiegel.de elpais.com asahi.com nasa.gov europa.eu
  asp.net vb.net socket.io draw.io deno.land unicode.org ietf.org w3.org obsproject.com developer.mozilla.org cloudflare.com archive.org gutenberg.org`);

/** One cannot see where these lead. */
export const SHORTENERS = words(`
  bit.ly tinyurl.com t.co goo.gl ow.ly is.gd v.gd buff.ly rebrand.ly cutt.ly shorturl.at rb.gy tiny.cc t.ly s.id bl.ink soo.gd adf.ly ouo.io bc.vc linktr.ee lnkd.in
  shorte.st clck.ru vk.cc u.to qps.ru grabify.link iplogger.org iplogger.com 2no.co yip.su bitly.com tinyurl.is short.gy dub.sh lnk.bio urlz.fr tr.im kutt.it
  t.me wa.me telegram.me chat.whatsapp.com discord.gg discord.com/invite amzn.to`);

/** Whom scammers pretend to be: the label in front of the ending. */
export const IMITATED = words(`
  paypal steamcommunity steampowered discord discordapp twitch youtube google gmail facebook instagram whatsapp telegram netflix amazon apple icloud microsoft
  binance coinbase metamask kraken blockchain opensea roblox fortnite epicgames riotgames minecraft playstation nintendo twitter tiktok spotify ebay
  streamlabs streamelements kick reddit github dropbox`);

/** Where the imitated really live, beside .com. */
export const GENUINE_ENDINGS = words(
  `com com.br co.uk co.jp de fr es it nl pl in ca com.au com.tr tv gg org net gov me us at ch be se jp app dev gift media new`,
);

/** What a fake site adds to the name. */
export const BAIT =
  /nitro|gift|free|login|signin|verif|secure|support|airdrop|drops?$|trade|promo|bonus|wallet|reward|claim|skins?|giveaway|account|update|help/;

export const ENDINGS = words(`
  com net org info biz xyz top site online shop store club live app dev io gg tv fm ly cc ws ru su ua by kz pl cz sk hu ro bg rs hr si de at ch fr es it pt nl be se no dk fi ee lv lt
  uk ie eu us ca mx br ar cl co pe in pk bd id my sg th vn ph cn jp kr tw hk au nz za ng ke eg ma tn sa ae ir il tr gr
  me to is so la am ai sh st vc tk ml ga cf gq pw cam cash loan win bid vip fun icu cyou rest bar pro link click work world today life games game bet casino porn sex adult xxx dating chat money
  finance gold rip lol wtf ninja tech space website host press news blog cloud network digital media gift gives zip mov page web email mobi name tel asia africa cat edu gov int mil ink wiki team
  рф бел укр москва онлайн сайт 中国 网址 한국`);

/** Endings that are also words, or endings of file names: a bare name with one is a link only if something else says so. */
export const ALSO_WORDS = words(`
  it is in to me no so be at my as us am la do id ma al es se de st ws by si hr rs sh md py ai ly pro work world today life games game bet gold lol wtf rip cash money live fun win bar rest cat news team
  name page web zip mov tel bid vip press space host chat link click gift gives porn sex adult xxx blog email wiki ink cam fm co pe int mil store app dev cloud media tech club pt fr it ca`);

/** Endings that are held even when the dot stands apart ("example . com"). */
export const PLAIN_ENDINGS = 'com|net|org|info|biz|xyz|ru|shop|site|online|club|top|store';
