// Theme, search, and copying of examples. Every page says all it has to say without this.
"use strict";

const root = document.documentElement;
const storage = {
  get theme() { try { return localStorage.getItem("theme"); } catch { return null; } },
  set theme(theme) { try { localStorage.setItem("theme", theme); } catch { /* it lasts for this page only */ } },
};
if (storage.theme) root.dataset.theme = storage.theme;

document.addEventListener("DOMContentLoaded", () => {
  theme();
  search();
  copying();
});

function theme() {
  const button = document.getElementById("theme-button");
  button.hidden = false;
  button.addEventListener("click", () => {
    const system = matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
    root.dataset.theme = storage.theme = (root.dataset.theme ?? system) === "dark" ? "light" : "dark";
  });
}

function search() {
  const [form, input, panel, status, results] = ["form", "input", "panel", "status", "results"]
    .map((name) => /** @type {any} */ (document.getElementById(`search-${name}`)));
  const SHOWN = 40;
  let entries;

  form.hidden = false;
  input.addEventListener("focus", load);
  input.addEventListener("input", show);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    results.querySelector("a")?.click();
  });
  results.addEventListener("click", close); // a link within the page does not leave it
  document.addEventListener("click", (event) => form.contains(event.target) || close());
  document.addEventListener("keydown", (event) => {
    if (event.key === "/" && !event.ctrlKey && !event.metaKey && !event.altKey && event.target !== input) {
      event.preventDefault();
      input.select();
    } else if (event.key === "Escape" && form.contains(event.target)) {
      close();
      input.select();
    }
  });
  form.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step || panel.hidden) return;
    event.preventDefault();
    const stops = [input, ...results.querySelectorAll("a")];
    stops[stops.indexOf(document.activeElement) + step]?.focus();
  });

  // The index is fetched as a script, when it is wanted: pages on a disk may not fetch data.
  function load() {
    if (entries) return;
    entries = [];
    const script = document.createElement("script");
    script.src = "search-index.js";
    script.addEventListener("load", () => {
      entries = searchIndex.flatMap(([page, owner, items]) => items.map(([kind, anchor, text]) => {
        const name = owner && anchor ? `${owner}.${anchor}` : owner || anchor;
        const last = name.slice(name.lastIndexOf(".") + 1).toLowerCase();
        return { kind, name, text, last, href: anchor ? `${page}#${anchor}` : page, lower: name.toLowerCase() };
      }));
      show();
    });
    document.head.append(script);
  }

  function show() {
    const words = input.value.toLowerCase().split(/\s+/).filter(Boolean);
    panel.hidden = words.length === 0;
    if (panel.hidden) return;
    const found = entries
      .map((entry) => ({ entry, rank: Math.max(...words.map((word) => rank(entry, word))) + inner(entry) }))
      .filter(({ rank }) => rank < Infinity)
      .sort((a, b) => a.rank - b.rank || a.entry.name.length - b.entry.name.length);
    status.textContent = found.length === 0 ? "Nothing found"
      : found.length > SHOWN ? `${found.length} found, the first ${SHOWN} shown` : `${found.length} found`;
    results.replaceChildren(...found.slice(0, SHOWN).map(({ entry }) => item(entry)));
  }

  // How good a word fits, 0 is best: the name, its start, a part of it, the qualified name, the text.
  function rank({ last, lower, text }, word) {
    if (last === word || lower === word) return 0;
    if (last.startsWith(word)) return 1;
    if (last.includes(word)) return 2;
    if (lower.includes(word)) return 3;
    return text.toLowerCase().includes(word) ? 4 : Infinity;
  }

  // Fields and values come behind what holds them.
  function inner({ kind }) {
    return kind === "field" || kind === "value" ? 0.5 : 0;
  }

  function item({ kind, name, text, href }) {
    const link = element("a", element("code", name), element("span", kind));
    if (text) link.append(element("span", text));
    link.href = href;
    return element("li", link);
  }

  function close() {
    panel.hidden = true;
  }
}

function copying() {
  if (!navigator.clipboard) return; // only where the browser trusts the page's origin
  for (const figure of document.querySelectorAll("figure")) {
    const code = figure.querySelector("pre");
    if (!code) continue;
    const button = element("button", "Copy");
    button.type = "button";
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(code.textContent);
      button.textContent = "Copied";
      setTimeout(() => { button.textContent = "Copy"; }, 1500);
    });
    figure.querySelector("figcaption").append(button);
  }
}

function element(name, ...content) {
  const element = document.createElement(name);
  element.append(...content);
  return element;
}
