// A click shows a frame alone, with those above it; the search marks frames by name.
(() => {
  const svg = document.documentElement;
  const width = Number(svg.dataset.width);
  const letter = Number(svg.dataset.letter);
  const details = document.getElementById("details");
  const explanation = details.textContent;

  const place = (frame) => ({
    left: Number(frame.dataset.left),
    width: Number(frame.dataset.width),
    depth: Number(frame.dataset.depth),
  });

  const fitting = (name, room) => {
    const letters = Math.floor((room - 6) / letter);
    if (letters < 3) return "";
    return name.length <= letters ? name : `${name.slice(0, letters - 1)}…`;
  };

  const draw = (frame, left, extent) => {
    const rect = frame.querySelector("rect");
    const text = frame.querySelector("text");
    rect.setAttribute("x", left * width);
    rect.setAttribute("width", extent * width);
    text.setAttribute("x", left * width + 3);
    text.textContent = fitting(frame.dataset.name, extent * width);
  };

  const show = (panel, chosen) => {
    const whole = place(chosen);
    const inside = whole.left + whole.width;
    for (const frame of panel.querySelectorAll(".frame")) {
      const at = place(frame);
      const above = at.depth < whole.depth && at.left <= whole.left + 1e-9 && at.left + at.width >= inside - 1e-9;
      const below = at.depth >= whole.depth && at.left >= whole.left - 1e-9 && at.left + at.width <= inside + 1e-9;
      frame.style.display = above || below ? "" : "none";
      frame.classList.toggle("outside", above);
      if (above) draw(frame, 0, 1);
      if (below) draw(frame, (at.left - whole.left) / whole.width, at.width / whole.width);
    }
  };

  const search = () => {
    const wanted = window.prompt("Part of a name, or a regular expression; nothing to clear", "");
    if (wanted === null) return;
    const pattern = wanted && new RegExp(wanted, "i");
    for (const frame of svg.querySelectorAll(".frame")) {
      frame.classList.toggle("found", Boolean(pattern) && pattern.test(frame.dataset.name));
    }
  };

  for (const panel of svg.querySelectorAll(".panel")) {
    for (const frame of panel.querySelectorAll(".frame")) {
      frame.addEventListener("click", () => show(panel, frame));
      frame.addEventListener("mouseenter", () => {
        details.textContent = frame.querySelector("title").textContent.replace("\n", ": ");
      });
      frame.addEventListener("mouseleave", () => {
        details.textContent = explanation;
      });
    }
  }
  document.getElementById("search").addEventListener("click", search);
})();
