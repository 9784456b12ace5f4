// German, Dutch and the languages of Scandinavia.
import type { WordList } from './word-list.ts';

export const germanic: WordList[] = [
  {
    slur: `
      kanake*, kanacke*, neger, negern, negerin, +schwuchtel*, schwule sau, schwuler hund, scheiß ausländer, scheiss ausländer, drecks ausländer, scheiß juden, scheiss juden, scheiß türken, scheiss türken, drecksjude*, drecksneger*, untermensch*, judensau*, ausländer raus, juden raus, ab ins gas, spasti, spastis, spast, spasten, du mongo, mongos,
      missgeburt*, schlitzauge*, zigeunerpack, kameltreiber*, kümmeltürke*,   tunte, behinderter hund, bist du behindert, du behinderter`,
    harassment: `
      bring dich um, bringt euch um, bring dich doch um, häng dich auf, häng dich doch auf, geh sterben, geh bitte sterben,  stirb einfach, stirb endlich, verrecke, verreck doch, erschieß dich, spring von der brücke, spring von einer brücke, spring vom dach, niemand mag dich, keiner mag dich, niemand liebt dich, keiner will dich, niemand vermisst dich, niemand würde dich vermissen,
      alle hassen dich, du bist hässlich, du bist so hässlich, du bist wertlos, du bist ekelhaft, du widerst mich an, fette sau, fettes schwein, fette kuh, fetter sack, hässliche kuh, dumme kuh, dumme sau, dumme gans, blöde kuh, hässliche sau, dreckiges schwein, geh zurück in dein land, geh zurück wo du herkommst, verpiss dich aus, abschaum, untermenschlich, du lebst noch, hättest abgetrieben, abgetrieben werden sollen, krepier*, ritz dich, deine mutter ist eine, deine mudda, du gehörst in die küche, zurück in die küche, ab in die küche`,
    threat: `
      ich bring dich um, ich bringe dich um, ich töte dich, ich mach dich kalt, ich stech dich ab, ich schlag dich tot, ich schlage dich tot, ich erschieße dich, ich weiß wo du wohnst, wir wissen wo du wohnst, weiß wo du wohnst, weiß wo dein haus, ich finde dich, ich komme zu dir nach hause, ich brech dir, ich hau dir in die fresse, ich hau dir aufs maul, ich vergewaltige, vergewaltige dich, vergewaltigt werden, du bist tot wenn, ich polier dir`,
    sexual: `
      titten, zeig titten, zeig deine titten,  zieh dich aus, schwanzlutscher*, lutsch meinen, lutsch mir, meinen schwanz, blas mir, blas mir einen,  möse, ficken mit dir, geile sau, geile titten, geiler arsch, bist du geil, wichsvorlage*, pornos, nacktbilder, schick nacktbilder, schick nudes, arschfick*,  bumsen`,
    profanity: `
      +arschloch*, +arschlöcher, arschl#ch, arsch, arschgeige*, arschkriecher*, arschgesicht*, arschgefickt*, leck mich, leck mich am, leck meine, =scheiß*, scheiss, scheisse*, scheiße*, sch#ße, schei#e, scheis, +scheisskerl*, beschissen*, beschissene, verpiss dich, verpisst euch, fick, ficken, ficker, fickt, fickst, gefickt, fickfehler*, fickdich, +fick dich, f#ck dich, fick deine, verfickt*, motherficker, +wichser*, wixer*, wixxer*, wichsen, gewichst, w#chser,
      +hurensohn*, +hurensöhne*, hurens#hn, h#rensohn, huso, husos, hure, huren, hurenkind*, hurentochter*, nutte, nutten, nuttensohn*, schlampe, schlampen, schlampig gefickt, +fotze*, votze*, f#tze, fotzen, pisser, pissnelke*, pisskopf*, halts maul, halt's maul, halt dein maul, halt die fresse, halt deine fresse, fresse halten, halt die klappe du, drecksau*, dreckskind*, drecksack*, drecksschwein*, mistgeburt*, mistkerl*, miststück*, bastard, bastarde, vollspast*, vollpfosten du, penner, pennern, schwanzkopf*, sackgesicht*, scheißhaufen, kackbratze*, kacke, zur hölle mit dir, ehrenlos*, ehrenloser, nuttenkind*, opferkind*, dummbeutel`,
    insult: `idiot, vollidiot*, trottel, depp, blödmann, dumm, opfer, versager, loser, hässlich, ekelhaft, hau ab, lappen, halt die klappe`,
    innocent: `arsch der welt, penner netto, penner leben auf, hure babylon, sperma wal`,
  },
  {
    slur: `flikker, flikkers, mongool, mongolen hoer, kankerjood*, kankerneger*, kankerturk*, kankermarokkaan*, vieze jood, vuile jood, vuile turk, vuile neger, zwartje, nikker, nikkers, jävla neger, jävla bög, bögjävel*, blatte, blattar, svartskalle*, neekeri*`,
    harassment: `krijg kanker, krijg de kanker, ga dood, ga toch dood, maak jezelf af, pleeg zelfmoord, hang jezelf op, niemand mag jou, niemand vindt je leuk, vies varken, dikke koe, gå och dö, ta livet av dig, ta ditt liv, häng dig, ingen gillar dig, du är ful, du är äcklig, fete gris, gå og dø, ta livet av deg, heng deg, tag livet af dig, tapa itsesi, kuole pois, mene kuolemaan, hirtä itsesi, kukaan ei pidä sinusta`,
    threat: `ik maak je af, ik vermoord je, ik weet waar je woont, ik steek je neer, jag ska döda dig, jag dödar dig, jag vet var du bor, jeg dreper deg, jeg skal drepe deg, jeg ved hvor du bor, jeg vet hvor du bor, jeg slår dig ihjel, tapan sinut, tiedän missä asut`,
    sexual: `zuig mijn lul, zuig me pik, laat je tieten zien, lekkere tieten, tieten, visa tuttarna, visa brösten, suga kuk, sug min kuk, näytä tissit, ime munaa`,
    profanity: `kankerlijer*, kankerhoer*, kankermongool*, kankerwijf*, kankerhond*, kanker op, teringlijer*, tyfuslijer*, tyfushoer*, teringwijf*, tering hoer, hoer, hoeren, hoerenzoon*, hoerenkind*, kutwijf*,  kuthoer*, klootzak*, klootzakken, godverdomme, gvd, neuken, neuk je, neuk je moeder,    sukkel rot op, rot op, pleur op, optyfen, optiefen, smeerlap, mierenneuker*, stomme trut,
      =jävla, =jävlar, =jävel, javla hora, fitta, fittor, fittan, din hora, jävla hora, fula hora, horunge*, kuk, kukhuvud*, knulla, knull, rövhål*, dra åt helvete, håll käften, skitunge, faen, fitte, fittetryne*, kuksuger*, ræv, rævhull, drittsekk*, hold kjeft din, dra til helvete, kælling, luder, røvhul*, =knep dig, fandens, skide,
      vittu, vitun, vittuun, vitut, haista vittu, perkele, saatana, saatanan, kusipää*, huora, huoran, huorat, kyrpä, kyrvän, mulkku*, paskapää*, ime kyrpää, runkkari*`,
  },
];
