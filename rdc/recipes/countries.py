"""Countries by name, synonym or code -> ISO 3166 codes, or the short English name; what is on no list stays."""

from __future__ import annotations

import re
import unicodedata

from rdc.recipes.text import squeeze_text

COUNTRIES = (
    "AD AND Andorra|AE ARE United Arab Emirates|AF AFG Afghanistan|AG ATG Antigua and Barbuda|"
    "AI AIA Anguilla|AL ALB Albania|AM ARM Armenia|AO AGO Angola|AQ ATA Antarctica|AR ARG Argentina|"
    "AS ASM American Samoa|AT AUT Austria|AU AUS Australia|AW ABW Aruba|AX ALA Åland Islands|"
    "AZ AZE Azerbaijan|BA BIH Bosnia and Herzegovina|BB BRB Barbados|BD BGD Bangladesh|BE BEL Belgium|"
    "BF BFA Burkina Faso|BG BGR Bulgaria|BH BHR Bahrain|BI BDI Burundi|BJ BEN Benin|"
    "BL BLM Saint Barthélemy|BM BMU Bermuda|BN BRN Brunei|BO BOL Bolivia|BQ BES Caribbean Netherlands|"
    "BR BRA Brazil|BS BHS Bahamas|BT BTN Bhutan|BV BVT Bouvet Island|BW BWA Botswana|BY BLR Belarus|"
    "BZ BLZ Belize|CA CAN Canada|CC CCK Cocos Islands|CD COD Democratic Republic of the Congo|"
    "CF CAF Central African Republic|CG COG Congo|CH CHE Switzerland|CI CIV Côte d'Ivoire|"
    "CK COK Cook Islands|CL CHL Chile|CM CMR Cameroon|CN CHN China|CO COL Colombia|CR CRI Costa Rica|"
    "CU CUB Cuba|CV CPV Cape Verde|CW CUW Curaçao|CX CXR Christmas Island|CY CYP Cyprus|CZ CZE Czechia|"
    "DE DEU Germany|DJ DJI Djibouti|DK DNK Denmark|DM DMA Dominica|DO DOM Dominican Republic|"
    "DZ DZA Algeria|EC ECU Ecuador|EE EST Estonia|EG EGY Egypt|EH ESH Western Sahara|ER ERI Eritrea|"
    "ES ESP Spain|ET ETH Ethiopia|FI FIN Finland|FJ FJI Fiji|FK FLK Falkland Islands|FM FSM Micronesia|"
    "FO FRO Faroe Islands|FR FRA France|GA GAB Gabon|GB GBR United Kingdom|GD GRD Grenada|GE GEO Georgia|"
    "GF GUF French Guiana|GG GGY Guernsey|GH GHA Ghana|GI GIB Gibraltar|GL GRL Greenland|GM GMB Gambia|"
    "GN GIN Guinea|GP GLP Guadeloupe|GQ GNQ Equatorial Guinea|GR GRC Greece|"
    "GS SGS South Georgia and the South Sandwich Islands|GT GTM Guatemala|GU GUM Guam|"
    "GW GNB Guinea-Bissau|GY GUY Guyana|HK HKG Hong Kong|HM HMD Heard Island and McDonald Islands|"
    "HN HND Honduras|HR HRV Croatia|HT HTI Haiti|HU HUN Hungary|ID IDN Indonesia|IE IRL Ireland|"
    "IL ISR Israel|IM IMN Isle of Man|IN IND India|IO IOT British Indian Ocean Territory|IQ IRQ Iraq|"
    "IR IRN Iran|IS ISL Iceland|IT ITA Italy|JE JEY Jersey|JM JAM Jamaica|JO JOR Jordan|JP JPN Japan|"
    "KE KEN Kenya|KG KGZ Kyrgyzstan|KH KHM Cambodia|KI KIR Kiribati|KM COM Comoros|"
    "KN KNA Saint Kitts and Nevis|KP PRK North Korea|KR KOR South Korea|KW KWT Kuwait|"
    "KY CYM Cayman Islands|KZ KAZ Kazakhstan|LA LAO Laos|LB LBN Lebanon|LC LCA Saint Lucia|"
    "LI LIE Liechtenstein|LK LKA Sri Lanka|LR LBR Liberia|LS LSO Lesotho|LT LTU Lithuania|"
    "LU LUX Luxembourg|LV LVA Latvia|LY LBY Libya|MA MAR Morocco|MC MCO Monaco|MD MDA Moldova|"
    "ME MNE Montenegro|MF MAF Saint Martin|MG MDG Madagascar|MH MHL Marshall Islands|"
    "MK MKD North Macedonia|ML MLI Mali|MM MMR Myanmar|MN MNG Mongolia|MO MAC Macau|"
    "MP MNP Northern Mariana Islands|MQ MTQ Martinique|MR MRT Mauritania|MS MSR Montserrat|MT MLT Malta|"
    "MU MUS Mauritius|MV MDV Maldives|MW MWI Malawi|MX MEX Mexico|MY MYS Malaysia|MZ MOZ Mozambique|"
    "NA NAM Namibia|NC NCL New Caledonia|NE NER Niger|NF NFK Norfolk Island|NG NGA Nigeria|"
    "NI NIC Nicaragua|NL NLD Netherlands|NO NOR Norway|NP NPL Nepal|NR NRU Nauru|NU NIU Niue|"
    "NZ NZL New Zealand|OM OMN Oman|PA PAN Panama|PE PER Peru|PF PYF French Polynesia|"
    "PG PNG Papua New Guinea|PH PHL Philippines|PK PAK Pakistan|PL POL Poland|"
    "PM SPM Saint Pierre and Miquelon|PN PCN Pitcairn Islands|PR PRI Puerto Rico|PS PSE Palestine|"
    "PT PRT Portugal|PW PLW Palau|PY PRY Paraguay|QA QAT Qatar|RE REU Réunion|RO ROU Romania|"
    "RS SRB Serbia|RU RUS Russia|RW RWA Rwanda|SA SAU Saudi Arabia|SB SLB Solomon Islands|"
    "SC SYC Seychelles|SD SDN Sudan|SE SWE Sweden|SG SGP Singapore|SH SHN Saint Helena|SI SVN Slovenia|"
    "SJ SJM Svalbard and Jan Mayen|SK SVK Slovakia|SL SLE Sierra Leone|SM SMR San Marino|SN SEN Senegal|"
    "SO SOM Somalia|SR SUR Suriname|SS SSD South Sudan|ST STP Sao Tome and Principe|SV SLV El Salvador|"
    "SX SXM Sint Maarten|SY SYR Syria|SZ SWZ Eswatini|TC TCA Turks and Caicos Islands|TD TCD Chad|"
    "TF ATF French Southern Territories|TG TGO Togo|TH THA Thailand|TJ TJK Tajikistan|TK TKL Tokelau|"
    "TL TLS Timor-Leste|TM TKM Turkmenistan|TN TUN Tunisia|TO TON Tonga|TR TUR Turkey|"
    "TT TTO Trinidad and Tobago|TV TUV Tuvalu|TW TWN Taiwan|TZ TZA Tanzania|UA UKR Ukraine|UG UGA Uganda|"
    "UM UMI United States Minor Outlying Islands|US USA United States|UY URY Uruguay|UZ UZB Uzbekistan|"
    "VA VAT Vatican City|VC VCT Saint Vincent and the Grenadines|VE VEN Venezuela|"
    "VG VGB British Virgin Islands|VI VIR US Virgin Islands|VN VNM Vietnam|VU VUT Vanuatu|"
    "WF WLF Wallis and Futuna|WS WSM Samoa|YE YEM Yemen|YT MYT Mayotte|ZA ZAF South Africa|ZM ZMB Zambia|"
    "ZW ZWE Zimbabwe"
)
# Other names, without accents and points, in small letters.
SYNONYMS = (
    "usa US|america US|united states of america US|u s US|us of a US|uk GB|great britain GB|britain GB|england GB|"
    "scotland GB|wales GB|northern ireland GB|russian federation RU|ussr RU|holland NL|czech republic CZ|turkiye TR|"
    "burma MM|swaziland SZ|macedonia MK|ivory coast CI|korea, south KR|south-korea KR|republic of korea KR|"
    "korea, republic of KR|korea (south) KR|korea KR|korea, north KP|korea (north) KP|"
    "democratic people's republic of korea KP|iran, islamic republic of IR|islamic republic of iran IR|persia IR|"
    "syrian arab republic SY|lao people's democratic republic LA|viet nam VN|united republic of tanzania TZ|"
    "tanzania, united republic of TZ|bolivia, plurinational state of BO|venezuela, bolivarian republic of VE|"
    "moldova, republic of MD|republic of moldova MD|taiwan, province of china TW|republic of china TW|"
    "people's republic of china CN|mainland china CN|prc CN|hong kong sar HK|hongkong HK|macao MO|brunei darussalam BN|"
    "cabo verde CV|east timor TL|congo, democratic republic of the CD|democratic republic of congo CD|congo, the democratic republic of the CD|"
    "dr congo CD|drc CD|zaire CD|congo-kinshasa CD|republic of the congo CG|congo-brazzaville CG|"
    "palestine, state of PS|state of palestine PS|palestinian territories PS|holy see VA|"
    "holy see (vatican city state) VA|vatican VA|uae AE|emirates AE|ksa SA|kingdom of saudi arabia SA|"
    "republic of ireland IE|eire IE|deutschland DE|federal republic of germany DE|espana ES|italia IT|brasil BR|"
    "osterreich AT|schweiz CH|suisse CH|svizzera CH|belgie BE|belgique BE|danmark DK|norge NO|sverige SE|suomi FI|"
    "polska PL|ceska republika CZ|magyarorszag HU|nippon JP|bharat IN|aotearoa NZ|micronesia, federated states of FM|"
    "federated states of micronesia FM|slovak republic SK|kyrgyz republic KG|bosnia BA|bosnia-herzegovina BA|"
    "trinidad TT|st lucia LC|st kitts and nevis KN|st vincent and the grenadines VC|st vincent VC|"
    "sao tome and principe ST|st helena SH|saint martin (french part) MF|sint maarten (dutch part) SX|"
    "falkland islands (malvinas) FK|cocos (keeling) islands CC|virgin islands, british VG|virgin islands, us VI|virgin islands, u s VI|virgin islands of the united states VI|korea, democratic people's republic of KP|"
    "bonaire, sint eustatius and saba BQ|pitcairn PN|saint helena, ascension and tristan da cunha SH"
)
# What official names begin with.
_OFFICIAL = re.compile(
    "^(?:[a-z]+ ){0,2}(?:republic|kingdom|state|commonwealth|principality|sultanate) of (?:the )?"
)


