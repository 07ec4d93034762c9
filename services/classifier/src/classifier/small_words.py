"""Small words of other languages as customers write them: accented, bare, in Latin letters.

Only words that English has no use for, after titles and order ids are taken out of a text.
"""

SMALL_WORDS = {
    "de": "der das dem ist nicht ich und ein eine einen einem einer für fuer wie wo wann mein"
    " meine meinen meiner bitte haben habe hab gibt kann kannst möchte moechte auf mit von"
    " sie auch noch welche wird wurde danke hallo zurück zurueck warum wer aber wenn sind"
    " ihr euch euer mir mich dich uns nein kein keine sehr schon immer jetzt gerne guten"
    " morgen paket preis buch bücher buecher kommt bekommen geht über ueber nach bei zum"
    " zur bleibt habt seid stornieren genau geld welcher deutsch etwas ja nur wieder",
    "fr": "je est les des une vous avez où mon mes quel quelle quelles combien bonjour bonsoir"
    " merci avec dans sur qui voudrais suis sont cette cet du au aux et le ou pas ne que"
    " quoi quand pourquoi elle nous votre notre livre livres colis salut beaucoup rien oui"
    " tres très tout bien plait plaît svp stp avoir faire veux peux puis il ils ça cest"
    " jai mot passe recu reçu prix tome remboursement encore toujours deja déjà chez",
    "es": "el los las una qué cómo dónde donde mi por para gracias quiero cuánto cuanto cuanta"
    " cuesta está esta tiene tienen tienes del cuándo cuando quisiera llega llegó un con"
    " como pero muy hola buenas buenos dias días tardes noches necesito puedo puede pueden"
    " su sus han estoy hacer libro libros tomo envío dinero algo nada aun aún todavia"
    " todavía señor quien quién es soy si sí precio ustedes quanto devolver otro otra eso"
    " este porque",
    "it": "gli che di sono mio miei quando grazie ciao vorrei della dello questo questa ho"
    " avete hai abbiamo perché perche cosa chi buongiorno buonasera salve posso potete"
    " libri spedizione pacco arriva arrivato soldi scusi scusate ancora dei delle nel"
    " anche molto tutto sapere prezzo fumetto qual quale voglio",
    "pt": "não nao você voce vocês voces meu minha meus onde obrigado obrigada quero uma olá"
    " ola tem gostaria quais custa bom boa dia tarde noite chega chegou preciso livro"
    " frete senha esqueci cade cadê já ainda mais muito isso eu ele os na nos ao pra oi"
    " livros ajuda dinheiro comprar troca trocar vcs",
    "nl": "het een ik niet waar mijn hoe heb voor zijn wanneer dank graag jullie kan kunnen ook"
    " maar nog wel naar bij dit deze hoeveel waarom hebben heeft jij uw goedemorgen"
    " goedendag dag hoi pakket boek boeken terug alstublieft aub bedankt nee geen iets"
    " wordt komt als en de",
    "pl": "nie jest gdzie moje moja mój moj mojego zamówienie zamowienie czy jak ile dzień"
    " dzien dobry dziękuję dziekuje dzięki dzieki chcę chce się kiedy proszę prosze cześć"
    " czesc mam macie za dla ksiazke książkę paczka paczki zwrócić wysylka wysyłka"
    " kosztuje pieniądze jestem tak dlaczego jeszcze moge mogę mozna można po od bardzo",
    "cs": "kde můj muj moji objednávka objednavka objednavku prosím prosim děkuji dekuji dobrý"
    " ahoj kdy kolik stojí stoji mám máte chci jsem není neni ano ještě jeste proč knihu"
    " kniha vrátit vratit zrušit zrusit chcel chcem som kedy balík balik ďakujem ako koľko"
    " kolko dalsi",
    "sv": "jag är inte och det ett var mitt mina hur när nar tack hej för på pa vill har med av"
    " från fran vad kostar beställning bestallning bok boken vart kommer snälla ni er oss"
    " mycket finns nej att",
    "no": "jeg ikke hvor hva når hvordan takk hei vil fra koster bestilling bestillingen pakke"
    " pakken pakka dere vær så snill noe finnes nei gjerne hvad hvornår bogen bog skal få"
    " bestille penge penger tilbage tilbake mig",
    "fi": "missä missa minun mikä mika milloin paljonko haluan haluaisin kiitos moi onko ei"
    " tilaus tilaukseni tilaukset kirja kirjan paketti palauttaa maksaa voinko voiko mitä"
    " mita kuinka miksi mutta olen teillä teilla varastossa",
    "hu": "hol csomagom rendelésem rendelesem rendelés rendeles köszönöm koszonom szia"
    " sziasztok jó napot jo mikor mennyi mennyibe kerül kerul szeretném szeretnem"
    " szeretnék hogyan nem igen könyvet konyvet könyv konyv kérem kerem vissza jön és egy"
    " hogy ez mert még pénzt penzt",
    "ro": "unde comanda mea vreau cât costă livrarea multumesc mulțumesc buna bună ziua când"
    " cand aveti aveți nu și să sa cartea carte vă va rog pentru cu ajunge ajuns returnez"
    " banii înapoi inapoi sunt",
    "tr": "nerede siparişim siparisim sipariş zaman kadar merhaba selam teşekkürler tesekkurler"
    " istiyorum iade etmek kargo kargom bir bu mı yok değil degil nasıl nasil için icin"
    " benim lütfen lutfen fiyat fiyatı kaç kac kitap kitabı gelmedi gelecek sağol sagol"
    " evet hayır hayir stokta hala param",
    "id": "mana dimana saya aku gue berapa kapan terima kasih makasih tolong buku bisa mau"
    " tidak nggak gak belum sudah udah yang ini itu untuk dengan dari ke kak kok sih harga"
    " ongkir kirim dikirim sampai sampe uang kembali batal batalkan apa apakah bagaimana"
    " gimana nak boleh awak stok selamat pagi siang ganti anda kami",
    "tl": "opo ba ko ng ang yung mga kayo wala nasaan nasan asan kailan kelan magkano salamat"
    " kumusta kamusta gusto namin paano pano bakit saan dito pwede puwede nyo niyo ito yan"
    " kasi rin naman ibalik pera nalang",
    "vi": "toi tôi cua của đơn hàng dau đâu bao nhieu nhiêu khi nào xin chao chào cảm ơn muon"
    " muốn tra trả lai lại sach sách khong không có chua chưa duoc được giao đến gia giá"
    " tien tiền ơi vay vậy mua huy huỷ hủy truyen truyện khau quen doi roi rồi mình minh"
    " bạn còn",
    "romaji": "wa desu desuka desu-ka masu masuka masen mashita shita shite shitai kudasai onegai"
    " onegaishimasu shimasu doko itsu ikura arigatou arigato gozaimasu konnichiwa konbanwa"
    " ohayou ohayo sumimasen gomen iie arimasu arimasen hoshii hon chuumon chumon henpin"
    " henkin todoku todokimasu todoite nani watashi boku ka mada imasu imasen moshi"
    " shimashita kaitai dekimasu deshita souryou zaiko wasureta mou ichido",
    "hi": "hain kya kahan kahaan mera meri mujhe karo karna karni kar kab kaise nahi nahin haan"
    " chahiye paisa paise wapas vapas bhai ji dhanyavad dhanyavaad shukriya namaste aap ki"
    " se hua gaya gya raha rahi milega aayega aaya abhi bhi kitna kitne jaldi kripya batao"
    " bataye tum yeh woh kyun kyu kitab",
    "ru": "gde moy moya moyo mne zakaza zakazal skolko kogda pochemu spasibo privet"
    " zdravstvuyte zdravstvuite pozhaluysta pozhaluista hochu khochu vernut otmenit knigu"
    " kniga dostavka stoit eto chto vy menya nuzhno mozhno deneg dengi otmenite posylka"
    " posilka prishel prishla prishlo izmenit zabyl moye zamovlennya dyakuyu hde koly kade"
    " porachkata blagodarya gdje narudzba porudzbina hvala zelim kada koliko zdravo molim",
    "el": "pou einai paraggelia thelo efharisto efxaristo euxaristo kalimera kalispera geia sas"
    " poso kanei pote echete exete parakalo ti ena vivlio lefta",
    "ar": "salam assalamu alaikum marhaba shukran shokran wain fein feen ayna talabi talab ayez"
    " 3ayez 3awez aayez biddi bidi kam samaht mumkin mafi inshallah lesh kif shlon"
    " sefaresh kojast kojas mamnoon salaam",
    "zh": "hao nihao xiexie xie qing zai nali shenme duoshao qian dingdan tuihuo tuikuan kuaidi"
    " mei meiyou yao xiang shi zenme shihou fahuo shu ge keyi dao mima dizhi",
    "ko": "annyeong annyeonghaseyo annyonghaseyo gamsahamnida kamsahamnida jumun eodi isseoyo"
    " isseo eonje wayo chaek banpum hwanbul juseyo haejuseyo eolmayeyo eolma aniyo jega"
    " baesong",
    "shop": "annuler annuleren stornieren storno retour rückgabe ruckgabe rueckgabe umtausch"
    " erstattung rimborso reembolso reso devolucion devolución factura facture rechnung"
    " fattura faktura fatura rembours zwrot livraison envio versand spedizione lieferung"
    " bestellung pedido commande ordine bestelling zamowienie siparis pesanan zakaz"
    " adresse direccion indirizzo alamat contraseña contrasena passwort wachtwoord"
    " senha parol hilfe ayuda aiuto aide ajuda pomoc yardim yardım tolong pomogite hjälp"
    " hjelp apua dakujem cancelar cancelo annullare anular anulowac anulare avbryt"
    " avbestille annuller iptal huỷ otmena kundenservice kontakt contacto attention humano"
    " humain menschen mensch grazie grazie mille agotado lieferbar verfügbar verfuegbar"
    " disponibile disponible disponivel disponível gratuit gratuito gratis kostenlos",
    "others": "asante sana yangu wapi kitabu nataka habari jambo dankie asseblief kje narocilo"
    " naročilo kur yra mano ku eshte porosia faleminderit la meva vull gràcies gracies"
    " plau dago nire eskaera eskerrik asko diolch mae archeb hvar aciu paldies ačiū aitäh"
    " palun kus mu tellimus ubi estas mendo dankon",
}
"""By language, for whoever reads them: a word stands under the first one that has it.
`shop` are any language's words for orders, addresses and money.
"""

AMBIGUOUS = "sayonara non sim da net vale claro halo mate hay ada cam"
"""Foreign where nothing English stands beside: "da" is also slang, "hay" is also grass."""

ALONE = frozenset(AMBIGUOUS.split())
SMALL = frozenset(" ".join(SMALL_WORDS.values()).split())
