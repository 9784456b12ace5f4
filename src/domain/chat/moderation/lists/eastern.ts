// Turkish, Greek, Hebrew, Arabic, Persian, and the languages of India; Hindi also in Latin letters.
import type { WordList } from './word-list.ts';

export const eastern: WordList[] = [
  {
    slur: `=ibne, ibneler, ibnelik, =gavur, kürt piçi, ermeni dölü, ermeni piçi, zenci pisliği, pis zenci, pis arap, pis kürt, pis yahudi, pis çingene, suriyeli pisliği, pis suriyeli, top musun, dönme ibne, travesti ibne`,
    harassment: `geber, gebersin, gebersene, geberin, kendini öldür, öldür kendini, intihar et, git intihar et, git öl, öl artık, öl geber, kendini as, kendini assana, köprüden atla, seni kimse sevmiyor, kimse seni sevmiyor, kimse seni istemiyor, herkes senden nefret ediyor, çok çirkinsin, iğrençsin, iğrenç karı, şişko domuz, şişman domuz, domuz suratlı, değersizsin, bir hiçsin, insan müsveddesi, ülkene dön, ülkene geri dön, defol git ülkene, mutfağa dön, yaşamayı hak etmiyorsun, keşke ölsen, inşallah ölürsün`,
    threat: `seni öldüreceğim, seni öldürürüm, öldürürüm seni, öldüreceğim seni, seni gebertirim, evini biliyorum, nerede yaşadığını biliyorum, nerde oturduğunu biliyorum, adresini biliyorum, seni bulacağım, seni bulurum, seni döverim, ağzını burnunu kırarım, bacaklarını kırarım, sana tecavüz, tecavüz ederim, evini yakarım, seni bıçaklarım, kafana sıkarım`,
    sexual: `memelerini göster, göğüslerini göster, soyun, soyunsana, götünü göster, yala beni,  saksocu, yarrağımı, amcık, sikişelim, sikiş, porno, çıplak foto, nude at, azdım, taşaklarımı, otuzbir`,
    profanity: `amk, aq, amq, =amına, =amını, amına koy*, amina koy*, amınakoy*, aminakoy*, amın oğlu,  amcık*, +orospu*, orosbu*, orspu*, orospu çocuğu, orospu evladı, =oç, =oçlar, =piç, =piçler, =piçi, =piç kurusu, +siktir*, siktirgit, siktiğimin*, sktr, s#ktir, sikerim*, sikeyim*, sikik*, sikti*, sikicem, sikim, sikimde, sikimin, sikiyim*, sokayım, sokarım, anana sokayım, =göt, =götün, =götünü, =götüm, götlek*, götveren*, götoğlanı, göt herif, +yarrak*, yarram, yavşak*, yavsak*, kahpe*, kahbe*, pezevenk*, pezeveng*, gavat*, şerefsiz*, serefsiz*, haysiyetsiz*, namussuz*, ananı sik*, anani sik*,  anasını sik*, bacını sik*, ebeni sik*, sülaleni, =puşt, kaltak*, sürtük*, fahişe, bok yeme, bok herif, boktan, bok gibi, bok ye, it oğlu it, köpek soyu, eşşek oğlu, eşek oğlu, dalyarak*, taşşak*, hassiktir*, has siktir, defol git, kes sesini, kapa çeneni, mk çocuğu`,
    insult: `salak, aptal, mal, gerizekalı, geri zekalı, ezik, çirkin, pislik, şişko, öküz, eşek, manyak, dangalak`,
  },
  {
    slur: `πούστη, πούστηδες, πούστης, πουστρ*, κωλοαλβαν*, βρωμοαλβαν*, παλιοαλβανέ, αδερφή σιχαμένη, πουστάρα`,
    harassment: `να πεθάνεις, ψόφα, ψόφος, αυτοκτόνα, κρεμάσου, κανείς δεν σε αγαπάει, κανείς δε σε θέλει, χοντρό γουρούνι, είσαι άσχημη, είσαι σκουπίδι, γύρνα στη χώρα σου`,
    threat: `θα σε σκοτώσω, ξέρω πού μένεις, θα σε βρω, θα σε σφάξω`,
    profanity: `μαλάκα*, μαλάκας, μαλάκες, μαλακισμέν*, μαλακία, μαλακιες, malaka, malakas, πούτσα, πούτσες, πούτσο, πούτσος, γαμώ, γαμώτο, γαμώ τη*, γαμημέν*, γαμήσου, γαμιέσαι, γαμιόλα, γαμιόλη, γαμάω, άντε γαμήσου, πουτάνα, πουτάνας, πουτάνες, πουτάνα γιε, καριόλη, καριόλα, καριόληδες, μουνί, μουνιά, μουνόπανο*, αρχίδι, αρχίδια, σκατά, σκατό, σκατόψυχ*, κωλόπαιδο, κωλοτρυπίδ*, τσιμπουκ*, ξέκωλο, gamiesai, gamoto, gamisou, poutana`,
    insult: `βλάκα, ηλίθιε, ηλίθια, χαζέ`,
  },
  {
    slur: `כושי, כושים, כושית, ערבוש, ערבושים, הומו מסריח, הומואים מסריחים, קוקסינל, מפגר, מפגרת, מפגרים, יהודי מסריח, ערבי מסריח`,
    harassment: `תתאבד, תתאבדי, לך תתאבד, לכי תתאבדי, לך תמות, לכי תמותי, תמות, תמותי, אף אחד לא אוהב אותך, כולם שונאים אותך, שמנה מגעילה, שמן מגעיל, חזיר מגעיל, את מכוערת`,
    threat: `אני אהרוג אותך, אני אמצא אותך, אני יודע איפה אתה גר, אני יודע איפה את גרה, אני ארצח אותך, אני אאנוס אותך`,
    profanity: `זונה, זונות, בן זונה, בני זונות, בת זונה, בןזונה, כוס אמק, כוסאמק, כוס אמא שלך, כוס אוחתו, כוסית, שרמוטה, שרמוטות, מניאק, מניאקים, לך תזדיין, תזדיין, תזדייני, לך להזדיין, חרא, חתיכת חרא,  זין עליך, תמצוץ, תמצצי, קקה, מזדיין`,
    insult: `טמבל, דביל, אידיוט, מטומטם, מכוער`,
  },
  {
    slur: `يا زنجي, زنجي قذر, عبيد سود, يا رافضي, رافضي نجس, ناصبي نجس, يهودي قذر, يهودي نجس, نصراني نجس, لوطي, خول, خولات, شاذ قذر, كافر نجس, يا خول, شواذ قذرين, `,
    harassment: `اقتل نفسك, اقتلي نفسك, انتحر, انتحري, روح انتحر, روح موت, روحي موتي, موت يا, ان شاء الله تموت, انشالله تموت, الله ياخذك, الله يلعنك, الله يلعن*, يلعن ابوك, يلعن امك, يلعن والديك, لعنة الله عليك, محدش بيحبك, ما حد يحبك, لا احد يحبك, الكل يكرهك, كلهم يكرهوك, انت قبيح, انتي قبيحة, يا قبيحة, يا خنزير, يا خنزيرة, خنزير سمين, يا كلب, يا كلبة, كلب ابن كلب, يا حيوان, يا بقرة, ابن الكلب, ابن كلب, بنت الكلب, ولاد الكلب, يا زبالة, يا حثالة, يا قذر, يا نجس, يا وسخ, يا وسخة, ارجع لبلدك, ارجع بلدك, ارجعي المطبخ, مكانك المطبخ`,
    threat: `سأقتلك, ساقتلك, راح اقتلك, رح اقتلك, هقتلك, بقتلك, سوف اقتلك, اعرف وين ساكن, اعرف اين تسكن, اعرف بيتك, عارف بيتك, هجيلك البيت, سأجدك, راح اذبحك, سأذبحك, هدبحك, سأغتصبك, اغتصبك, هكسر راسك, راح اكسر راسك`,
    sexual: `سكس, صور سكس, افلام سكس,  نيكني, انيكك, بنيكك, هنيكك, ابعتي صورك, ورينا صدرك, وريني صدرك, اقلعي, مص زبي, مصي, زبي, زبك, بزازك, نودز, سكسي, نياكة`,
    profanity: `كس, كسك, كس امك, كس اختك, كسمك, كسم, كسمين, كس ام*, كسختك, شرموط, شرموطة, شرموطه, شراميط, الشرموطة, ابن الشرموطة, ابن شرموطة, عرص, عرصه, معرص, ابن العرص, قحبة, قحبه, قحاب, القحبة, ابن القحبة, ابن قحبة, بنت القحبة, متناك, متناكة, متناكين, ابن المتناكة, منيوك, منيوكة, منايك, ناكح, زب, زبر, طيز, طيزك, طيزي, خرا, خره, كل خرا, اكل خرا, كول خرا, خرا عليك, تفو عليك, عاهرة, عاهره, ابن العاهرة, ابن عاهرة, يا عاهرة, ديوث, يا ديوث, قواد, القواد, زانية, ابن الزانية, ابن الحرام, ابن حرام, ولد الحرام, بنت الحرام, ولد القحبة,  يا زامل,  كسمك, احا يا, kos omak, kosomak, kos ommak, sharmouta, sharmuta, sharmota, kahba, ya sharmouta, ibn el sharmouta, khara, 3ars, ya 3ars,   tizak, metnak, manyak, manyok,
      کیر, کیرم, کیری, جنده, جنده خانه, مادرجنده, مادر جنده, کونی, کسکش, کس کش, کس ننت, کس ننه, گاییدم, گاییدمت, حرومزاده, حرامزاده, لاشی, خارکسه, پدرسگ, بی ناموس, کثافت عوضی, گوه نخور, بمیر عوضی, kir to, kos kesh, koskesh, jende, madar jende,
      حرامی, بہن چود, بہنچود, مادر چود, مادرچود, گانڈو, چوتیا, رنڈی, کتے کی اولاد, کنجر, بھڑوا`,
    insult: `غبي, حمار, يا حمار, يا غبي, اخرس, احمق, كلب, فاشل, اسکت, احمق, خفه شو`,
    innocent: `كلب البحر, كلب صيد`,
  },
  {
    slur: `चमार, भंगी, कटुआ, कटुवा, मुल्ला कटुआ, हिजड़ा, हिजड़े, छक्का साला, नल्ला हिजड़ा, चिंकी, katua, katwa, katue, hijra saala, hijda, hijde, chamar, bhangi, malaun, chhakka hai tu`,
    harassment: `मर जा, मर जाओ, मर क्यों नहीं जाता, मर क्यों नहीं जाते, जा मर, जाके मर, खुदकुशी कर ले, आत्महत्या कर ले, फांसी लगा ले, तुझे कोई पसंद नहीं करता, कोई तुझे पसंद नहीं करता, सब तुझसे नफरत करते हैं, तू बदसूरत है, मोटी भैंस, मोटी सूअर, मोटा सूअर, सूअर की औलाद, कुत्ते की औलाद, सुअर की औलाद, अपने देश वापस जा, पाकिस्तान चले जाओ, रसोई में जा, mar ja, mar jao, ja mar, jaake mar, jake mar ja, suicide kar le, faansi laga le, koi tujhe pasand nahi karta, tujhe koi pasand nahi karta, moti bhains, suar ki aulad, kutte ki aulad, kutte ka pilla, pakistan chale jao, kitchen me ja`,
    threat: `जान से मार दूंगा, जान से मार दूँगा, तुझे मार दूंगा, तुझे मार डालूंगा, मार डालूंगा, काट डालूंगा, तेरा घर जानता हूं, तेरा घर जानता हूँ, तेरे घर आकर, घर में घुस कर मारूंगा, बलात्कार कर दूंगा, jaan se maar dunga, jaan se mar dunga, tujhe maar dunga, maar dalunga, kaat dalunga, tera ghar janta, tere ghar aa ke, ghar me ghus ke, rape kar dunga`,
    sexual: `चुदाई, चोद, चोदना, चोदूंगा, बूब्स दिखा, कपड़े उतार, नंगी, नंगी फोटो, सेक्सी फोटो, मुठ, boobs dikha*, kapde utar*, nangi, chudai, chod dunga, chodunga, chodna, chudwa*, muth maar*, nude bhej*, lund chus*, lund choos*, mera lund, lund le, doodh dikha`,
    profanity: `चूतिया, चूतिये, चुतिया, चुतिये, चूत, चूत के, मादरचोद*, मादर चोद, माँ चोद, बहनचोद*, बहन चोद, बेहनचोद, भेनचोद*, भैनचोद, बेटीचोद, भोसड़ी*, भोसडी*, भोसड़ीके, भोसड़ा, रंडी, रंडवा, रंडी की औलाद, गांडू, गाण्डू, गांड, गाँड, लौड़ा, लौड़े, लवड़ा, लवड़े, लोड़े, लंड, लण्ड, हरामी, हरामखोर, हरामजादा, हरामजादे, हरामज़ादे, कमीना, कमीने, कमीनी, कुतिया, कुत्ते कमीने, कुत्ता साला, झाट, झांट, झाटू, भड़वा, भड़वे, टट्टी खा, तेरी माँ की, तेरी मां की, तेरी माँ का, तेरी बहन की, दल्ला, रंडी रोना,
      chutiya*, chutiye*, chutia, chutiyap*,  choot, +madarchod*, maderchod*, madarchot, madharchod*, maachod*, +bhenchod*, behenchod*, behnchod*, bhnchod, benchod*, bhainchod*, betichod*, bhosdi*, bhosdike*, bhosadi*, bhosda, bsdk, bkl, mkc, mkl, randi ke, randi ki, randi hai, teri randi, randi saali, randi rona, randwa, gandu, gaandu*, gaand, gand mara*, gand me, gand phat*,   lavda, lavde, lawda, lode ke, loda le, harami, haramkhor*, haramzad*, haramjad*, kamina, kamine, kamini, kutiya, kutte kamine, jhaat*, jhant*, bhadwa, bhadwe, bhadva, tatti kha, teri maa ki*, teri ma ki*, teri maa ka*, teri maa chod*, teri behen ki*, maa ki chut, maa ki aankh, chodu, chod,
      মাদারচোদ, খানকি, খানকির*, মাগি, মাগির*, চুদি, চুদা, বাল, শুয়োরের বাচ্চা, কুত্তার বাচ্চা, গান্ডু, khankir pola, khanki, magir pola, shuorer baccha, kuttar baccha,
      தேவடியா, தேவிடியா, புண்டை, ஓத்தா, சுன்னி, thevdiya*, thevidiya*, punda*,  sunni paya, దెంగు, లంజ, లంజా కొడకా, lanja, lanja kodaka,  modda`,
    insult: `गधा, गधे, उल्लू, बेवकूफ, पागल, साला, साले, कुत्ता, कुत्ते, चुप कर, gadha, gadhe, ullu, bewakoof, pagal, saala, kutta, kutte, chup kar, nalla, nalle`,
  },
];
