"use strict";
// select2 makes the shown choice a text field for screen readers and gives it no name: it gets that of its own field.
{
  const nameBoxes = () => {
    for (const box of document.querySelectorAll(".select2-selection__rendered[role=textbox]")) {
      const field = box.closest(".select2-container").previousElementSibling;
      const label = field.getAttribute("aria-label") || field.labels?.[0]?.textContent || "";
      box.setAttribute("aria-label", label.trim().replace(/:$/, ""));
    }
  };
  // jQuery keeps the order of what waits for it: the boxes are made first.
  window.addEventListener("load", () => django.jQuery(nameBoxes));
  document.addEventListener("formset:added", () => setTimeout(nameBoxes));
}
