// Rich messages: paragraphs and tables, as nodes. Text is set as text, never as markup.

export function richBlocks(blocks) {
  const all = document.createElement("div");
  all.className = "rich";
  for (const block of blocks) all.append(block.type === "table" ? table(block) : paragraph(block));
  return all;
}

function paragraph(block) {
  const node = document.createElement("p");
  node.textContent = block.text;
  return node;
}

function table(block) {
  const frame = document.createElement("div");
  frame.className = "table";
  frame.tabIndex = 0;
  const node = document.createElement("table");
  for (const cells of block.cells) {
    const row = node.insertRow();
    for (const cell of cells) {
      const kind = document.createElement(cell.is_header ? "th" : "td");
      kind.textContent = cell.text || "";
      row.append(kind);
    }
  }
  frame.append(node);
  return frame;
}
