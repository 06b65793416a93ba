// Choosing cells and typing in them: with the mouse, the keyboard, the formula bar.

import {
  active, book, cellOf, checkboxOf, choose, columnOf, contentOf, find, grid, holdFrozen, isLocked, letters, lists,
  nameOf, neighbour, rowOf,
} from "./grid.js";
import { act, say, type, typeAll } from "./server.js";

const formula = document.getElementById("formula");
const place = document.getElementById("place");
const hint = document.getElementById("hint");
const LOCKED = book.dataset.writable
  ? "Cette cellule est protégée : elle est tenue à jour par le programme et ne se modifie pas à la main."
  : "Cette adresse peut lire ce tableur, mais pas le modifier.";
let editor = null;

const show = (cell) => {
  place.textContent = nameOf(cell);
  formula.value = contentOf(cell);
  formula.readOnly = isLocked(cell);
  hint.textContent = [cell.dataset.note, cell.dataset.help].filter(Boolean).join("\n");
};

const pick = (cell, options) => choose(cell, show, options);

const closeEditor = () => {
  if (!editor) return;
  const { cell, field, before } = editor;
  editor = null;
  field.remove();
  cell.classList.remove("editing");
  cell.append(...before);
};

const save = async (cell, value) => {
  if (value === contentOf(cell)) return;
  cell.classList.add("saving");
  const row = rowOf(cell), column = columnOf(cell);
  const kept = await type(row, column, value);
  cell.classList.remove("saving");
  if (!kept && active()) show(active());
};

const commit = (down, right) => {
  const { cell, field } = editor;
  const value = field.value;
  closeEditor();
  const next = neighbour(cell, down, right);
  pick(next);
  save(cell, value);
};

const fieldFor = (cell, text) => {
  const choices = lists[cell.dataset.l];
  if (choices && cell.dataset.strict) {
    const field = document.createElement("select");
    for (const value of choices.includes(text) ? ["", ...choices] : ["", ...(text ? [text] : []), ...choices]) {
      field.add(new Option(value, value, false, value === text));
    }
    return field;
  }
  const field = document.createElement(text.includes("\n") || text.length > 60 ? "textarea" : "input");
  field.value = text;
  if (choices && field.tagName === "INPUT") {
    const options = document.createElement("datalist");
    options.id = "choices";
    for (const value of choices) options.append(new Option(value, value));
    document.getElementById("choices")?.remove();
    book.append(options);
    field.setAttribute("list", "choices");
  }
  return field;
};

const open = (cell, typed) => {
  if (isLocked(cell)) return say(LOCKED);
  say("");
  const box = checkboxOf(cell);
  if (box) return typed === undefined ? toggle(cell) : undefined;
  const field = fieldFor(cell, contentOf(cell));
  if (typed !== undefined && field.tagName !== "SELECT") field.value = typed;
  field.className = "cell-editor";
  field.setAttribute("aria-label", `Cellule ${nameOf(cell)}`);
  const before = [...cell.childNodes];
  cell.replaceChildren(field);
  cell.classList.add("editing");
  editor = { cell, field, before };
  field.addEventListener("keydown", editorKey);
  field.addEventListener("blur", () => editor?.field === field && commit(0, 0));
  if (field.tagName === "SELECT") field.addEventListener("change", () => commit(0, 0));
  else field.addEventListener("input", () => { formula.value = field.value; });
  field.focus();
  if (typed === undefined && field.select) field.setSelectionRange?.(field.value.length, field.value.length);
};

const editorKey = (event) => {
  event.stopPropagation();
  if (event.key === "Escape") {
    const { cell } = editor;
    closeEditor();
    pick(cell);
  } else if (event.key === "Enter" && !(event.altKey || event.shiftKey)) {
    event.preventDefault();
    commit(1, 0);
  } else if (event.key === "Tab") {
    event.preventDefault();
    commit(0, event.shiftKey ? -1 : 1);
  }
};

const toggle = async (cell) => {
  const box = checkboxOf(cell);
  if (!(await type(rowOf(cell), columnOf(cell), !box.checked)) && box.isConnected) show(cell);
};

const MOVES = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };

