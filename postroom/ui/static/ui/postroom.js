// What pages do beyond HTML. Everything works without it; nothing here writes a style or a script.
const all = (selector, within = document) => [...within.querySelectorAll(selector)];
const WRONG = ".is-invalid, [aria-invalid=true]";

// A question with two answers. Resolves to true or false.
function ask(sentence, yes = "Continue") {
  const dialog = document.createElement("dialog");
  dialog.className = "ask";
  const words = Object.assign(document.createElement("p"), { id: "ask-words", textContent: sentence });
  dialog.setAttribute("aria-labelledby", words.id);
  const form = document.createElement("form");
  form.method = "dialog";
  const buttons = [["no", "Cancel", "btn"], ["yes", yes, "btn btn-primary"]].map(([value, text, css]) =>
    Object.assign(document.createElement("button"), { value, textContent: text, className: css }));
  form.append(...buttons);
  dialog.append(words, form);
  document.body.append(dialog);
  dialog.showModal();
  return new Promise((answer) => {
    dialog.addEventListener("close", () => {
      dialog.remove();
      answer(dialog.returnValue === "yes");
    });
  });
}

// data-confirm="sentence" on a form or its button asks first; data-confirm-yes names the answer.
document.addEventListener("submit", async (event) => {
  const { target: form, submitter } = event;
  const asking = submitter?.dataset.confirm ? submitter : form.dataset.confirm ? form : null;
  if (!asking || form.confirmed) return void (form.confirmed = false);
  event.preventDefault();
  event.stopImmediatePropagation();
  const yes = asking.dataset.confirmYes || submitter?.textContent.trim() || "Continue";
  if (await ask(asking.dataset.confirm, yes)) {
    form.confirmed = true;
    form.requestSubmit(submitter);
  }
}, true);

// A form is sent once. data-many allows more: for files, where the page stays.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented) return;
  form.unguarded = true;
  if (form.method !== "post" || "many" in form.dataset) return;
  if (form.ariaBusy === "true") return void event.preventDefault();
  form.ariaBusy = "true";
  setTimeout(() => [...form.elements].filter((field) => field.type === "submit").forEach((button) => {
    button.sentOnce = !button.disabled;
    button.disabled = true;
  }));
});
addEventListener("pageshow", (event) => event.persisted && all("form[aria-busy]").forEach((form) => {
  form.ariaBusy = null;
  form.unguarded = false;
  [...form.elements].filter((field) => field.sentOnce).forEach((button) => (button.disabled = false));
}));

// form[data-guard] keeps what was typed from being left behind.
const written = (form) => new URLSearchParams([...new FormData(form)].map(([key, value]) => [key, value.name ?? value])).toString();
// As the page brought it, even where somebody has typed before this script came.
const brought = (form) => {
  const copy = form.cloneNode(true);
  copy.reset();
  return written(copy);
};
const unsaved = () => all("form[data-guard]").filter((form) => !form.unguarded && (form.refused || form.atFirst !== written(form)));
addEventListener("beforeunload", (event) => unsaved().length && event.preventDefault());
document.addEventListener("click", async (event) => {
  const link = event.target.closest("a[href]");
  if (!link || event.defaultPrevented || event.ctrlKey || event.metaKey || event.shiftKey || link.target || link.hasAttribute("download")) return;
  if (link.href.split("#")[0] === location.href.split("#")[0] || !unsaved().length) return;
  event.preventDefault();
  if (await ask("There are changes that are not saved. Leave without saving?", "Leave")) {
    all("form[data-guard]").forEach((form) => (form.unguarded = true));
    location.assign(link.href);
  }
});

// Tabs: arrow keys, the first error's tab first, else the one in the address.
function open(panel, focus = false) {
  const tabs = panel.closest("[data-tabs]").tabs;
  tabs.forEach(({ tab, panel: other }) => {
    const here = other === panel;
    other.hidden = !here;
    tab.classList.toggle("active", here);
    tab.ariaSelected = String(here);
    tab.tabIndex = here ? 0 : -1;
    if (here && focus) tab.focus();
  });
}
function choose(panel, focus) {
  open(panel, focus);
  history.replaceState(history.state, "", `#${panel.id}`);
}
function makeTabs(root) {
  const list = root.querySelector("[data-tab-list]");
  list.setAttribute("role", "tablist");
  root.tabs = all("a", list).map((tab) => ({ tab, panel: document.getElementById(tab.hash.slice(1)) }));
  root.tabs.forEach(({ tab, panel }, index) => {
    tab.id ||= `${panel.id}-tab`;
    tab.parentElement.role = "presentation";
    tab.role = "tab";
    tab.setAttribute("aria-controls", panel.id);
    panel.role = "tabpanel";
    panel.setAttribute("aria-labelledby", tab.id);
    const wrong = new Set(all(WRONG, panel).map((field) => field.name)).size;
    if (wrong) tab.insertAdjacentHTML("beforeend", ` <span class="tab-wrong">${wrong}<span class="visually-hidden"> to check</span></span>`);
    tab.addEventListener("click", (event) => (event.preventDefault(), choose(panel, true)));
    tab.addEventListener("keydown", (event) => {
      const step = { ArrowLeft: index - 1, ArrowRight: index + 1, Home: 0, End: -1 }[event.key];
      if (event.key === " ") choose(panel, true);
      else if (step !== undefined) choose(root.tabs.at(step % root.tabs.length).panel, true);
      else return;
      event.preventDefault();
    });
  });
  const panels = root.tabs.map(({ panel }) => panel);
  const meant = location.hash && document.getElementById(location.hash.slice(1))?.closest("[data-tab-panel]");
  open(panels.find((panel) => panel.querySelector(WRONG)) || panels.find((panel) => panel === meant) || panels[0]);
  root.dataset.ready = "";
}
addEventListener("hashchange", () => {
  const field = document.getElementById(location.hash.slice(1));
  const panel = field?.closest("[data-tabs]")?.tabs && field.closest("[data-tab-panel]");
  if (panel) open(panel);
  if (field && field !== panel) (field.matches("input, select, textarea") ? field : field.querySelector("input, select, textarea") || field).focus();
});

// Small things: choices that send their form, menus that close, light and dark.
document.addEventListener("change", (event) => "autosubmit" in event.target.dataset && event.target.form.requestSubmit());
const closeMenus = (but) => all("details[data-menu][open]").forEach((menu) => menu !== but && (menu.open = false));
document.addEventListener("click", (event) => closeMenus(event.target.closest("details[data-menu]")));
document.addEventListener("keydown", (event) => {
  const menu = event.key === "Escape" && document.querySelector("details[data-menu][open]");
  if (menu) menu.querySelector("summary").focus(), closeMenus();
});
all("[data-theme-button]").forEach((button) => button.addEventListener("click", () => {
  const theme = document.documentElement.dataset.bsTheme === "dark" ? "light" : "dark";
  document.documentElement.dataset.bsTheme = theme;
  localStorage.setItem("postroom-theme", theme);
}));

all("[data-print]").forEach((button) => {
  button.hidden = false;
  button.addEventListener("click", () => print());
});

function start(within) {
  all("[data-tabs]:not([data-ready])", within).forEach(makeTabs);
  all("form[data-guard]", within).forEach((form) => {
    form.refused = Boolean(form.querySelector(WRONG));
    form.atFirst = brought(form);
  });
  within.querySelector("[data-error-summary]")?.focus();
}
start(document);
document.addEventListener("htmx:load", (event) => event.target !== document.body && start(event.target));
