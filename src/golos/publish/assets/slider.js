"use strict";
// Optional: without it the tables say the same. A slider goes along the rows of its table and says the row where it stands.

for (const slider of document.querySelectorAll("input[data-slider]")) {
  const table = document.getElementById(slider.dataset.slider);
  const rows = [...table.tBodies[0].rows];
  const heads = [...table.tHead.rows[0].cells].map((cell) => cell.textContent);
  const output = slider.parentElement.querySelector("output");
  const show = () => {
    const chosen = rows[slider.valueAsNumber];
    rows.forEach((row) => row.classList.toggle("chosen", row === chosen));
    output.textContent = [...chosen.cells].map((cell, at) => `${heads[at]}: ${cell.textContent}`).join(" · ");
    slider.setAttribute("aria-valuetext", output.textContent);
    const box = table.parentElement;
    box.scrollTop = chosen.offsetTop - box.clientHeight / 2;
  };
  slider.addEventListener("input", show);
  slider.parentElement.hidden = false;
  show();
}
