// What is sent to the server, and what comes back put on the page.

import { active, book, find, grid, holdFrozen, lists } from "./grid.js";

const message = document.getElementById("message");

export const say = (text) => {
  message.textContent = text;
  message.hidden = !text;
};

const post = async (word, body) => {
  const answer = await fetch(word, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ who: book.dataset.who, gid: Number(book.dataset.gid), ...body }),
  });
  return { ok: answer.ok, body: await answer.json() };
};

const wear = (drawn) => {
  Object.assign(lists, drawn.lists);
  if (drawn.css) document.getElementById("formats").append(`\n${drawn.css}`);
};

// Put new rows in the place of the old ones; the chosen cell stays chosen.
const keepChoice = (change) => {
  const chosen = active();
  const place = chosen && { row: chosen.parentElement.dataset.r, column: chosen.dataset.c };
  const hadFocus = chosen === document.activeElement;
  change();
  holdFrozen();
  const again = place && find(place.row, place.column);
  if (again) document.dispatchEvent(new CustomEvent("chosen-again", { detail: { cell: again, focus: hadFocus } }));
};

export const refresh = async () => {
  const answer = await fetch(`rows?${book.dataset.query}`);
  if (!answer.ok) return;
  const drawn = await answer.json();
  wear(drawn);
  keepChoice(() => {
    document.getElementById("frozen").innerHTML = drawn.frozen;
    document.getElementById("rows").innerHTML = drawn.rows;
  });
};

const change = async (word, body) => {
  say("");
  let answer;
  try {
    answer = await post(word, body);
  } catch {
    say("Pas de réponse : vérifiez que le bac à sable tourne, puis recommencez.");
    return false;
  }
  if (!answer.ok) {
    say(answer.body.message);
    return false;
  }
  wear(answer.body);
  keepChoice(() => {
    for (const [row, html] of Object.entries(answer.body.rows)) {
      const old = grid.querySelector(`tr[data-r="${row}"]`);
      if (!old) continue;
      const holder = document.createElement("tbody");
      holder.innerHTML = html;
      old.replaceWith(holder.firstElementChild);
    }
  });
  if (answer.body.again) await refresh();
  return true;
};

export const type = (row, column, value) => change("edit", { row, column, value });
export const typeAll = (cells) => change("edit", { cells });
export const act = (action, row, column) => change("action", { action, row, column });
