// What has to happen in the browser itself: the scanner, shortcuts, and the choice between light and dark.
// A scanner types faster than people and ends with Enter; it may do so wherever the focus is, but in a field.
(() => {
  const isField = (node) => node && (node.isContentEditable || ["INPUT", "TEXTAREA", "SELECT"].includes(node.tagName));
  const SHORTCUTS = ["F2", "F4", "F7", "F8", "F9", "Escape"];
  // Between two of a scanner's keys, in milliseconds. Some are slow; people hardly type outside of fields.
  const GAP = 300;
  let typed = "", last = 0;
  document.addEventListener("keydown", (event) => {
    if (SHORTCUTS.includes(event.key) && !event.ctrlKey && !event.altKey && !event.metaKey) {
      if (event.key !== "Escape") event.preventDefault();
      if (document.querySelector(".q-dialog, .q-menu")) return;
      emitEvent("shortcut", event.key);
      return;
    }
    if (isField(event.target) || event.ctrlKey || event.altKey || event.metaKey) return;
    // When the key was pressed, not when a busy page came to it.
    if (event.timeStamp - last > GAP) typed = "";
    last = event.timeStamp;
    if (event.key === "Enter") {
      if (typed.length >= 3) { event.preventDefault(); event.stopPropagation(); emitEvent("scan", typed); }
      typed = "";
    } else if (event.key.length === 1) {
      typed += event.key;
    }
  }, true);
  window.ringupTheme = () => localStorage.getItem("ringup-theme");
  window.ringupSetTheme = (theme) => localStorage.setItem("ringup-theme", theme);
})();
