// Adds up live what is put towards invoices. Without this script the answer says the same.
const number = (typed, { decimal, group }) => {
  const plain = typed.trim().replaceAll(group, "").replace(/[\s\u00a0\u202f]/g, "").replace(decimal, ".");
  return /^\d+(\.\d*)?$/.test(plain) ? Number(plain) : 0;
};

const addUp = (form) => {
  const locale = form.dataset.locale.replace("_", "-");
  const money = new Intl.NumberFormat(locale, { style: "currency", currency: form.dataset.currency });
  const marks = { decimal: ".", group: "," };
  for (const { type, value } of new Intl.NumberFormat(locale, { useGrouping: true }).formatToParts(12345.6)) {
    if (type in marks) marks[type] = value;
  }
  const minor = 10 ** money.resolvedOptions().maximumFractionDigits;
  const whole = form.querySelector("[data-whole]");
  const parts = [...form.querySelectorAll("[data-part]")];
  const choices = [...form.querySelectorAll("input[name=which]")];
  const chosen = () => choices.find((it) => it.checked)?.value ?? "chosen";
  const rest = form.querySelector("[data-rest]");
  const show = () => {
    parts.forEach((part) => (part.disabled = chosen() !== "chosen"));
    const there = "there" in form.dataset ? form.dataset.there / minor : number(whole.value, marks);
    const sum = parts.reduce((total, part) => total + Math.round(number(part.value, marks) * minor), 0) / minor;
    form.querySelector("[data-together]").textContent = money.format(sum);
    rest.textContent = money.format(there - sum);
    rest.toggleAttribute("data-too-much", there - sum < 0);
    form.querySelector("[data-rest-label]").textContent = there - sum < 0 ? "More than there is" : "Left on account";
    form.querySelector("[data-sum]").hidden = chosen() !== "chosen";
  };
  form.addEventListener("input", show);
  form.addEventListener("change", show);
  show();
};

document.querySelectorAll("form[data-adds-up]").forEach((form) => form.querySelector("[data-sum]") && addUp(form));
document.querySelectorAll("[data-print]").forEach((button) => {
  button.hidden = false;
  button.addEventListener("click", () => print());
});
