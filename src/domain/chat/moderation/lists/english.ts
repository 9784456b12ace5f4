// English: what obscenity's data set does not have, and what it has in a form that would hit other languages.
import type { WordList } from './word-list.ts';

export const english: WordList = {
  slur: `
    +*nigger*, +*nigga, +niggas, +niggaz, niglet*, nigs, n#gger*, n##ger*, n#gga*, n###er*, sandnigger*, negroid*, +*faggot*, fag, fags, faggy, fgt, fggt, f#ggot*, kike, kikes,
    chink, chinks, chinky, gook, gooks, spic, spics, wetback*, coon, coons, paki, pakis, raghead*, towelhead*, tranny, trannies, trannys, dyke, dykes,
    +retard, +retards, +retarded, retardo, fucktard*, libtard*, r#tard*, beaner, beaners, zipperhead*, darkie, darkies, jigaboo*, porch monkey*, shemale*,
    heil hitler, sieg heil, gas the jews, kill all jews, kill the jews, kill all muslims, kill all blacks, kill all gays, white power, 1488, hitler was right, hitler did nothing wrong,
    dirty jew, dirty jews, filthy jew, dirty arab, dirty mexican*, filthy muslim*, filthy immigrant*, monkey race, inferior race, subhuman*,
    blacks are monkeys, go back to africa, back to the jungle, all gays should die, gays should burn, trans freak*, faggotry, sodomite*`,
  harassment: `
    kys, kms yourself, kill yourself*, kill your self, +killyourself, kill urself, go kill yourself, go die, go and die, please just die, just die already, you should just die, go jump off,   please die, you should die, you should be dead, you deserve to die,
    i hope you die*, hope you get cancer, hope you get aids, get cancer, hope you rot, rot in hell, neck yourself, hang yourself, off yourself, shoot yourself,
    slit your wrist*, cut your wrist*, go cut yourself, drink bleach, end your life, end yourself, end it all already, jump off a bridge, jump off a cliff, jump off a building, nobody likes you, no one likes you, noone likes you, nobody wants you,
    no one wants you, nobody loves you, no one loves you, nobody cares about you, nobody would miss you, no one would miss you, everyone hates you, everybody hates you, we all hate you, i hate you so much, you are worthless, you are nothing, you are a nobody, worthless piece*,
    you are disgusting, you disgust me, you are ugly, you are so ugly, youre so fat, you are so fat, you are fat, you are a fat, fat pig, fat cow, fat ugly, ugly pig, ugly cow, ugly bitch, ugly freak, disgusting pig, disgusting freak,
    disgusting animal, piece of trash, piece of garbage, human garbage, human trash, waste of oxygen, waste of air, waste of space, waste of skin, waste of life, better off dead, better off without you,
    world would be better without you, world is better without you, go back to your country, go back to where you came from, get out of my country, get out of our country, deport yourself,
    dont deserve to live, do not deserve to live, dont deserve to breathe, uninstall life, uninstall yourself, should have been aborted, should have aborted you, should have swallowed, you should never have been born, wish you were never born, wish you were dead,
    your mother is a whore, your mom is a whore, your mom is a slut, your mum is a whore, your sister is a whore, you belong in the kitchen, go back to the kitchen, back to the kitchen, women belong in the kitchen, make me a sandwich woman,
    die in a fire, die in a hole, die of cancer, die slowly, burn in hell, choke and die, choke on it and die, eat shit and die, i hope your family dies, hope your mom dies, hope your mother dies, hope your kids die, your family should die, end your miserable life, your miserable life,
    you make me sick, face only a mother,   you look like a pig, you look like a whale,  ugly ass,  go see a shrink, `,
  threat: `
    i will kill you*, i will murder you, going to kill you, going to murder you,  kill your family, kill your mom, kill your kids, kill your dog, i will find you and*, i will find where you live, i know where you live, know where you live, know where you work,
    found your address, found your house, have your address, got your address, leak your address, i will hurt you, i will beat you up, beat the shit out of you, i will break your legs, i will break your neck, i will stab you,
    going to stab you, going to hurt you, going to beat you, i will shoot you, going to shoot you, shoot up the*, shoot up your, bomb your house, bring a gun, slit your throat, cut your throat, burn your house, burn down your house,
    come to your house, coming to your house, outside your house, better watch your back, i will dox*, going to dox*, dox you, doxx you, doxxed you, swat you, swatted you, getting swatted, get you swatted, rape you, raped you, rape her, rape your, get raped, should be raped, deserve to be raped, i will rape, going to rape, you will be dead, you are dead meat, you wont live to,
    acid in your face, put a bullet in*, bullet in your head, your days are numbered, i will end you, `,
  sexual: `
    porn, porno, pornos, pornhub*, p0rn*, porn videos, send nudes, send me nudes, nude pics, your nudes, show nudes, blowjob*, blow job*, handjob*, hand job, rimjob*, dildo*, jerk off, jerking off, jack off, jacking off,
    suck my dick, suck my cock, suck my balls, suck a dick, suck a cock, suck dick*, suck it bitch, my dick, my cock, my balls in your, lick my balls, lick my pussy, eat my ass, sit on my face, ride my dick, ride my cock, ride my face, deepthroat*, deep throat, gangbang*, gang bang*, bukkake, milf, milfs, hentai, anal, anal sex,
    vagina, vaginas, penis, penises, boobs, boobies, tits, titties, tiddies, titty, horny, cum, cumming, cumshot*, cumdump*, cum on your, cum inside, jizz*, masturbat*, fap, fapping, orgasm, orgasms, orgy, big cock, show tits, show boobs, show your tits, show your boobs, show us your tits, show us your boobs, show us your pussy, 
    take off your clothes, take your clothes off, take off your shirt, take your shirt off, take it off babe, get naked, strip for me, are you wet, bend over babe, bend over baby, sex chat, sex cam*, xxx video*, xxx cam*, camgirl*, cam girl*, child porn*, +childporn, cp link*, jailbait, loli porn, creampie*, fuckboy*,
    wanna fuck, want to fuck, fuck me daddy, have sex with you, sex with you, sex with me, your sexy body, nice ass, nice tits,  those tits, that ass, spread your legs, i want to taste you, upskirt*, doggystyle, doggy style, butt plug*, buttplug*, cock ring, ballsack, nutsack, cameltoe`,
  profanity: `
    +*fuck*, fuk, fuks, fuking, fukin, fuker*, fukk*, fuxk*, fcuk*, fck, fcking, fcker, fvck*, phuck*, phuk, phuker*, phuking, fawk, fahk, f you, f off, stfu, gtfo, f#k*, *f#ck*, f##, f#ing, fk you, fk off, fkn, fking, effing idiot,
    shit, shits, shitty, shitter, shitters, shithead*, shithole*, shitshow*, shitstain*, shitbag*, shitface*, shite, shiit, sh#t*, s#t, +bullshit*, dipshit*, horseshit, dogshit, batshit, apeshit, chickenshit, piece of shit,
    +bitch, +bitches, bitchy, bitching, bitchass*, b#tch*, b#h, biatch*, biotch, bich, b1tch, beeyotch, sonofabitch, son of a bitch, +*asshole*, arsehole*, a#hole*, ass, dumbass*, jackass*, fatass*, lardass*, asshat*, assclown*, asswipe*, assface*, arse, kiss my ass, my ass,
    bastard, bastards, dick, dicks, dickhead*, dickwad*, dickface*, d#ck, d#ckhead, dik head, cock, cocks, c#ck, +cocksucker*, cockhead*, +cunt, +cunts, cunty, c#nt*, c##t, cvnt,  pussy, pussies, p#ssy, pussi, puss y, piss, piss off, pissing, pisser, pissface, prick, pricks, wanker*, wank, wanking, twat, twats,
    tosser, tossers, bollocks, bugger off, bellend*, knobhead*, douche, douches, douchebag*, mofo, mofos, motherfkr, slut, sluts, slutty, slutbag*, whore, whores, whorehouse, wh#re, whor, skank, skanks, skanky, thot, thots, turd, turds, 🖕, fugly, cuck, cucks, cuckold*, scumbag*, jerkoff, ballbag, minger`,
  insult: `
    idiot, idiots, moron, morons, stupid, dumb, loser, losers, clown, noob, ugly, pathetic, trash, garbage, crap, crappy, imbecile, freak, creep, shut up, you suck, hate you, i hate, kill you, nazi, nazis, sucks, screw you, fat, dumbo, dork, brainless, cancer`,
  innocent: `
    dick van, moby dick, philip k dick, dick cheney, dick grayson, dick turpin, dick clark, dick tracy, dick dastardly, dick whittington, dick winters, dick wolf, dick smith, dick button, dick allen, dick butkus, dick vitale, uncle dick, andy dick, tom dick and harry, spotted dick,
    zu dick, bin dick, ist dick, so dick, sehr dick, nicht dick, ganz dick, dick und, dick aufgetragen, dick eingepackt, dick im, mega dick, van dyke, ann dyke,
    cock and bull, cock a doodle, cock a leekie, stop cock, ball cock, weather cock, cock crow, cock crows, hancock, cock robin, cock o, pussy cat, pussy cats, pussycat, pussy willow, pussy willows, pussy riot, octo pussy, octopussy,
    maine coon, coon cat, coon cats, racc coon, spic and span, spic n span, chink in the armor, chink in the armour, chink in his armour, chink in her armour, chink in its armour, chinks in the armor, chinks in the armour, chink of light, chink in my armor,
    en retard, du retard, le retard, un retard, de retard, retard de, ce retard, mon retard, son retard, notre retard, retard du, quel retard, cum laude, cum grano, vade cum, cum dignitate, habemus cum, stratford cum, chorlton cum,
    till slut, slut pa, tar slut, ta slut, ar slut, slut nu, slut for, slut med, pa slut, matchen slut, slut i, snart slut, aldrig slut, tog slut, filmen slut,
    fucking austria, fucking in austria, fucking osterreich, village of fucking, town of fucking, fucking oberosterreich, fucking upper austria, named fucking, called fucking, fucking now fugging, fugging, wank bahn, wank mountain, mount wank, berg wank, wankbahn,
    great tits, blue tits, coal tits, tits and finches, tits and sparrows, blue tit, great tit, tit for tat, tits at the feeder, marsh tits, boobies bird, blue footed boobies, footed boobies, booby, prick up, prick your finger, prick her finger, prick my finger, finger prick, pin prick, prick the, pricks up, pricks your,
    ass burger, ass in, ass and, an ass or, wild ass, wild asses, jack ass, african ass, law is an ass, balaam s ass, on an ass, ox or ass, ox and ass, an ass,
    tom petty, bloody bastard sword, bastard sword, bastard operator, jon snow bastard, bastard of, bastard feudalism, inglourious bastard, bastard file, paris hilton, anal retentive, anal ogy, ana l, bugger all, cunt blue, cum rag, horny goat, horny toad, horny toads, horn y,
    kill you in the game, piss artist, pissarro, wet back, wank el, retard the, retard ignition, retard timing, ignition retard, retards the, retards growth, retard growth, retarded potential, retarded time, niggard*, snigger*, montenegro, orgy of, anal fistula,
    john fag, fag end, fags at the back, dyke road, the dyke, dykes and, offa s dyke, offas dyke, devil s dyke, devils dyke, antonine dyke, sea dyke, dutch dyke, dutch dykes, dykes in, dyke in the netherlands,
    waste of space marine, space waste, burn in hell raiser, penis envy, sperm whale, penis museum, vagina monologues, museum of the penis`,
};
