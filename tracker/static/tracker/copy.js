// A button "Salin" under every text that is there to be copied. Without this file the text can still be selected.
for (const text of document.querySelectorAll("textarea[readonly]")) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "button";
  button.textContent = "Salin";
  button.setAttribute("aria-live", "polite");
  button.addEventListener("click", async () => {
    let copied = true;
    try {
      await navigator.clipboard.writeText(text.value);
    } catch { // not allowed, or not there without https
      text.focus();
      text.select();
      copied = document.execCommand("copy");
      if (copied) button.focus();
    }
    button.textContent = copied ? "Tersalin" : "Tekan Ctrl + C";
    setTimeout(() => (button.textContent = "Salin"), 4000);
  });
  text.after(button);
}
