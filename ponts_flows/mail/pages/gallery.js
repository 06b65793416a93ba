// Each mail is as tall as it needs to be; without this script, it scrolls within its frame.
for (const frame of document.querySelectorAll("iframe.mail")) {
  const fit = () => {
    const page = frame.contentDocument?.documentElement;
    if (!page) return;
    frame.style.height = "0";
    frame.style.height = `${page.scrollHeight}px`;
  };
  frame.addEventListener("load", fit);
  new ResizeObserver(fit).observe(frame.closest(".pair"));
}
