// A count means something only where a service is restricted: the other inputs are switched off.
// Without this script they are simply not read.
const switchOff = (row, off) => {
  for (const input of row.querySelectorAll("input, select:not([data-offer])")) input.disabled = off;
};

const follow = (select, rows) => {
  const show = () => rows.forEach((row) => switchOff(row, select.value !== "restricted"));
  select.addEventListener("change", show);
  show();
};

document.addEventListener("DOMContentLoaded", () => {
  if (document.querySelector("fieldset:disabled")) return;
  for (const row of document.querySelectorAll("[data-allowance]")) {
    follow(row.querySelector("[data-offer]"), [row]);
  }
  const storage = document.querySelector("[data-storage-offer] [data-offer]");
  if (storage) follow(storage, [...document.querySelectorAll("[data-storage-rule]")]);
});
