// Colours of classes and scores. They stand on paper, so they are the same in light and dark.

const HUES = {
  "Noteheads": 215, "Stems and flags": 260, "Beams": 190, "Accidentals": 345, "Rests": 28,
  "Dots and marks": 310, "Clefs": 285, "Time signatures": 150, "Slurs and tuplets": 172,
  "Dynamics and lines": 12, "Barlines and staves": 95, "Others": 60,
};

/** Colour of a class: its family gives the hue, its name the shade. */
export function classColour({name, family}) {
  let hash = 0;
  for (const letter of name) hash = (hash * 31 + letter.charCodeAt(0)) >>> 0;
  const hue = (HUES[family] ?? 60) + (hash % 17) - 8;
  return `hsl(${hue} 85% ${36 + (hash >> 5) % 11}%)`;
}

export const familyColour = (family) => `hsl(${HUES[family] ?? 60} 85% 41%)`;

/** Steps of the colours by score, each with the score from which on it holds. */
export const SCORES = [
  [0, "#b3001b", "below 0.5"], [0.5, "#c75b00", "0.5 to 0.7"], [0.7, "#8a7a00", "0.7 to 0.9"], [0.9, "#1a7f37", "0.9 and more"],
];

/** Colour of a score. */
export function scoreColour(score) {
  return SCORES.findLast(([from]) => score >= from)[1];
}
