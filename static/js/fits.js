/* A part of a form with data-fits="kind" data-values="weavers group" shows while one of these is
 * chosen, or something stands in it: nothing is sent unseen. */
"use strict";
document.querySelectorAll("[data-fits]").forEach((part) => {
  const choice = part.closest("form").elements[part.dataset.fits];
  const filled = () =>
    Array.from(part.querySelectorAll("input, select, textarea")).some((field) => field.value);
  const show = () => {
    part.hidden = !part.dataset.values.split(" ").includes(choice.value) && !filled();
  };
  if (!choice) return;
  choice.addEventListener("change", show);
  show();
});
