// The closed sets of the policy, as the page offers them. tests/page compares them with the policy's own.

export const REASONS = ["check", "lead", "case", "training", "audit"] as const;
export const BANDS = ["strong", "possible", "weak"] as const;
export const STATES = ["open", "confirmed", "cleared", "withdrawn"] as const;
export const SPOT_RESULTS = ["found", "another-person", "no-longer-wanted"] as const;
