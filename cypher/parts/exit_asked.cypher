// 按达标情况筛选 — Whether a subject is requested: by its result, an unmet condition and an unknown condition.
// Needs result, judged, $results, $unmet, $unknown (predicates; null for any).
result IN $results AND ($unmet IS NULL OR any(j IN judged WHERE j[1] = false AND j[0] IN $unmet))
  AND ($unknown IS NULL OR any(j IN judged WHERE j[1] IS NULL AND j[0] IN $unknown))
