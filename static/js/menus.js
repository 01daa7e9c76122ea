// The menus of the top bar are plain <details>; this closes them on Escape and on a click or focus elsewhere.
const menus = [...document.querySelectorAll("details[data-menu]")]

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return
  for (const menu of menus) {
    if (!menu.open) continue
    menu.open = false
    if (menu.contains(document.activeElement)) menu.querySelector("summary").focus()
  }
})

for (const type of ["pointerdown", "focusin"]) {
  document.addEventListener(type, (event) => {
    for (const menu of menus) if (!menu.contains(event.target)) menu.open = false
  })
}
