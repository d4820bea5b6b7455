// 相近的方案 — Special plans or batches whose titles contain the text of a policy, or are contained in it.
// A text of one character is near to none. Needs policy_plan (the text; null if there is none), $plans.
[plan IN $plans WHERE policy_plan CONTAINS plan.title OR (size(policy_plan) > 1 AND plan.title CONTAINS policy_plan)]
