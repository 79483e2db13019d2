"use strict";
// Optional: the site works without it. Shows the rows of a table, or the stations of the country, that hold what is typed.
const LIMIT = 50;

for (const input of document.querySelectorAll("input[data-filter]")) {
  const rows = [...document.getElementById(input.dataset.filter).tBodies[0].rows];
  const texts = rows.map((row) => row.cells[0].textContent.toLowerCase());
  input.closest(".filter").hidden = rows.length < 10;
  input.addEventListener("input", () => {
    const words = wanted(input.value);
    rows.forEach((row, at) => (row.hidden = !words.every((word) => texts[at].includes(word))));
  });
}

for (const box of document.querySelectorAll("[data-search]")) {
  box.hidden = location.protocol === "file:"; // a page on a disk may not fetch
  search(box.dataset.search.split(" "), box.querySelector("input"), box.querySelector("ul"), box.querySelector("[role=status]"));
}

function wanted(value) {
  return value.toLowerCase().split(/\s+/).filter(Boolean);
}

function search(parts, input, list, status) {
  const loaded = new Map();
  const load = (path) => loaded.get(path) ?? loaded.set(path, fetch(path).then((answer) => answer.json())).get(path);
  const index = parts[0].endsWith("/index.json") ? parts[0] : null;
  input.addEventListener("input", async () => {
    const words = wanted(input.value);
    const files = words.length ? await Promise.all((index ? fitting(await load(index), words) : parts).map(load)) : [];
    if (wanted(input.value).join() !== words.join()) return; // more was typed while the files came
    const found = files.flatMap(({ areas, rows }) => rows.filter((row) => holds(row, areas, words)).map((row) => item(row, areas)));
    list.replaceChildren(...found.slice(0, LIMIT));
    status.textContent = words.length && !found.length ? status.dataset.none : found.length > LIMIT ? status.dataset.more : "";
  });
}

// A large nation's files go by how a word begins: take the word for which the fewest have to be loaded, never more than two.
function fitting(begins, words) {
  const fits = words.map((word) => begins.flatMap((begin, at) => (word.startsWith(begin) || begin.startsWith(word) ? [{ at, begin }] : [])));
  const best = fits.reduce((one, other) => (other.length && (!one.length || other.length < one.length) ? other : one), []);
  return best.sort((a, b) => b.begin.length - a.begin.length || a.at - b.at).slice(0, 2).map(({ at }) => `search/${at}.json`);
}

function holds([name, , note, area], areas, words) {
  const text = `${name} ${note} ${areas[area][0]}`.toLowerCase();
  return words.every((word) => text.includes(word));
}

function item([name, lang, note, area, address], areas) {
  const [within, areaLang] = areas[area];
  const link = Object.assign(document.createElement("a"), { href: address, lang, textContent: name });
  const where = document.createElement("small");
  if (note) where.append(Object.assign(document.createElement("span"), { lang, textContent: note }), " · ");
  where.append(Object.assign(document.createElement("span"), { lang: areaLang, textContent: within }));
  const line = document.createElement("li");
  line.append(link, " ", where);
  return line;
}
