/* One long form as sheets, with a review: docs/sheets.md. */
"use strict";
(() => {
  const all = (selector, root = document) => Array.from(root.querySelectorAll(selector));
  const draftKey = (user, name) => `draft:${user}:${name}`;
  const storage = (act) => {
    try {
      return act(localStorage);
    } catch (error) {
      return null; // full, or forbidden by the browser: the form works without drafts
    }
  };

  all("[data-draft-done]").forEach(({ dataset }) => {
    storage((store) => store.removeItem(draftKey(dataset.draftUser, dataset.draftDone)));
  });

  const form = document.querySelector("form[data-sheets]");
  if (!form) return;

  const review = form.querySelector("[data-review]");
  const answers = review.querySelector("[data-answers]");
  const sheets = all("[data-sheet]", form);
  const screens = sheets.concat(review);
  const actions = form.querySelector("[data-actions]");
  const next = actions.querySelector("[data-next]");
  const back = actions.querySelector("[data-back]");
  const steps = form.querySelector("[data-steps]");
  const parts = form.querySelector("[data-parts]").content;
  const part = (selector) => parts.querySelector(selector).cloneNode(true);
  const prefix = form.dataset.errorTitle;
  const title = document.title.startsWith(prefix)
    ? document.title.slice(prefix.length).trim()
    : document.title;
  const key = form.querySelector("[name=_kunci]");
  const state = () => history.state || {};
  const stateOf = (sheet, depth, edit) => ({ sheet, depth, edit, key: key && key.value });
  let current = 0;

  /* ---------- Fields ---------- */

  const fieldsOf = (sheet) => all(".field", sheet).filter((field) => controls(field).length);
  const controls = (field) => all("input:not([type=hidden]), select, textarea", field);
  const idOf = (field) => field.id.replace("div_", "");
  const isGroup = (field) => field.tagName === "FIELDSET";
  const isChoice = (control) => control.type === "radio" || control.type === "checkbox";

  function attribute(field, name) {
    const holder = field.hasAttribute(name) ? field : field.querySelector(`[${name}]`);
    return holder ? holder.getAttribute(name) : null;
  }

  function labelOf(field) {
    const label = field.querySelector("legend, label:not(.choice), .choice span");
    return label.firstChild.textContent.trim(); // what follows is "(if any)"
  }

  function anchorOf(field) {
    const id = idOf(field);
    return `#${document.getElementById(id) ? id : `${id}_0`}`;
  }

  function answerOf(field) {
    const inputs = controls(field);
    if (isChoice(inputs[0])) {
      const chosen = inputs.filter((input) => input.checked);
      return chosen.map((input) => input.labels[0].textContent.trim()).join(", ");
    }
    if (inputs[0].tagName === "SELECT") {
      const chosen = Array.from(inputs[0].selectedOptions).filter((option) => option.value);
      return chosen.map((option) => option.text).join(", ");
    }
    return inputs.map((input) => input.value.trim()).join(" ").trim();
  }

  /* ---------- Errors, in the very markup of the server ---------- */

  function complaint(field) {
    const answer = answerOf(field);
    if (!answer) return attribute(field, "data-required");
    const wanted = Number(attribute(field, "data-digits"));
    const count = answer.replace(/\D/g, "").length;
    if (count >= (wanted || 0)) return null; // too many are for the server to explain
    return attribute(field, "data-digits-message").replace("%d", count);
  }

  function describe(field, error) {
    const id = `${idOf(field)}_error`;
    const target = isGroup(field) ? field : controls(field)[0];
    const ids = (target.getAttribute("aria-describedby") || "").split(" ");
    const kept = ids.filter((other) => other && other !== id).concat(error ? id : []);
    if (kept.length) target.setAttribute("aria-describedby", kept.join(" "));
    else target.removeAttribute("aria-describedby");
  }

  function mark(field, message) {
    const error = document.createElement("div");
    error.id = `${idOf(field)}_error`;
    const sentence = error.appendChild(part(".field-error"));
    sentence.append(message);
    const hint = document.getElementById(`${idOf(field)}_helptext`);
    if (controls(field)[0].closest("label") && !isGroup(field)) field.prepend(error);
    else (hint || field.querySelector("legend, label")).after(error);
    field.classList.add("invalid");
    controls(field).forEach((control) => control.setAttribute("aria-invalid", "true"));
    describe(field, true);
  }

  function unmark(field) {
    const error = document.getElementById(`${idOf(field)}_error`);
    if (error) error.remove();
    field.classList.remove("invalid");
    controls(field).forEach((control) => control.removeAttribute("aria-invalid"));
    describe(field, false);
  }

  function clearSummary() {
    all(".error-summary").forEach((summary) => summary.remove());
    document.title = title;
  }

  /* Marks what is wrong on a sheet; returns it as [field, message]. */
  function check(sheet) {
    all(".field.invalid", sheet).forEach(unmark);
    const found = fieldsOf(sheet)
      .map((field) => [field, complaint(field)])
      .filter(([, message]) => message);
    found.forEach(([field, message]) => mark(field, message));
    return found;
  }

  function complain(found) {
    clearSummary();
    const summary = part(".error-summary");
    found.forEach(([field, message]) => {
      const item = summary.querySelector("ul").appendChild(document.createElement("li"));
      const link = item.appendChild(document.createElement("a"));
      link.href = anchorOf(field);
      link.textContent = `${labelOf(field)}: ${message}`;
    });
    document.querySelector("main h1").before(summary);
    document.title = `${prefix} ${title}`;
    scrollTo(0, 0);
    summary.focus();
  }

  /* ---------- One sheet at a time ---------- */

  function fillReview() {
    const { empty, yes, no } = answers.dataset;
    answers.textContent = "";
    sheets.forEach((sheet) => fieldsOf(sheet).forEach((field) => {
      const row = part("[data-answer]");
      const answer = answerOf(field);
      if (!answer && attribute(field, "data-skip-empty") !== null) return;
      const isTick = controls(field)[0].type === "checkbox" && !isGroup(field);
      row.querySelector("dt").textContent = labelOf(field);
      row.querySelector("p").textContent = isTick ? (answer ? yes : no) : answer || empty;
      row.querySelector("a").href = anchorOf(field);
      row.querySelector("a").textContent = attribute(field, "data-edit-label");
      row.removeAttribute("data-answer");
      answers.append(row);
    }));
  }

  function show(index) {
    current = index;
    const isReview = screens[index] === review;
    if (isReview) fillReview();
    screens.forEach((screen) => { screen.hidden = screen !== screens[index]; });
    next.hidden = isReview;
    back.hidden = !index && !state().edit;
    steps.querySelector("span").textContent = steps.dataset.steps
      .replace("%1", index + 1)
      .replace("%2", screens.length);
    const woven = Math.round((20 * (index + 1)) / screens.length) * 5;
    steps.querySelector(".progress-fill").className = `progress-fill w-${woven}`;
  }

  function move(index) {
    clearSummary();
    show(index);
    scrollTo(0, 0);
    screens[index].querySelector("h2").focus({ preventScroll: true });
  }

  /* `edit`: from the review and back to it, not on to the next sheet. */
  function go(index, edit) {
    history.pushState(stateOf(index, (state().depth || 0) + 1, edit), "");
    move(index);
  }

  function goOn() {
    const found = check(screens[current]);
    if (found.length) complain(found);
    else if (state().edit) history.back();
    else go(current + 1, false);
  }

  next.textContent = next.dataset.next;
  form.append(actions);
  addEventListener("popstate", (event) => {
    if (event.state && "sheet" in event.state) move(event.state.sheet);
  });

  back.addEventListener("click", () => {
    if (state().depth) {
      history.back();
    } else {
      history.replaceState(stateOf(current - 1, 0), "");
      move(current - 1);
    }
  });

  /* Enter in a field presses a submit button, so it comes through here too. */
  form.addEventListener("submit", (event) => {
    if (screens[current] !== review) {
      event.preventDefault();
      goOn();
      return;
    }
    sheets.some((sheet, index) => {
      const found = check(sheet);
      if (!found.length) return false;
      event.preventDefault();
      go(index, true);
      complain(found);
      return true;
    });
  });

  document.addEventListener("click", (event) => {
    const link = event.target.closest('a[href^="#"]');
    const target = link && document.getElementById(link.hash.slice(1));
    const index = target ? sheets.findIndex((sheet) => sheet.contains(target)) : -1;
    if (index < 0) return;
    event.preventDefault();
    if (index !== current) go(index, screens[current] === review);
    target.focus();
  });

  /* ---------- Drafts ---------- */

  const draft = draftKey(form.dataset.draftUser, form.dataset.draft);
  const forget = () => storage((store) => store.removeItem(draft));
  const kept = () => Array.from(form.elements).filter((control) => (
    control.name
    && !control.name.startsWith("_")
    && !/hidden|password|file|submit|button|fieldset/.test(control.type)
    && !control.closest("[data-private]")
  ));

  function save() {
    const pairs = kept()
      .filter((control) => control.value && (!isChoice(control) || control.checked))
      .map((control) => [control.name, control.value]);
    if (pairs.length) storage((store) => store.setItem(draft, JSON.stringify(pairs)));
    else forget();
  }

  function restore() {
    const pairs = storage((store) => JSON.parse(store.getItem(draft)));
    if (!Array.isArray(pairs) || !pairs.every(Array.isArray)) return;
    kept().forEach((control) => {
      const mine = pairs.filter(([name]) => name === control.name).map(([, value]) => value);
      if (isChoice(control)) control.checked = mine.includes(control.value);
      else if (mine.length) control.value = mine[0];
    });
    const notice = part(".notice");
    notice.querySelector("[data-discard]").addEventListener("click", () => {
      forget();
      form.reset();
      notice.remove();
      move(0);
    });
    form.before(notice);
  }

  if (form.dataset.draft) {
    form.addEventListener("input", save);
    if (!("bound" in form.dataset)) restore();
  }

  const faulty = sheets.findIndex((sheet) => sheet.querySelector(".field.invalid"));
  const wantsReview = "bound" in form.dataset && faulty < 0;
  const first = wantsReview ? sheets.length : Math.max(faulty, 0);
  /* Who comes back after saving sends the same key: what was saved is not saved once more. */
  if (key && state().key && !("bound" in form.dataset)) key.value = state().key;
  history.replaceState(stateOf(first, 0), "");
  show(first);
})();
