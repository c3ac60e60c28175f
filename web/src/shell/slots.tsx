// Parts of the frame that stand elsewhere: the command palette.

export function Palette() {
  return null;
}