grid.addEventListener("keydown", (event) => {
  const cell = cellOf(event.target);
  if (!cell || editor) return;
  if (MOVES[event.key]) {
    event.preventDefault();
    return pick(neighbour(cell, ...MOVES[event.key]));
  }
  if (event.key === "Tab") {
    const next = neighbour(cell, 0, event.shiftKey ? -1 : 1);
    if (next === cell) return;
    event.preventDefault();
    return pick(next);
  }
  if (event.altKey && event.key === "Enter") return cell.querySelector("a")?.click();
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "Enter" || event.key === "F2") {
    event.preventDefault();
    open(cell);
  } else if (event.key === "Delete" || event.key === "Backspace") {
    event.preventDefault();
    if (isLocked(cell)) say(LOCKED);
    else if (contentOf(cell) !== "") type(rowOf(cell), columnOf(cell), "");
  } else if (event.key === " " && checkboxOf(cell)) {
    event.preventDefault();
    open(cell);
  } else if (event.key === "Dead" || event.key === "Process") {
    open(cell, ""); // an accent to come: the field takes it from here
  } else if (event.key.length === 1) {
    event.preventDefault();
    open(cell, event.key);
  }
});

grid.addEventListener("click", (event) => {
  const cell = cellOf(event.target);
  if (!cell || editor?.cell === cell) return;
  if (event.target.tagName === "INPUT") {
    event.preventDefault();
    pick(cell);
    return isLocked(cell) ? say(LOCKED) : setTimeout(() => toggle(cell));
  }
  if (event.target.tagName === "A") return;
  if (active() === cell && !isLocked(cell)) return open(cell);
  pick(cell);
  if (cell.dataset.l && event.offsetX > cell.clientWidth - 18) open(cell);
});

grid.addEventListener("dblclick", (event) => {
  const cell = cellOf(event.target);
  if (cell && !editor && isLocked(cell)) say(LOCKED);
});

document.addEventListener("chosen-again", (event) => pick(event.detail.cell, { focus: event.detail.focus }));

formula.addEventListener("keydown", (event) => {
  const cell = active();
  if (!cell) return;
  if (event.key === "Enter") {
    event.preventDefault();
    if (isLocked(cell)) return say(LOCKED);
    pick(cell); // leaving the field saves it
  } else if (event.key === "Escape") {
    show(cell);
    cell.focus();
  }
});
formula.addEventListener("change", () => {
  const cell = active();
  if (cell && !isLocked(cell) && !checkboxOf(cell)) save(cell, formula.value);
});

document.addEventListener("copy", (event) => {
  const cell = active();
  if (editor || document.activeElement !== cell) return;
  event.clipboardData.setData("text/plain", contentOf(cell));
  event.preventDefault();
});

document.addEventListener("paste", (event) => {
  const cell = active();
  if (editor || document.activeElement !== cell) return;
  event.preventDefault();
  const lines = event.clipboardData.getData("text/plain").replace(/\r?\n$/, "").split(/\r?\n/);
  const column = Number(cell.dataset.c);
  const cells = lines.flatMap((line, down) =>
    line.split("\t").map((value, right) => ({ row: rowOf(cell) + down, column: letters(column + right), value })));
  if (cells.length === 1) save(cell, cells[0].value);
  else typeAll(cells);
});

document.getElementById("actions").addEventListener("change", (event) => {
  const action = event.target.value;
  event.target.value = "";
  const cell = active();
  if (!action) return;
  if (!cell) return say("Choisissez d'abord une cellule.");
  if (action === "delete_row" && !confirm(`Supprimer la ligne ${rowOf(cell)} ?`)) return;
  act(action, rowOf(cell), columnOf(cell)).then((done) => {
    if (done && action.startsWith("column")) location.reload(); // widths and letters move too
  });
});

for (const field of document.querySelectorAll("[data-submit]")) {
  field.addEventListener("change", () => field.form.submit());
}

// Charts lie over the cells, at the corner of one; rows that wrap say only here how tall they are.
const placeCharts = () => {
  for (const chart of grid.parentElement.querySelectorAll("figure.chart")) {
    const corner = find(chart.dataset.row, chart.dataset.column);
    if (!corner) continue; // its row or column is hidden or filtered out: it stays below the cells
    chart.style.left = `${corner.offsetLeft + Number(chart.dataset.x)}px`;
    chart.style.top = `${corner.parentElement.offsetTop + Number(chart.dataset.y)}px`;
    chart.classList.add("placed");
  }
};

holdFrozen();
placeCharts();
const [, letter, number] = /^([A-Z]+)(\d+)$/.exec(book.dataset.target) ?? [];
if (letter) {
  const column = [...letter].reduce((sum, one) => sum * 26 + one.charCodeAt(0) - 64, 0) - 1;
  const cell = find(number, column) ?? grid.querySelector(`tr[data-r="${number}"] > td`);
  if (cell) {
    cell.parentElement.classList.add("target");
    cell.classList.add("target");
    pick(cell);
  }
} else {
  pick(grid.querySelector("td[data-c]"), { focus: false });
}
