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
  search(box, box.querySelector("input"), box.querySelector("ul"), box.querySelector("[role=status]"));
}

function wanted(value) {
  return value.toLowerCase().split(/\s+/).filter(Boolean);
}

function search(box, input, list, status) {
  let places = null;
  input.addEventListener("input", async () => {
    places ??= fetch(box.dataset.search).then((answer) => answer.json());
    const { areas, stations } = await places;
    const words = wanted(input.value);
    const found = words.length ? stations.filter((row) => holds(row, areas, words)) : [];
    list.replaceChildren(...found.slice(0, LIMIT).map((row) => item(row, areas)));
    status.textContent = words.length && !found.length ? status.dataset.none : found.length > LIMIT ? status.dataset.more : "";
  });
}

function holds([code, title, address, area], areas, words) {
  const text = `${title} ${code} ${address} ${areas[area][0]}`.toLowerCase();
  return words.every((word) => text.includes(word));
}

function item([code, title, address, area, lang], areas) {
  const [name, areaLang] = areas[area];
  const link = Object.assign(document.createElement("a"), { href: `stations/${code}.html`, lang, textContent: `${title} · ${code}` });
  const note = document.createElement("small");
  note.append(Object.assign(document.createElement("span"), { lang, textContent: address }), " · ");
  note.append(Object.assign(document.createElement("span"), { lang: areaLang, textContent: name }));
  const line = document.createElement("li");
  line.append(link, note);
  return line;
}
