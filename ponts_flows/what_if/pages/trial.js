// Search in a table, and sort it by a click on a heading. Without scripts, the page reads as it is.
const folded = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

// What is folded away is not searched: it names the people of other pairs.
const textOf = (row) => {
  const copy = row.cloneNode(true);
  for (const hidden of copy.querySelectorAll("details")) hidden.remove();
  return folded(copy.textContent);
};

for (const input of document.querySelectorAll("input[data-table]")) {
  const rows = [...document.getElementById(input.dataset.table).tBodies[0].rows];
  const texts = rows.map(textOf);
  const output = input.closest(".find").querySelector("output");
  input.addEventListener("input", () => {
    const words = folded(input.value).split(/\s+/).filter(Boolean);
    let shown = 0;
    rows.forEach((row, place) => {
      row.hidden = !words.every((word) => texts[place].includes(word));
      shown += !row.hidden;
    });
    output.textContent = words.length ? `${shown} sur ${rows.length}` : "";
  });
}

const valueOf = (row, column) => row.cells[column].dataset.value ?? row.cells[column].textContent.trim();

for (const table of document.querySelectorAll("table.sortable")) {
  const headings = [...table.tHead.rows[0].cells];
  headings.forEach((heading, column) => {
    if ("plain" in heading.dataset) return;
    const button = document.createElement("button");
    button.textContent = heading.textContent;
    heading.replaceChildren(button);
    button.addEventListener("click", () => {
      const down = heading.ariaSort === "ascending";
      for (const other of headings) other.removeAttribute("aria-sort");
      heading.ariaSort = down ? "descending" : "ascending";
      const order = (one, other) =>
        valueOf(one, column).localeCompare(valueOf(other, column), "fr", { numeric: true });
      const rows = [...table.tBodies[0].rows].sort(order);
      table.tBodies[0].append(...(down ? rows.reverse() : rows));
    });
  });
}
