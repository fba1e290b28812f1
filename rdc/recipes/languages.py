"""Languages by name or code -> ISO 639 codes, or the English name; what is on no list, and a dialect, stays."""

from __future__ import annotations

import unicodedata

from rdc.recipes.text import squeeze_text

# Two letters, three, after a slash those that libraries use where they differ, and the name.
LANGUAGES = (
    "aa aar Afar|ab abk Abkhazian|ae ave Avestan|af afr Afrikaans|ak aka Akan|am amh Amharic|"
    "an arg Aragonese|ar ara Arabic|as asm Assamese|av ava Avaric|ay aym Aymara|az aze Azerbaijani|"
    "ba bak Bashkir|be bel Belarusian|bg bul Bulgarian|bi bis Bislama|bm bam Bambara|bn ben Bengali|"
    "bo bod/tib Tibetan|br bre Breton|bs bos Bosnian|ca cat Catalan|ce che Chechen|ch cha Chamorro|"
    "co cos Corsican|cr cre Cree|cs ces/cze Czech|cu chu Church Slavonic|cv chv Chuvash|cy cym/wel Welsh|"
    "da dan Danish|de deu/ger German|dv div Divehi|dz dzo Dzongkha|ee ewe Ewe|el ell/gre Greek|"
    "en eng English|eo epo Esperanto|es spa Spanish|et est Estonian|eu eus/baq Basque|fa fas/per Persian|"
    "ff ful Fulah|fi fin Finnish|fj fij Fijian|fo fao Faroese|fr fra/fre French|fy fry Western Frisian|"
    "ga gle Irish|gd gla Scottish Gaelic|gl glg Galician|gn grn Guarani|gu guj Gujarati|gv glv Manx|"
    "ha hau Hausa|he heb Hebrew|hi hin Hindi|ho hmo Hiri Motu|hr hrv Croatian|ht hat Haitian Creole|"
    "hu hun Hungarian|hy hye/arm Armenian|hz her Herero|ia ina Interlingua|id ind Indonesian|"
    "ie ile Interlingue|ig ibo Igbo|ii iii Sichuan Yi|ik ipk Inupiaq|io ido Ido|is isl/ice Icelandic|"
    "it ita Italian|iu iku Inuktitut|ja jpn Japanese|jv jav Javanese|ka kat/geo Georgian|kg kon Kongo|"
    "ki kik Kikuyu|kj kua Kuanyama|kk kaz Kazakh|kl kal Greenlandic|km khm Khmer|kn kan Kannada|"
    "ko kor Korean|kr kau Kanuri|ks kas Kashmiri|ku kur Kurdish|kv kom Komi|kw cor Cornish|ky kir Kyrgyz|"
    "la lat Latin|lb ltz Luxembourgish|lg lug Ganda|li lim Limburgish|ln lin Lingala|lo lao Lao|"
    "lt lit Lithuanian|lu lub Luba-Katanga|lv lav Latvian|mg mlg Malagasy|mh mah Marshallese|"
    "mi mri/mao Maori|mk mkd/mac Macedonian|ml mal Malayalam|mn mon Mongolian|mr mar Marathi|"
    "ms msa/may Malay|mt mlt Maltese|my mya/bur Burmese|na nau Nauru|nb nob Norwegian Bokmål|"
    "nd nde North Ndebele|ne nep Nepali|ng ndo Ndonga|nl nld/dut Dutch|nn nno Norwegian Nynorsk|"
    "no nor Norwegian|nr nbl South Ndebele|nv nav Navajo|ny nya Chichewa|oc oci Occitan|oj oji Ojibwa|"
    "om orm Oromo|or ori Odia|os oss Ossetian|pa pan Punjabi|pi pli Pali|pl pol Polish|ps pus Pashto|"
    "pt por Portuguese|qu que Quechua|rm roh Romansh|rn run Rundi|ro ron/rum Romanian|ru rus Russian|"
    "rw kin Kinyarwanda|sa san Sanskrit|sc srd Sardinian|sd snd Sindhi|se sme Northern Sami|sg sag Sango|"
    "si sin Sinhala|sk slk/slo Slovak|sl slv Slovenian|sm smo Samoan|sn sna Shona|so som Somali|"
    "sq sqi/alb Albanian|sr srp Serbian|ss ssw Swati|st sot Southern Sotho|su sun Sundanese|"
    "sv swe Swedish|sw swa Swahili|ta tam Tamil|te tel Telugu|tg tgk Tajik|th tha Thai|ti tir Tigrinya|"
    "tk tuk Turkmen|tl tgl Tagalog|tn tsn Tswana|to ton Tongan|tr tur Turkish|ts tso Tsonga|tt tat Tatar|"
    "tw twi Twi|ty tah Tahitian|ug uig Uyghur|uk ukr Ukrainian|ur urd Urdu|uz uzb Uzbek|ve ven Venda|"
    "vi vie Vietnamese|vo vol Volapük|wa wln Walloon|wo wol Wolof|xh xho Xhosa|yi yid Yiddish|"
    "yo yor Yoruba|za zha Zhuang|zh zho/chi Chinese|zu zul Zulu"
)  # fmt: skip
# Other names, without accents, in small letters.
LANGUAGE_SYNONYMS = (
    "abkhaz ab|azeri az|bangla bn|belarussian be|byelorussian be|bokmal nb|norwegian bokmal nb|"
    "nynorsk nn|castilian es|spanish, castilian es|farsi fa|flemish nl|gaelic gd|"
    "greenlandic, kalaallisut kl|kalaallisut kl|modern greek el|greek, modern el|haitian ht|"
    "hebrew, modern he|irish gaelic ga|kirghiz ky|kirgiz ky|laotian lo|letzeburgesch lb|limburgan li|"
    "maldivian dv|dhivehi dv|mandarin zh|mandarin chinese zh|moldavian ro|moldovan ro|myanmar my|"
    "nyanja ny|chewa ny|oriya or|panjabi pa|pushto ps|kirundi rn|rumanian ro|sinhalese si|slovene sl|"
    "scots gaelic gd|sotho st|swazi ss|uighur ug|frisian fy|filipino tl|deutsch de|francais fr|"
    "espanol es|castellano es|italiano it|portugues pt|nederlands nl|svenska sv|norsk no|dansk da|"
    "suomi fi|polski pl|cestina cs|slovencina sk|magyar hu|turkce tr|romana ro|hrvatski hr|srpski sr|"
    "bosanski bs|islenska is|eesti et|latviesu lv|lietuviu lt|gaeilge ga|cymraeg cy|euskara eu|galego gl|"
    "bahasa indonesia id|bahasa melayu ms|tieng viet vi|kiswahili sw"
)  # fmt: skip

