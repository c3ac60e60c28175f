// Parts of the frame that stand elsewhere: why the user looks, and the command palette.

export { Authority } from "../parts/authority.tsx";
export { Palette } from "../palette.tsx";
