"""The tab Journal: what coordinators did, one line each."""

from __future__ import annotations

from ponts_flows.board.tabs import Kind, Tab, written

LINES = 10_000
"""How many lines the board keeps: the next one takes the place of the oldest. The ledger keeps all."""

JOURNAL = Tab(
    key="journal",
    title_fr="Journal",
    what_fr=(
        "Ce que la coordination a décidé, une ligne par geste : qui, quoi, quand. Rien à faire ici.\n"
        "Le nom est celui de la colonne Qui décide ; les noms proposés se tiennent dans Réglages, colonne Noms."
    ),
    columns=(
        written("id", "N°", width=90, note=f"Passé {LINES} lignes, la plus ancienne laisse sa place."),
        written("at", "Quand", Kind.DATETIME, width=140),
        written("by", "Qui", width=150),
        written("place", "Onglet", width=120),
        written("about", "Ligne", width=220),
        written("what", "Quoi", width=300, wrap=True),
        written("outcome", "Ce qui a été fait", width=420, wrap=True),
    ),
)
