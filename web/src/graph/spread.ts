// Takes nodes off each other, as little as needed: each with the box of its sign and name. The same for the same input.

export interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
  fixed: boolean;
}

/** Moves the boxes in place. `rounds`: the most rounds; it ends earlier where nothing overlaps. */
export function spread(boxes: Box[], rounds = 40): void {
  const widest = boxes.reduce((most, box) => Math.max(most, box.width, box.height), 1);
  for (let round = 0; round < rounds; round += 1) {
    // A row of cells at a time, so that each pair is looked at once.
    const cells = new Map<number, Map<number, number[]>>();
    boxes.forEach((box, at) => {
      const [row, column] = [Math.floor(box.y / widest), Math.floor(box.x / widest)];
      let held = cells.get(row);
      if (!held) cells.set(row, (held = new Map()));
      const same = held.get(column);
      if (same) same.push(at);
      else held.set(column, [at]);
    });
    let moved = false;
    for (const [row, columns] of cells) {
      for (const [column, own] of columns) {
        for (const [down, right] of [[0, 0], [0, 1], [1, -1], [1, 0], [1, 1]] as const) {
          const others = cells.get(row + down)?.get(column + right);
          if (!others) continue;
          const same = down === 0 && right === 0;
          for (let i = 0; i < own.length; i += 1) {
            for (let j = same ? i + 1 : 0; j < others.length; j += 1) {
              if (parted(boxes[own[i] as number] as Box, boxes[others[j] as number] as Box)) moved = true;
            }
          }
        }
      }
    }
    if (!moved) return;
  }
}

/** Takes two boxes off each other along the shorter way; whether they overlapped. */
function parted(one: Box, other: Box): boolean {
  let [dx, dy] = [other.x - one.x, other.y - one.y];
  const [wide, high] = [(one.width + other.width) / 2 - Math.abs(dx), (one.height + other.height) / 2 - Math.abs(dy)];
  if (wide <= 0.5 || high <= 0.5 || (one.fixed && other.fixed)) return false;
  if (dx === 0 && dy === 0) [dx, dy] = [1, 1]; // in the order of the boxes
  const share = one.fixed ? 0 : other.fixed ? 1 : 0.5;
  if (wide < high) {
    const by = wide * Math.sign(dx || 1);
    one.x -= by * share;
    other.x += by * (1 - share);
  } else {
    const by = high * Math.sign(dy || 1);
    one.y -= by * share;
    other.y += by * (1 - share);
  }
  return true;
}
