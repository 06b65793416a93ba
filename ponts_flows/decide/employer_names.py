"""The names that employers go by, folded (no capitals, accents or punctuation). Add a line when needed."""

from __future__ import annotations

# The first name stands for all of its line.
_SYNONYMS = (
    ("edf", "electricite de france"),
    ("rte", "reseau de transport d electricite"),
    ("engie", "gdf suez", "gaz de france"),
    (
        "cea",
        "commissariat a l energie atomique",
        "commissariat a l energie atomique et aux energies alternatives",
    ),
    ("orano", "areva"),
    ("totalenergies", "total energies", "total"),
    ("societe generale", "socgen", "soc gen", "sgcib", "sg cib", "societe generale cib"),
    ("bnp paribas", "bnpp", "bnp"),
    ("cacib", "credit agricole cib", "credit agricole corporate investment bank", "ca cib", "calyon"),
    ("bpce", "banque populaire caisse d epargne"),
    ("cdc", "caisse des depots", "caisse des depots et consignations", "banque des territoires"),
    ("afd", "agence francaise de developpement", "agence francaise developpement"),
    ("bpifrance", "bpi france", "bpi"),
    ("ministere transition ecologique", "mte", "mtes", "mtect", "mtecct", "medde", "meddtl", "meeddm"),
    ("dgac", "direction generale de l aviation civile"),
    ("cerema", "centre d etudes et d expertise sur les risques l environnement la mobilite et l amenagement"),
    ("ratp", "regie autonome des transports parisiens"),
    ("sncf", "societe nationale des chemins de fer francais", "reseau ferre de france", "rff"),
    ("adp", "aeroports de paris", "aeroport de paris"),
    ("idfm", "ile de france mobilites", "stif"),
    ("societe des grands projets", "sgp", "societe du grand paris"),
    ("bouygues construction", "bouygues", "bouygues travaux publics", "bouygues tp", "bouygues batiment"),
    ("bcg", "boston consulting", "the boston consulting"),
    ("mckinsey", "mc kinsey", "mckinsey and"),
    ("pwc", "pricewaterhousecoopers"),
    ("ey", "ernst young", "ernst and young"),
    ("airbus", "eads"),
    ("saint gobain", "compagnie de saint gobain"),
    ("arcelormittal", "arcelor mittal"),
    ("enpc", "ecole des ponts", "ecole nationale des ponts et chaussees", "ecole des ponts paristech"),
    ("capgemini", "cap gemini"),
)

# A name that begins so is a company of that group, and moves its people within it.
FAMILIES = (
    "vinci",
    "veolia",
    "axa",
    "egis",
    "systra",
    "airbus",
    "safran",
    "thales",
    "eiffage",
    "suez",
    "edf",
    "engie",
    "totalenergies",
    "sncf",
    "ratp",
    "bnp paribas",
    "bouygues construction",
    "bouygues travaux publics",
    "bouygues batiment",
    "capgemini",
    "accenture",
    "mckinsey",
    "boston consulting",
    "bcg",
    "setec",
    "artelia",
    "arcadis",
    "ministere de la transition ecologique",
    "ministere de l ecologie",
    "ministere charge de la transition ecologique",
)

SAME = {name: line[0] for line in _SYNONYMS for name in line}
SAME |= {family: "ministere transition ecologique" for family in FAMILIES if family.startswith("ministere")}

# What people write when they have no employer, or none that can be anyone's superior.
NOBODY = frozenset(
    {"aucun", "aucune", "neant", "rien", "non", "sans", "na", "n a", "none", "no", "nothing", "x"}
    | {"personne", "nc", "sans emploi", "sans employeur", "sans activite"}
    | {"sans activite professionnelle", "pas d employeur", "en recherche", "en recherche d emploi"}
    | {"recherche d emploi", "en recherche active", "a la recherche d un emploi"}
    | {"demandeur d emploi", "demandeuse d emploi", "chomage", "au chomage", "pole emploi"}
    | {"france travail", "en transition", "en transition professionnelle", "entre deux postes"}
    | {"en reconversion", "conge parental", "independant", "independante"}
    | {"travailleur independant", "travailleuse independante", "profession liberale"}
    | {"consultant independant", "consultante independante", "ingenieur independant"}
    | {"a mon compte", "liberal", "auto entrepreneur", "auto entrepreneuse", "autoentrepreneur"}
    | {"micro entrepreneur", "entrepreneur", "entrepreneuse", "moi meme", "freelance", "free lance"}
    | {"freelancer", "self employed", "consultant freelance", "retraite", "retraitee"}
    | {"a la retraite", "en retraite", "jeune retraite", "jeune retraitee", "retired", "etudiant"}
    | {"etudiante", "student", "unemployed", "between jobs", "looking for a job", "job seeker"}
    | {"own business", "confidentiel", "confidential", "ne souhaite pas repondre", "autre", "other"}
)
