// 措施所属方案 — Special plan or batch of a measure: the one named by its policy, or otherwise that of its kind.
// Of two titles of which one contains the other, the one that is the text counts, or else the longer. A text that is
// near to several plans decides nothing.
// Needs policy_plan (text of the policy), near (the plans near to it), s (state of the measure), $plans.
coalesce(head([plan IN near WHERE plan.title = policy_plan | plan.code]),
  CASE WHEN size([plan IN near WHERE none(longer IN near WHERE longer.title <> plan.title
      AND longer.title CONTAINS plan.title)]) = 1
    THEN head([plan IN near WHERE none(longer IN near WHERE longer.title <> plan.title
      AND longer.title CONTAINS plan.title) | plan.code]) END,
  head([plan IN $plans WHERE s.kind IN plan.kinds | plan.code]))
