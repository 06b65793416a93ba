"""The lines that mail clients and virus scanners add below an answer."""

from __future__ import annotations

import re


def _phrases(table: str) -> str:
    return "|".join(phrase for line in table.strip().split("\n") for phrase in line.strip().split(" | "))


# "Envoyé de mon iPhone" is a client's, "Envoyé de Lyon" an author's: after one of these beginnings, each word
# must be in one of the tables below, or the name of something that is one's own.
_BEGINNINGS = _phrases("""
(?:(?:cet? )?(?:message|e-?mail|courriel|mail) )?(?:a été )?(?:envoyé|expédié|écrit|rédigé)e?
obtene[zr] | obtenir | télécharge[zr] | provenance(?: ?:)?
sent(?: securely)? | secured | get | download
gesendet | von | diese nachricht wurde | holen sie sich
enviado | obtén | obtenga | descarga | descargar | obter | obtenha
inviato | inviata | ottieni | scarica
verzonden | verstuurd | skickat | sendt | wysłano
""")
_BEGINNING = re.compile(rf"(?:{_BEGINNINGS})(?!\w) ?", re.IGNORECASE)
_PRODUCTS = frozenset("""
iphone ipad ipod mac macbook apple mobile smartphone téléphone telephone portable appareil tablette device phone
tablet handy gerät android-gerät tableta móvil movil celular dispositivo telefono cellulare telefone telemóvel
toestel telefoon galaxy samsung android ios huawei xiaomi redmi oneplus pixel honor oppo sony xperia nokia motorola
blackberry windows outlook hotmail yahoo gmail orange sfr free bouygues laposte proton protonmail tutanota tuta
infomaniak mailo bluemail spark airmail thunderbird k-9 fairemail zimbra roundcube gmx web.de mymail mailbird
edison newton aquamail webmail courrier correo posta email e-mail mail
""".split())  # fmt: skip
_SMALL = frozenset("""
de du des d' la le les l' mon ma mes notre un une et à a avec pour par sur via depuis partir grâce application appli
app messagerie sécurisée gratuite cryptée chiffrée service courriel
my an the for from with on secure encrypted free account using via by
von mit für über aus meinem meiner meines dem der die gesendet versendet mail-app kostenlosen
mi el para con desde por il mio mia da dal per do meu minha um uma através
mijn voor met van vanaf vanuit min fra från poste z mojego
4g 5g 5 6 7 8 9 10 11 12 13 14 15 16 17 plus pro max mini ultra lite
""".split())  # fmt: skip
_OWN = frozenset("mon ma my meinem meiner mi mio mia meu minha mijn min mojego".split())
_WHOLE = re.compile(
    r"(?:garanti )?sans virus\.? ?(?:www\.\S+)?|(?:virus-free|libre de virus|virenfrei)\.? ?(?:www\.\S+)?"
    r"|l'absence de virus dans ce courrier[^.]{0,100}\.?"
    r"|cet? (?:e-?mail|courrier|message) a été (?:vérifié|analysé)[^.]{0,60}virus[^.]{0,60}\.?"
    r"|this e-?mail has been (?:checked|scanned) for viruses[^.]{0,60}\.?"
    r"|-{2,} ?(?:fin du message|end of (?:the )?(?:forwarded )?message|ende der)[^-]{0,80} ?-{2,}"
    r"|yahoo mail ?: (?:recherchez|search)[^.]{0,80}|\[(?:image|cid) ?:[^\]]{0,80}\]",
    re.IGNORECASE,
)
_EXCUSES = re.compile(
    r"[.,;-]? ?(?:veuillez (?:excuser|pardonner) (?:ma|la) (?:brièveté|concision)|(?:please )?excuse my brevity"
    r"|bitte entschuldigen sie die kürze|disculpe? mi brevedad)\.?$",
    re.IGNORECASE,
)
_SITE = re.compile(r"[a-z0-9-]{2,20}\.(?:com|net|org|fr|de|ch|be|it|es)")
_URL = re.compile(r"[<\[(]?https?://[^\s<>]*[>\])]?")
_SHORTEST, _LONGEST, _MOST_WORDS = 5, 200, 12


def is_footer(bare: str) -> bool:
    """Whether a line is a client's own, such as `Envoyé de mon iPhone`."""
    if not _SHORTEST <= len(bare) <= _LONGEST:
        return False
    text = _EXCUSES.sub("", _URL.sub(" ", bare) if "://" in bare else bare).strip()
    if _WHOLE.fullmatch(text):
        return True
    beginning = _BEGINNING.match(text)
    return beginning is not None and _advertises(text[beginning.end() :])


def is_cut_footer(bare: str) -> bool:
    """Whether such a line goes on below: `Télécharger Outlook pour`."""
    return bare[-20:].rpartition(" ")[2].casefold() in _SMALL and _BEGINNING.match(bare) is not None


def _advertises(text: str) -> bool:
    """Whether mail clients and devices are named, and nothing else."""
    words = text.strip(" .!:").replace("'", "' ").split()
    product = own = False
    for word in words[: _MOST_WORDS + 1]:
        small = word.casefold()
        if small in _PRODUCTS or _SITE.fullmatch(small) or (own and (word[0].isupper() or word[0].isdigit())):
            product = True
        elif small not in _SMALL:
            return False
        own = own or small in _OWN
    return product and len(words) <= _MOST_WORDS
