// Give each mail's frame the height of what it holds (without this script it scrolls), and put the cursor in the form.
"use strict";
for (const frame of document.querySelectorAll("iframe.mail-html")) {
  const fit = () => {
    const root = frame.contentDocument && frame.contentDocument.documentElement;
    if (!root) return;
    frame.style.height = "0";
    frame.style.height = `${Math.min(root.scrollHeight + 4, 4000)}px`;
  };
  frame.addEventListener("load", fit);
  window.addEventListener("resize", fit);
  fit();
}
const field = document.querySelector("#form [autofocus]");
if (field) field.focus();