# The three codes and the name, each by folded name or code, filled when it is first asked.
_LANGUAGES_KNOWN: dict[int, dict[str, str]] = {}


def _fold_language(value: str) -> str:
    """A name in small letters, without accents and the word for what it is."""
    letters = [char for char in unicodedata.normalize("NFD", value) if not unicodedata.combining(char)]
    return squeeze_text("".join(letters).lower()).removesuffix(" language")


def _list_languages(column: int) -> dict[str, str]:
    """One of the four by folded name or code."""
    if not _LANGUAGES_KNOWN:
        rows, words = {}, {}
        for entry in LANGUAGES.split("|"):
            two, three, name = entry.split(" ", 2)
            rows[two] = (two, three[:3], three[-3:], name)
        for entry in LANGUAGE_SYNONYMS.split("|"):
            word, two = entry.rsplit(" ", 1)
            words[word] = rows[two]
        for row in rows.values():
            words.update({_fold_language(word): row for word in row})
        _LANGUAGES_KNOWN.update(
            {place: {word: row[place] for word, row in words.items()} for place in range(4)}
        )
    return _LANGUAGES_KNOWN[column]


def language_code(value: str | None) -> str | None:
    """Write a language's name or three-letter code as its two-letter code (ISO 639-1).

    >>> language_code("English"), language_code("GER"), language_code("français"), language_code("pt-BR")
    ('en', 'de', 'fr', 'pt-BR')
    """
    return None if value is None else _list_languages(0).get(_fold_language(value), value)


def language_code3(value: str | None, kind: str = "T") -> str | None:
    """Write a language's name or two-letter code as its three-letter code (ISO 639-2), of kind T, or B as libraries do.

    >>> language_code3("German"), language_code3("German", "B"), language_code3("ENG"), language_code3("Klingon")
    ('deu', 'ger', 'eng', 'Klingon')
    """
    known = _list_languages(2 if kind == "B" else 1)
    return None if value is None else known.get(_fold_language(value), value)


def language_name(value: str | None) -> str | None:
    """Write a language's code or synonym as its English name.

    >>> language_name("de"), language_name("spa"), language_name("Farsi"), language_name("Klingon")
    ('German', 'Spanish', 'Persian', 'Klingon')
    """
    return None if value is None else _list_languages(3).get(_fold_language(value), value)
