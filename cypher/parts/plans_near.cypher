// 相近的方案 — Special plans or batches whose names contain the text of a policy, or are contained in it.
// A text of one character is near to none. Needs said (the text; null if there is none), $plans.
[plan IN $plans WHERE said CONTAINS plan[2] OR (size(said) > 1 AND plan[2] CONTAINS said)]