def _fold(value: str) -> str:
    """A name in small letters, without accents, points and article."""
    letters = [char for char in unicodedata.normalize("NFD", value) if not unicodedata.combining(char)]
    text = squeeze_text("".join(letters).lower().replace(".", " ").replace("&", " and "))
    return text.replace("\u2019", "'").removeprefix("the ")


# The codes of two and three letters and the name, each by folded name or code, filled when it is first asked.
_KNOWN: dict[int, dict[str, str]] = {}


def _list_countries(column: int) -> dict[str, str]:
    """One of the three by folded name or code."""
    if not _KNOWN:
        rows = {entry[:2]: (entry[:2], entry[3:6], entry[7:]) for entry in COUNTRIES.split("|")}
        words = {}
        for entry in SYNONYMS.split("|"):
            word, alpha = entry.rsplit(" ", 1)
            words[word] = rows[alpha]
        for row in rows.values():
            words.update({_fold(word): row for word in row})
        _KNOWN.update({place: {word: row[place] for word, row in words.items()} for place in range(3)})
    return _KNOWN[column]


def _find(value: str | None, column: int) -> str | None:
    known, text = _list_countries(column), "" if value is None else _fold(value)
    for word in (text, text.replace(" ", ""), _OFFICIAL.sub("", text)):
        if word in known:
            return known[word]
    return value


def country_code(value: str | None) -> str | None:
    """Write a country's name, synonym or three-letter code as its two-letter code (ISO 3166).

    >>> country_code("United States"), country_code("U.K."), country_code("DEU"), country_code("fr")
    ('US', 'GB', 'DE', 'FR')
    >>> country_code("Atlantis")
    'Atlantis'
    """
    return _find(value, 0)


def country_code3(value: str | None) -> str | None:
    """Write a country's name, synonym or two-letter code as its three-letter code (ISO 3166).

    >>> country_code3("Germany"), country_code3("us"), country_code3("FRA"), country_code3("Atlantis")
    ('DEU', 'USA', 'FRA', 'Atlantis')
    """
    return _find(value, 1)


def country_name(value: str | None) -> str | None:
    """Write a country's code or synonym as its short English name.

    >>> country_name("USA"), country_name("de"), country_name("Holland"), country_name("Atlantis")
    ('United States', 'Germany', 'Netherlands', 'Atlantis')
    """
    return _find(value, 2)
