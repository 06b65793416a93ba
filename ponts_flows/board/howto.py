"""The tab Mode d'emploi: what coordinators do, when, and where."""

from __future__ import annotations

from ponts_flows.board.tabs import Tab, written

HOWTO = Tab(
    key="howto",
    title_fr="Mode d'emploi",
    what_fr=(
        "Vous ouvrez ce tableau pour la première fois : lisez de haut en bas, cinq minutes. Rien à remplir ici.\n"
        "En temps normal, cinq minutes par semaine suffisent : les lignes 1 à 3."
    ),
    columns=(
        written("id", "N°", width=50),
        written("when", "Quand", width=240, wrap=True),
        written("where", "Où", width=130, wrap=True),
        written("do", "Que faire", width=440, wrap=True),
        written("then", "Ce qui se passe ensuite", width=320, wrap=True),
    ),
)

LINES: tuple[tuple[str, str, str, str], ...] = (
    (
        "Chaque lundi, après l'appariement",
        "Propositions",
        "Vue filtrée « À décider » : dans chaque ligne, lisez les raisons et choisissez une Décision.",
        "Au passage suivant, dix minutes au plus, le programme écrit au mentor, puis au mentee, et la case se vide.",
    ),
    (
        "Chaque semaine",
        "Candidatures",
        "Vue filtrée « À décider » : le registre a un nom proche. Est-ce la même personne ?",
        "La candidature est admise, ou la cotisation est demandée à la personne.",
    ),
    (
        "Chaque semaine",
        "À traiter",
        "Vue filtrée « À faire » : chaque ligne dit ce que le programme n'a pas su faire seul, et quoi faire.",
        "Cochez ou choisissez : la ligne se ferme.",
    ),
    (
        "Un binôme vous inquiète",
        "Binômes",
        "Vue filtrée « À risque ». Pour une pause, un congé ou une fin : la colonne Décision, avec la date d'abord.",
        "Les deux sont prévenus si l'effet du choix le dit ; sinon rien ne part.",
    ),
    (
        "Quelqu'un n'a pas de mentor",
        "Candidatures",
        "Vue filtrée « Sans mentor » : le Motif dit pourquoi, et ce qui aiderait.",
        "La personne est reproposée d'elle-même à l'appariement suivant.",
    ),
    (
        "Vous voulez réunir deux personnes précises",
        "Propositions",
        "Sur une ligne vide en bas : leurs deux N° dans Mentee demandé et Mentor demandé, puis une Décision.",
        "Si une règle de la charte s'y oppose, la ligne le dit : une Dérogation écrite est alors nécessaire.",
    ),
    (
        "Vous organisez une rencontre de groupe",
        "Événements",
        "Sur une ligne vide : titre, date, heure, lieu, public. Cochez Inviter quand tout est prêt.",
        "Invitations et rappels partent avec l'agenda ; un changement est envoyé aux invités.",
    ),
    (
        "La liste des cotisants change",
        "Cotisants",
        "Corrigez les lignes, ou collez un export, titres compris.",
        "Qui attendait sa cotisation est admis au passage suivant.",
    ),
    (
        "Vous préparez le rapport annuel",
        "Bilan annuel, Témoignages",
        "Copiez la ligne de l'année. Ne publiez un témoignage que dans les usages acceptés.",
        "Les nombres d'une année finie ne bougent plus que si une réponse arrive en retard.",
    ),
    (
        "Vous voulez changer un réglage",
        "Réglages",
        "Écrivez dans la colonne Valeur ; videz-la pour revenir au défaut.",
        "La remarque à côté dit si la valeur est comprise.",
    ),
    (
        "Qu'ai-je le droit de toucher ?",
        "Partout",
        "Titres sur fond jaune : à vous ; bleu-gris : au programme, protégés. Triez, filtrez, déplacez librement.",
        "Rien ne se perd : les lignes sont reconnues à leur N°, où qu'elles soient.",
    ),
    (
        "Je ne sais pas ce que fait un choix",
        "Partout",
        "Passez la souris sur le titre de la colonne : sa note dit l'effet de chaque choix.",
        "Une note dans la case vidée dit ensuite ce qui a été fait.",
    ),
    (
        "Je me suis trompé",
        "Partout",
        "Tant que la case est pleine, videz-la : rien n'est fait. Après, faites le choix contraire s'il existe.",
        "Un message parti ne se reprend pas ; écrivez aux personnes.",
    ),
)
"""When, where, what to do, and what comes of it."""


def rows() -> dict[str, dict[str, str]]:
    """The rows of the tab."""
    return {
        str(number): {"when": when, "where": where, "do": do, "then": then}
        for number, (when, where, do, then) in enumerate(LINES, start=1)
    }
