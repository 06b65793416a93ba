// The table of cells: where each is, what it holds, moving among them, keeping frozen ones in place.

export const book = document.getElementById("book");
export const frame = document.getElementById("frame");
export const grid = document.getElementById("grid");
export const lists = JSON.parse(book.dataset.lists);

export const letters = (column) => {
  let name = "";
  for (let n = column + 1; n > 0; n = Math.floor((n - 1) / 26)) name = String.fromCharCode(65 + ((n - 1) % 26)) + name;
  return name;
};

export const cellOf = (node) => (node instanceof Element ? node.closest("td[data-c]") : null);
export const rowOf = (cell) => Number(cell.parentElement.dataset.r);
export const columnOf = (cell) => letters(Number(cell.dataset.c));
export const nameOf = (cell) => columnOf(cell) + rowOf(cell);
export const isLocked = (cell) => cell.getAttribute("aria-readonly") === "true";
export const checkboxOf = (cell) => cell.querySelector("input[type=checkbox]");

export const contentOf = (cell) => {
  const box = checkboxOf(cell);
  if (box) return box.checked ? "VRAI" : "FAUX";
  return cell.dataset.e ?? cell.textContent;
};

export const find = (row, column) => grid.querySelector(`tr[data-r="${row}"] > td[data-c="${column}"]`);

const rows = () => [...grid.querySelectorAll("tr[data-r]")];

// The neighbour of a cell, `down` rows and `right` columns away, or the cell itself at the edge.
export const neighbour = (cell, down, right) => {
  if (right) {
    const cells = [...cell.parentElement.querySelectorAll("td[data-c]")];
    return cells[cells.indexOf(cell) + right] ?? cell;
  }
  const all = rows();
  let at = all.indexOf(cell.parentElement) + down;
  for (; at >= 0 && at < all.length; at += Math.sign(down)) {
    const found = all[at].querySelector(`td[data-c="${cell.dataset.c}"]`);
    if (found) return found;
  }
  return cell;
};

let current = null;

export const active = () => current;

// Make a cell the chosen one; `listener` is told, to fill the formula bar.
export const choose = (cell, listener, { focus = true } = {}) => {
  if (!cell) return;
  if (current && current !== cell) current.tabIndex = -1;
  current = cell;
  cell.tabIndex = 0;
  if (focus) cell.focus({ preventScroll: true });
  reveal(cell);
  listener(cell);
};

const reveal = (cell) => {
  if (cell.closest(".frozen")) return;
  const box = cell.getBoundingClientRect();
  const view = frame.getBoundingClientRect();
  const top = view.top + fixedHeight() + 2;
  const left = view.left + fixedWidth() + 2;
  if (box.top < top) frame.scrollTop -= top - box.top;
  else if (box.bottom > view.bottom - 18) frame.scrollTop += box.bottom - view.bottom + 18;
  if (cell.classList.contains("fixed")) return;
  if (box.left < left) frame.scrollLeft -= left - box.left;
  else if (box.right > view.right - 18) frame.scrollLeft += Math.min(box.right - view.right + 18, box.left - left);
};

const fixedHeight = () => grid.tHead.offsetHeight + document.getElementById("frozen").offsetHeight;

const fixedWidth = () => {
  const count = Number(book.dataset.frozenColumns);
  let width = 46;
  for (const column of [...grid.querySelectorAll("col")].slice(1, count + 1)) width += parseFloat(column.style.width);
  return width;
};

// Frozen rows and columns stay: their distance from the edge is the size of those before them.
export const holdFrozen = () => {
  let top = grid.tHead.offsetHeight;
  for (const row of document.querySelectorAll("#frozen > tr")) {
    for (const cell of row.children) cell.style.top = `${top}px`;
    top += row.offsetHeight;
  }
  const count = Number(book.dataset.frozenColumns);
  if (!count) return;
  const widths = [...grid.querySelectorAll("col")].slice(1, count + 1).map((column) => parseFloat(column.style.width));
  const columns = [...grid.querySelectorAll(".letters > th")].slice(0, count);
  let left = 46;
  columns.forEach((heading, i) => {
    heading.style.left = `${left}px`;
    heading.style.zIndex = 5;
    left += widths[i];
  });
  for (const row of rows()) holdColumns(row, widths);
};

const holdColumns = (row, widths) => {
  let left = 46;
  const cells = row.querySelectorAll("td[data-c]");
  widths.forEach((width, i) => {
    const cell = cells[i];
    if (!cell) return;
    cell.classList.add("fixed");
    if (i === widths.length - 1) cell.classList.add("edge");
    cell.style.left = `${left}px`;
    left += width;
  });
};
