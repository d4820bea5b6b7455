// 措施所属方案 — Special plan or batch of a measure: the one named by its policy, or otherwise that of its kind.
// Of two names of which one contains the other, the one that is the text counts, or else the longer. A text that is
// near to several plans decides nothing.
// Needs said (text of the policy), near (the plans near to it), s (state of the measure), $plans.
coalesce(head([plan IN near WHERE plan[2] = said | plan[0]]),
  CASE WHEN size([plan IN near WHERE none(longer IN near WHERE longer <> plan AND longer[2] CONTAINS plan[2])]) = 1
    THEN head([plan IN near WHERE none(longer IN near WHERE longer <> plan AND longer[2] CONTAINS plan[2])
      | plan[0]]) END,
  head([plan IN $plans WHERE s.kind IN plan[1] | plan[0]]))
