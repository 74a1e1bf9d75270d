// A count means something only where a service is restricted: the other inputs are switched off.
// Without this script they are simply not read. It stands in the head, so that it has run before
// the page remembers what its form said at first.
const switchOff = (row, off) => {
  for (const input of row.querySelectorAll("input, select:not([data-offer])")) input.disabled = off;
};

const follow = (select, rows) => {
  const show = () => rows.forEach((row) => switchOff(row, select.value !== "restricted"));
  select.addEventListener("change", show);
  show();
};

if (!document.querySelector("fieldset:disabled")) {
  for (const row of document.querySelectorAll("[data-allowance]")) {
    follow(row.querySelector("[data-offer]"), [row]);
  }
  const storage = document.querySelector("[data-storage-offer] [data-offer]");
  if (storage) follow(storage, [...document.querySelectorAll("[data-storage-rule]")]);
}
