// Put the marks of blackening round what is selected in a text of a proposal. Without this script they are typed.
for (const button of document.querySelectorAll("[data-blacken-for]")) {
  const area = document.getElementById(button.dataset.blackenFor);
  button.hidden = false;
  button.addEventListener("click", () => {
    const { selectionStart: from, selectionEnd: to, value } = area;
    if (from === to) return area.focus();
    area.value = value.slice(0, from) + "[[" + value.slice(from, to) + "]]" + value.slice(to);
    area.focus();
    area.closest(".release-field").querySelector("select").value = "blackened";
  });
}
